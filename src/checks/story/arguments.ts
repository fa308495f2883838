import type { Box, Value } from "./values.ts";

/** What a call is given. */
export interface Arguments {
  readonly positional: readonly Box[];
  readonly named: ReadonlyMap<string, Box>;
  /** Values of all of them, and of `**` what is known. */
  readonly all: readonly Value[];
}

/** The argument at a position, or by its name. */
export function argument(
  { positional, named }: Arguments,
  position: number,
  ...names: readonly string[]
): Value | undefined {
  for (const name of names) {
    const found = named.get(name);
    if (found) return found.value;
  }
  return positional[position]?.value;
}

/** True for `name=True`; with `unless`, what it is where it is not given. */
export function isSet({ named }: Arguments, name: string, unless = false): boolean {
  const given = named.get(name)?.value;
  return given ? given.constant === true : unless;
}
