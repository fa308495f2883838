import type { Span } from "../foundation/span.ts";
import type { Arguments } from "./arguments.ts";
import { fresh, type Machine } from "./machine.ts";
import { rowsAfter } from "./rows.ts";
import type { Value } from "./value.ts";

/** Functions that give features and labels of the same rows. */
export const dataSet = /\.(?:datasets|samples_generator)\.(?:load|make|fetch)_\w+$/;

/** True where an option is given and not switched off. */
export function isAsked(args: Arguments, option: string): boolean {
  const given = args.named.get(option);
  return given !== undefined && given.constant !== false;
}

/** `load_iris(return_X_y=True)`: the data and the target apart, with the same rows. */
export function dataAndTarget(m: Machine, args: Arguments, callee: string, tags: number, span: Span): Value {
  const asked = args.named.get("as_frame");
  // OpenML decides by itself when it is not asked.
  const frame = asked ? asked.constant : callee.endsWith("fetch_openml") ? "auto" : false;
  const types = frame === true ? ["DataFrame", "Series"] : frame === false ? ["ndarray", "ndarray"] : ["unknown"];
  const rows = rowsAfter(m, span);
  const items = [0, 1].map((at): Value => {
    const type = types[at] ?? "unknown";
    return { type, objs: new Set([fresh(m, { start: span.start, end: span.end - at }, type).id]), tags, rows };
  });
  return { type: "tuple", objs: new Set([fresh(m, span, "tuple", items).id]), tags, items };
}
