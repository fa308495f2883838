import type { SyntaxProblem } from "./ir.ts";
import type { LogicalLine } from "./scan.ts";
import type { RawNode } from "./tree.ts";

/** Node types that reach over several logical lines: statements with blocks, their clauses, decorators (with comments after). */
const containers: ReadonlySet<string> = new Set(
  "if_statement elif_clause else_clause for_statement while_statement with_statement try_statement except_clause finally_clause match_statement case_clause function_definition class_definition decorated_definition decorator".split(
    " ",
  ),
);

/**
 * The grammar takes a line end for a blank wherever no statement may end, so `x =` swallows the next line. Gives a
 * checker of top-level nodes, to be asked in order, that finds what reaches over the end of its logical line.
 */
export function lineRules(text: string, lines: readonly LogicalLine[]): (node: RawNode) => SyntaxProblem | undefined {
  let current = 0;
  const lineOf = (offset: number): LogicalLine | undefined => {
    while (current > 0 && (lines[current]?.lineStart ?? 0) > offset) current--;
    while (current + 1 < lines.length && (lines[current + 1]?.lineStart ?? 0) <= offset) current++;
    return lines[current];
  };
  const brokenOff = (line: LogicalLine): SyntaxProblem => {
    const code = text.slice(line.start, line.end);
    const message = code.endsWith("=") ? "a value is expected after '='" : "this line ends before its statement does";
    return { span: { start: line.start, end: line.end }, message };
  };
  const inLine = (node: RawNode, line: LogicalLine | undefined): SyntaxProblem | undefined =>
    line && node.end > line.end ? brokenOff(line) : undefined;
  const check = (node: RawNode): SyntaxProblem | undefined => {
    const line = lineOf(node.start);
    if (!containers.has(node.type)) return inLine(node, line);
    for (const child of node.children) {
      if (!child.named) continue;
      const found =
        child.type === "block" ? block(child, line) : containers.has(child.type) ? check(child) : inLine(child, line);
      if (found) return found;
    }
    return undefined;
  };
  const block = (node: RawNode, header: LogicalLine | undefined): SyntaxProblem | undefined => {
    const first = node.children.find((child) => child.named);
    if (!first) return undefined;
    if (header && first.start > header.end && text.charAt(header.end - 1) !== ":") return brokenOff(header);
    for (const child of node.children) {
      const found = child.named ? check(child) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  return check;
}
