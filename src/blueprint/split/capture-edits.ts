import type { Unit } from "../../dataflow/program.ts";
import { walkStmtExprs, walkStmts } from "../../python/walk.ts";
import type { Edit } from "../edits.ts";
import type { Cut } from "./graph.ts";

/** Order of insertions at one place: what closes comes before what follows, and that before what opens. */
const order = { close: 0, behind: 1, before: 2, open: 3, instead: 4 } as const;

/** Stands for a function of the product in the text of an edit, until it has its name there. */
export function own(name: string): string {
  return `\uE000${name}\uE000`;
}

/** The edits with the names that the product's functions have beside those of the notebook. */
export function named(edits: readonly Edit[], local: (name: string) => string): readonly Edit[] {
  return edits.map((edit) => ({
    ...edit,
    text: edit.text.replaceAll(/\uE000(\w+)\uE000/g, (_all, name: string) => local(name)),
  }));
}

/** An edit, and where it stands among those at the same place. */
export interface PlacedEdit {
  readonly order: readonly number[];
  readonly edit: Edit;
}

/** Edits in the order in which they stand at one place: brackets nest, the one that was asked for first is the outermost. */
export function inOrder(edits: readonly PlacedEdit[]): readonly Edit[] {
  return edits
    .map((one, rank) => ({ ...one, rank: one.order[0] === order.close ? -rank : rank }))
    .sort((a, b) => {
      const [first = 0, second = 0] = a.order;
      const [third = 0, fourth = 0] = b.order;
      return first - third || second - fourth || a.rank - b.rank;
    })
    .map(({ edit }) => edit);
}

/** The changes of training's text that keep a value. */
export function captureEdits(units: readonly Unit[], { capture, ownKeys }: Cut, field: string): readonly PlacedEdit[] {
  const unit = units[capture.unit];
  if (!unit) return [];
  const key = keyText(ownKeys);
  const name = JSON.stringify(field);
  switch (capture.kind) {
    case "around": {
      const { call } = capture;
      const also = capture.also === undefined ? "" : `, ${capture.also}`;
      const isRename = capture.call === "keep_renames";
      if (capture.call === "keep_turns")
        return insert(
          unit,
          capture.span,
          `${own("keep_turns")}(${name}, ${JSON.stringify(field.replace(/_count(?:_\d+)?$/, ""))}, `,
          `${key})`,
        );
      return insert(
        unit,
        capture.span,
        `${own(call)}(${name}, ${isRename ? `${capture.also}, ` : ""}`,
        `${isRename ? "" : also}${key})`,
      );
    }
    case "behind":
      return [behind(unit, capture.span.start, `${own(capture.call)}(${name}, ${capture.value}${key})`)];
    case "before": {
      const at = statementAt(unit, capture.span.start);
      const text = `${own(capture.call)}(${name}, ${capture.value}${key})`;
      const written = at.isSimple ? `${text}; ` : `${text}\n${at.indent}`;
      return [{ order: [order.before], edit: { cell: unit.cell, start: at.start, end: at.start, text: written } }];
    }
    case "callee": {
      const edits = instead(unit, capture.span, `${own(capture.call)}(${name}, `, ", ");
      return key === "" ? edits : [...edits, ...lastArgument(unit, capture.span, key)];
    }
  }
}

/** The turn of the loops around, as an argument. */
export function keyText(keys: readonly string[]): string {
  const texts = keys.map((key) => (/^turn_\d+$/.test(key) ? `${own("turn")}(${JSON.stringify(key)})` : key));
  return texts.length === 0 ? "" : `, key=${texts.length === 1 ? texts[0] : `(${texts.join(", ")})`}`;
}

export function insert(
  unit: Unit,
  span: { readonly start: number; readonly end: number },
  before: string,
  after: string,
): readonly PlacedEdit[] {
  const { cell } = unit;
  const size = span.end - span.start;
  return [
    { order: [order.open, -size], edit: { cell, start: span.start, end: span.start, text: before, wraps: true } },
    {
      order: [order.close, size],
      edit: { cell, start: span.end, end: span.end, text: after, wraps: true, after: true },
    },
  ];
}

/** `f(` becomes `learn("name", f, `. */
export function instead(
  unit: Unit,
  span: { readonly start: number; readonly end: number },
  before: string,
  after: string,
): readonly PlacedEdit[] {
  const { cell } = unit;
  const open = cell.module.text.indexOf("(", span.end);
  return [
    { order: [order.instead, span.start - span.end], edit: { cell, start: span.start, end: span.start, text: before } },
    { order: [order.instead], edit: { cell, start: open, end: open + 1, text: after } },
  ];
}

/** One more argument behind the last one of the call whose function stands at a place; `text` begins with its comma. */
function lastArgument(unit: Unit, func: { readonly start: number; readonly end: number }, text: string): PlacedEdit[] {
  const { cell } = unit;
  const out: PlacedEdit[] = [];
  walkStmtExprs([unit.stmt], (one) => {
    if (one.kind !== "call" || one.func.span.start !== func.start || one.func.span.end !== func.end) return;
    const end = one.span.end - 1;
    const isOpen = /,\s*$/.test(cell.module.text.slice(func.end, end));
    const edit = { cell, start: end, end, text: isOpen ? text.slice(2) : text, after: true } as const;
    out.push({ order: [order.close, one.span.end - one.span.start], edit });
  });
  return out;
}

/** `; call` at the end of the simple statement around a place; on a line of its own behind a compound one. */
export function behind(unit: Unit, at: number, call: string): PlacedEdit {
  const { start, end, isSimple, indent } = statementAt(unit, at);
  const text = isSimple ? `; ${call}` : `\n${indent}${call}`;
  return { order: [order.behind], edit: { cell: unit.cell, start: end, end, text, after: true, owner: start } };
}

/** The innermost statement around a place. */
function statementAt(unit: Unit, at: number) {
  let { start, end } = unit.stmt.span;
  let isSimple = !("body" in unit.stmt);
  walkStmts([unit.stmt], (stmt) => {
    if (stmt.span.start <= at && at < stmt.span.end && stmt.span.end <= end) {
      ({ start, end } = stmt.span);
      isSimple = !("body" in stmt);
    }
  });
  const { text } = unit.cell.module;
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1, start))?.[0] ?? "";
  return { start, end, isSimple, indent };
}
