import { UsageProblem } from "./usage-problem.ts";

/** Reads a value that must be one of `known`; says the nearest one where it is not. */
export function oneOf<T extends string>(flag: string, known: readonly T[]): (value: string) => T {
  return (value) => {
    const found = known.find((one) => one === value);
    if (found === undefined) throw badValue(flag, value, known.map((one) => `\`${one}\``).join(", "), known);
    return found;
  };
}

/** Reads a whole number from 0 up. */
export function wholeNumber(flag: string): (value: string) => number {
  return (value) => {
    if (!/^\d{1,9}$/.test(value)) throw badValue(flag, value, "a whole number from 0 up", []);
    return Number(value);
  };
}

/** Reads a whole number from 1 up. */
export function count(flag: string): (value: string) => number {
  return (value) => {
    if (!/^[1-9]\d{0,2}$/.test(value)) throw badValue(flag, value, "a whole number from 1 to 999", []);
    return Number(value);
  };
}

/** Reads a share such as `2/5`: the second of five. */
export function share(flag: string): (value: string) => { readonly nth: number; readonly of: number } {
  return (value) => {
    const [, nth = "", of = ""] = /^(\d{1,5})\/(\d{1,5})$/.exec(value) ?? [];
    if (Number(nth) < 1 || Number(nth) > Number(of)) throw badValue(flag, value, "a share such as `2/5`", []);
    return { nth: Number(nth), of: Number(of) };
  };
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function badValue(flag: string, value: string, expected: string, known: readonly string[]): UsageProblem {
  return new UsageProblem(async () => {
    const { usage } = await import("./usage.ts");
    return usage.badValue(flag, value, expected, known);
  });
}
