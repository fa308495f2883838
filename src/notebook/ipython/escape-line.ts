import { report } from "../../diagnostics/catalogue.ts";
import { lineOutcome } from "./line-outcome.ts";
import type { Outcome } from "./policy.ts";
import { scanLogicalLine } from "./scan.ts";
import { shellOutcome } from "./shell.ts";
import { applyLine, asksFor, deepest, help, joined, nestedStatement, type Site, type Walk } from "./walk.ts";

/** Length of the `# ` before a magic that jupytext wrote as a comment, else 0. */
export function commentedMagic(line: string): number {
  const found =
    /^#(?: (?=![ \t]*[A-Za-z.~$\\/{}])| ?(?=%[A-Za-z]|[A-Za-z_]\w*[ \t]*=[ \t]*(?:%[A-Za-z]|![ \t]*[A-Za-z])))/.exec(
      line,
    );
  return found?.[0].length ?? 0;
}

/** A line that starts with one of IPython's escape characters. */
export function escapeLine(walk: Walk, site: Site, lead: number): void {
  const { body, end } = site;
  const raw = body.text.slice(lead, end);
  const span = body.span(site.start, end);
  const command = joined(raw);
  const scan = scanLogicalLine(command, 0);
  if (command.startsWith("?") || (scan.asksHelp && scan.end === command.length && asksFor(command))) {
    applyLine(walk, site, "?", command, help, span);
    return;
  }
  const c = command.charAt(0);
  if (c === "!") {
    const rest = command.replace(/^!{1,2}/, "").trim();
    applyLine(walk, site, "!", rest, shellOutcome(rest), span);
    return;
  }
  if (c === "%") {
    const found = /^%(%?[^\s]*)[ \t]*(.*)$/s.exec(command);
    const name = found?.[1] ?? "";
    const rest = found?.[2] ?? "";
    const outcome = lineOutcome(name, rest, site.indent !== "");
    if (outcome.policy.kind === "unwrap") unwrapLine(walk, site, lead, name, rest, outcome);
    else applyLine(walk, site, `%${name}`, rest, outcome, span);
    return;
  }
  if (command === ";" || command === ",") {
    applyLine(walk, site, c, "", { policy: { kind: "drop" }, why: "it quotes nothing" }, span);
    return;
  }
  const why = "IPython's automatic quoting and calling is not Python";
  applyLine(
    walk,
    site,
    c,
    command.slice(1),
    {
      policy: { kind: "opaque" },
      why,
      report: (place) => report("CW1041", place, { name: c, why, fix: "write the call in Python" }),
    },
    span,
  );
}

/** `%time x = f()` keeps its statement. One that does not end on its line fails in IPython, and stays as it is. */
function unwrapLine(walk: Walk, site: Site, lead: number, name: string, rest: string, outcome: Outcome): void {
  const { body, end } = site;
  const span = body.span(site.start, end);
  const scan = scanLogicalLine(rest, 0);
  if (site.depth >= deepest || scan.open) {
    body.copy(walk.out, lead, end);
    return;
  }
  const offset = /^%\S+[ \t]*/.exec(body.text.slice(lead, end))?.[0].length ?? 0;
  const from = lead + offset + (outcome.optionLength ?? 0);
  walk.magics.push({ name: `%${name}`, rest, span, policy: outcome.policy, why: outcome.why });
  nestedStatement(walk, site, body.lines(from, end));
}
