import type { Dataflow } from "../dataflow/analyse.ts";
import { identifier, unique } from "./identifiers.ts";
import { roleOf } from "./roles.ts";
import type { Group } from "./sections.ts";

/** A step with its name. */
export interface NamedGroup extends Group {
  readonly name: string;
}

/**
 * Names the steps: what a directive says; else the words of the heading, else the role. A name that is taken gets more words
 * (of its own heading, of the heading above, the role, the first variable it makes) before it gets a number.
 */
export function nameGroups(flow: Dataflow, groups: readonly Group[]): readonly NamedGroup[] {
  const taken = new Set(groups.flatMap((g) => g.name ?? []));
  const names = new Map<Group, string>();
  const give = (group: Group): void => {
    const [plain = "part", ...more] = candidates(flow, group);
    const free = [plain, ...more].find((name) => !taken.has(name)) ?? plain;
    names.set(group, unique(free, taken));
  };
  // Words that somebody wrote come before words that we choose.
  for (const group of groups) if (group.name === undefined && isWritten(group)) give(group);
  for (const group of groups) if (group.name === undefined && !isWritten(group)) give(group);
  return groups.map((group) => ({ ...group, name: group.name ?? names.get(group) ?? "part" }));
}

/** True where the heading has words that an identifier can hold. */
function isWritten({ under }: Group): boolean {
  return under !== undefined && identifier(unnumbered(under.text), "") !== "";
}

function candidates(flow: Dataflow, group: Group): readonly string[] {
  const first = flow.program.units[group.units[0] ?? -1];
  const role = group.role ?? (first ? roleOf(flow, first) : "prepare");
  const made = group.units.flatMap((unit) => [...(flow.facts[unit]?.trace.writes ?? [])]);
  const variable = made.find((name) => /^[A-Za-z]/.test(name)) ?? "";
  if (!isWritten(group)) return [role, identifier(`${role} ${variable}`, role)];
  const own = unnumbered(group.under?.text ?? "");
  const { parent } = group.under ?? {};
  return [
    identifier(own, "part"),
    identifier(own, "part", 8, 60),
    ...(parent === undefined ? [] : [identifier(`${unnumbered(parent)} ${own}`, "part", 8, 60)]),
    // That it prepares says nothing.
    ...(role === "prepare" ? [] : [identifier(`${own} ${role}`, "part", 9, 70)]),
    identifier(`${own} ${variable}`, "part", 9, 70),
  ];
}

/** A heading without its number: `2.1 Data`, `3) Data`, `IV. Data`. */
function unnumbered(text: string): string {
  return text
    .replace(/^\s*(?:\d{1,3}(?:\.\d+)*[.):]?|[ivxlIVXLA-Z]{1,5}[.)])\s+(?=\S)/, "")
    .replace(/^\s*\d+\.(?=[A-Za-z])/, "");
}
