import { report } from "../../diagnostics/catalogue.ts";
import type { Span } from "../../foundation/span.ts";
import { type CellOutcome, cellOutcome } from "./cell-outcome.ts";
import { readMagicCall } from "./get-ipython.ts";
import { assignedBinding, lineOutcome } from "./line-outcome.ts";
import { linesOf } from "./lines.ts";
import { pythonString } from "./policy.ts";
import { scanLogicalLine } from "./scan.ts";
import { shellOutcome } from "./shell.ts";
import { applyLine, asksFor, deepest, help, joined, nestedStatement, type Site, type Walk } from "./walk.ts";

/** A statement of Python: copied, unless it asks for help, assigns from IPython or calls get_ipython(). */
export function statement(walk: Walk, site: Site, lead: number): number {
  const { body } = site;
  const { text } = body;
  const scan = scanLogicalLine(text, lead);
  if (scan.escape !== undefined) {
    assignment(walk, { ...site, end: scan.end }, lead, scan.escape);
    return scan.end;
  }
  const whole = text.slice(lead, scan.end);
  const span = body.span(site.start, scan.end);
  if (scan.asksHelp && asksFor(whole.trimEnd())) {
    applyLine(walk, { ...site, end: scan.end }, "?", whole.trim(), help, span);
    return scan.end;
  }
  if (
    /get_ipython|^\w+\s*\.\s*(?:run_\w+|magic|system|\w+_magic)\s*\(/.test(whole) &&
    magicCall(walk, { ...site, end: scan.end }, whole, span)
  )
    return scan.end;
  const bare = site.indent === "" ? /^((?:pip3?|conda|mamba)[ \t]+install)[ \t]+[^=\s(].*$/.exec(whole) : undefined;
  if (bare) {
    const command = whole.trim();
    walk.findings.push({ span, report: (place) => report("CW1046", place, { command: command.slice(0, 60) }) });
    const [name = "", ...words] = command.split(/\s+/);
    const outcome = lineOutcome(name === "pip3" ? "pip" : name, words.join(" "), false);
    applyLine(
      walk,
      { ...site, end: scan.end },
      `%${name}`,
      words.join(" "),
      { policy: outcome.policy, why: outcome.why },
      span,
    );
    return scan.end;
  }
  body.copy(walk.out, lead, scan.end);
  return scan.end;
}

/** `x = !cmd` and `x = %magic`: the name keeps a value that nobody knows. */
function assignment(walk: Walk, site: Site, lead: number, escapeAt: number): void {
  const { body, end } = site;
  const command = joined(body.text.slice(escapeAt, end));
  const span = body.span(escapeAt, end);
  const target = body.text.slice(lead, body.text.lastIndexOf("=", escapeAt)).trim();
  const shell = command.startsWith("!");
  const found = /^%(\S+)[ \t]*(.*)$/s.exec(command);
  const name = shell ? "!" : `%${found?.[1] ?? ""}`;
  const rest = shell ? command.replace(/^!{1,2}/, "").trim() : (found?.[2] ?? "");
  body.copy(walk.out, lead, escapeAt);
  const call = shell ? `get_ipython().getoutput(${pythonString(rest)})` : assignedBinding(found?.[1] ?? "", rest);
  walk.out.put(call, span);
  walk.magics.push({ name, rest, span, policy: { kind: "opaque" }, why: "its value exists in the live notebook only" });
  walk.findings.push({
    span,
    report: (place) =>
      report("CW1044", place, { target: target.slice(0, 60), name: shell ? `!${firstWord(rest)}` : name }),
  });
}

function firstWord(text: string): string {
  return /^\S*/.exec(text)?.[0] ?? "";
}

/** `get_ipython().run_line_magic("…", "…")` as a statement; false when it is something else. */
function magicCall(walk: Walk, site: Site, whole: string, span: Span): boolean {
  const assigned = /^([A-Za-z_]\w*)\s*=\s*(get_ipython\(\)\s*\.\s*\w+\s*\([\s\S]*)$/.exec(whole);
  const call = readMagicCall((assigned?.[2] ?? whole).trimEnd(), walk.facts.shells);
  if (call === undefined) return false;
  const label =
    call === "computed"
      ? "get_ipython()"
      : call.name === "!"
        ? "!"
        : `${call.method === "cell" ? "%%" : "%"}${call.name}`;
  if (assigned) {
    const target = assigned[1] ?? "";
    site.body.copy(walk.out, site.start, site.end);
    walk.magics.push({
      name: label,
      rest: whole,
      span,
      policy: { kind: "opaque" },
      why: "its value exists in the live notebook only",
    });
    walk.findings.push({ span, report: (place) => report("CW1044", place, { target, name: "get_ipython()" }) });
    return true;
  }
  if (call === "computed") {
    const why = "its text is only known when the line runs";
    const fix = "write the magic itself, or what it does in Python";
    applyLine(
      walk,
      site,
      label,
      whole,
      { policy: { kind: "opaque" }, why, report: (place) => report("CW1041", place, { name: label, why, fix }) },
      span,
    );
    return true;
  }
  if (call.method === "cell") {
    const outcome = cellOutcome(call.name, call.rest);
    const nested = site.indent !== "" && outcome.policy.kind === "unwrap";
    const why = "a cell magic inside a block cannot be unwrapped";
    const placed: CellOutcome = nested
      ? {
          policy: { kind: "opaque" },
          why,
          report: (place) => report("CW1041", place, { name: label, why, fix: "write its body as Python" }),
        }
      : outcome;
    if (placed.policy.kind === "unwrap" && site.depth < deepest) {
      walk.magics.push({ name: label, rest: call.rest, span, policy: placed.policy, why: placed.why });
      const setup = placed.setup === undefined || placed.setup === "" ? "" : `${placed.setup}\n`;
      walk.resolve(linesOf(setup + call.body.replace(/\n$/, ""), span.start, span), "", site.depth + 1);
      if (placed.python && placed.python.length > 0) walk.out.put(`\n${placed.python.join("\n")}`, span);
      if (placed.report) walk.findings.push({ span, report: placed.report });
    } else applyLine(walk, site, label, call.rest, placed, span);
    return true;
  }
  const outcome =
    call.method === "system" ? shellOutcome(call.rest) : lineOutcome(call.name, call.rest, site.indent !== "");
  if (outcome.policy.kind === "unwrap") {
    walk.magics.push({ name: label, rest: call.rest, span, policy: outcome.policy, why: outcome.why });
    nestedStatement(walk, site, linesOf(call.rest.slice(outcome.optionLength ?? 0), span.start, span));
  } else applyLine(walk, site, label, call.rest, outcome, span);
  return true;
}
