import type { ParsedCell } from "../../annotation/attached.ts";
import { identifier } from "../../blueprint/identifiers.ts";
import { literalType } from "../../blueprint/lift.ts";
import type { Notebook } from "../../notebook/notebook.ts";
import type { Proposal } from "../session-contract.ts";

/** What the marks of other tools mean here: nbdev's `#| export`, papermill's and Kale's cell tags, Colab's `#@param`. */
export function peerProposals(notebook: Notebook, cells: readonly ParsedCell[]): readonly Proposal[] {
  return cells.flatMap(({ cell, module }) => {
    if (cell.kind !== "code") return [];
    const out: Proposal[] = [];
    const add = (line: number, directive: string, reason: string): void => {
      out.push({ notebook: notebook.path, cell: cell.index, line, directive, reason });
    };
    const first = module.body[0] ? cell.pythonPlace(module.body[0].span).line : 1;
    for (const tag of cell.tags) {
      const step = /^(?:step|block):(.+)$/.exec(tag)?.[1];
      if (step !== undefined) add(first, `# cw: step ${identifier(step, "part")}`, `Kale's tag \`${tag}\``);
      else if (tag === "skip") add(first, '# cw: skip "exploration"', "Kale's tag `skip`");
      else if (tag === "parameters" || tag === "pipeline-parameters")
        for (const one of literals({ cell, module }))
          add(one.line, paramDirective(one.name, one.type), `the cell's tag \`${tag}\``);
      else if (tag === "pipeline-metrics")
        for (const name of printed({ cell, module }))
          add(first, `# cw: metric ${name}`, "Kale's tag `pipeline-metrics`");
    }
    for (const { span, text, ownLine } of module.comments) {
      const mark = /^#\s*\|\s*(exports?|exporti|hide|eval:\s*false)\b/.exec(text)?.[1];
      const { line } = cell.pythonPlace(span);
      if (mark?.startsWith("export"))
        add(first, '# cw: keep "exported by nbdev"', `nbdev's \`#| ${mark}\` at line ${line}`);
      else if (mark?.startsWith("eval"))
        add(first, '# cw: skip "not run by nbdev"', `nbdev's \`#| ${mark}\` at line ${line}`);
      if (ownLine || !/^#\s*@param\b/.test(text)) continue;
      const one = literals({ cell, module }).find((literal) => literal.line === line);
      if (one) add(line, paramDirective(one.name, one.type), "Colab's `#@param`");
    }
    return out;
  });
}

/** A `param` directive; the type is left out where the annotation language has no word for it. */
export function paramDirective(name: string, type: string | undefined): string {
  const known = type !== undefined && /^(?:(?:int|float|str|bool)|list\[(?:int|float|str|bool)\])$/.test(type);
  return `# cw: param ${name}${known ? `: ${type}` : ""}`;
}

/** Names that a cell binds to one literal. */
function literals({ cell, module }: ParsedCell): readonly { name: string; type: string; line: number }[] {
  return module.body.flatMap((stmt) => {
    const target = stmt.kind === "assign" && stmt.targets.length === 1 ? stmt.targets[0] : undefined;
    if (stmt.kind !== "assign" || target?.kind !== "name") return [];
    const type = literalType(stmt.value);
    return type === undefined ? [] : [{ name: target.id, type, line: cell.pythonPlace(stmt.span).line }];
  });
}

/** Names that a cell prints, as Kale wants its metrics. */
function printed({ module }: ParsedCell): readonly string[] {
  return module.body.flatMap((stmt) => {
    if (stmt.kind !== "expr" || stmt.value.kind !== "call") return [];
    const { func, args } = stmt.value;
    if (func.kind !== "name" || func.id !== "print") return [];
    return args.flatMap((arg) => (arg.kind === "name" ? [arg.id] : []));
  });
}
