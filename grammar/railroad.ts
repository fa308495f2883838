import {
  Alternation,
  type IProduction,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
} from "chevrotain";
import { tokenText } from "./ebnf.ts";
import { alternatives } from "./gast.ts";

/** A drawn part: its line enters at the left and leaves at the right, both at height `up` from its top. */
interface Box {
  readonly width: number;
  readonly up: number;
  readonly down: number;
  draw(x: number, y: number): string;
}

const GAP = 10;
const HALF = 11;
const escapeHtml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const line = (x1: number, y1: number, x2: number, y2: number): string =>
  x1 === x2 && y1 === y2 ? "" : `<path d="M${x1} ${y1}L${x2} ${y2}"/>`;
/** A line from one height to another, across one gap. */
const bend = (x: number, y1: number, y2: number): string =>
  y1 === y2 ? line(x, y1, x + GAP, y2) : `<path d="M${x} ${y1}C${x + GAP} ${y1} ${x} ${y2} ${x + GAP} ${y2}"/>`;

const nothing: Box = { width: 0, up: 0, down: 0, draw: () => "" };

function label(text: string, kind: "word" | "token" | "rule"): Box {
  const width = text.length * 8 + 16;
  return {
    width,
    up: HALF,
    down: HALF,
    draw(x, y) {
      const shape = `<rect class="${kind}" x="${x}" y="${y - HALF}" width="${width}" height="${HALF * 2}" rx="${kind === "rule" ? 0 : HALF}"/>`;
      const words = `<text x="${x + width / 2}" y="${y + 4}">${escapeHtml(text)}</text>`;
      return kind === "rule" ? `<a href="#${text}">${shape}${words}</a>` : shape + words;
    },
  };
}

function row(parts: readonly Box[]): Box {
  const shown = parts.filter((p) => p !== nothing);
  if (shown.length === 0) return nothing;
  return {
    width: shown.reduce((sum, p) => sum + p.width, 0) + GAP * (shown.length - 1),
    up: Math.max(...shown.map((p) => p.up)),
    down: Math.max(...shown.map((p) => p.down)),
    draw(x, y) {
      let at = x;
      return shown
        .map((part, i) => {
          const join = i === 0 ? "" : line(at, y, at + GAP, y);
          if (i > 0) at += GAP;
          const drawn = join + part.draw(at, y);
          at += part.width;
          return drawn;
        })
        .join("");
    },
  };
}

/** Parts one above the other, the first on the line itself. */
function stack(parts: readonly Box[]): Box {
  const inner = Math.max(...parts.map((p) => p.width));
  const heights: number[] = [];
  let y = 0;
  parts.forEach((part, i) => {
    if (i > 0) y += (parts[i - 1]?.down ?? 0) + GAP + part.up;
    heights.push(y);
  });
  return {
    width: inner + GAP * 2,
    up: parts[0]?.up ?? 0,
    down: y + (parts[parts.length - 1]?.down ?? 0),
    draw: (x, top) =>
      parts
        .map((part, i) => {
          const at = top + (heights[i] ?? 0);
          const after = x + GAP + part.width;
          return (
            bend(x, top, at) +
            part.draw(x + GAP, at) +
            line(after, at, x + GAP + inner, at) +
            bend(x + GAP + inner, at, top)
          );
        })
        .join(""),
  };
}

/** `part` once or more; `between` is drawn on the way back. */
function loop(part: Box, between: Box): Box {
  const inner = Math.max(part.width, between.width);
  const drop = part.down + GAP + between.up;
  return {
    width: inner + GAP * 2,
    up: part.up,
    down: drop + between.down + 2,
    draw(x, y) {
      const left = x + GAP;
      const right = left + inner;
      const back = y + drop;
      const way = `<path d="M${right} ${y}C${right + GAP} ${y} ${right + GAP} ${back} ${right} ${back}"/><path d="M${left} ${back}C${x} ${back} ${x} ${y} ${left} ${y}"/>`;
      const edges = line(x, y, left, y) + line(left + part.width, y, right + GAP, y);
      return (
        edges + part.draw(left, y) + way + between.draw(left, back) + line(left + between.width, back, right, back)
      );
    },
  };
}

const sequence = (parts: readonly IProduction[]): Box => row(parts.map(box));

function token(text: string): Box {
  return text.startsWith("'") ? label(text.slice(1, -1), "word") : label(text, "token");
}

function box(p: IProduction): Box {
  if (p instanceof Terminal) return token(tokenText(p.terminalType));
  if (p instanceof NonTerminal) return label(p.nonTerminalName, "rule");
  if (p instanceof Option) return stack([nothing, sequence(p.definition)]);
  if (p instanceof Repetition) return stack([nothing, loop(sequence(p.definition), nothing)]);
  if (p instanceof RepetitionMandatory) return loop(sequence(p.definition), nothing);
  if (p instanceof RepetitionMandatoryWithSeparator) return loop(sequence(p.definition), token(tokenText(p.separator)));
  if (p instanceof RepetitionWithSeparator)
    return stack([nothing, loop(sequence(p.definition), token(tokenText(p.separator)))]);
  if (p instanceof Alternation) return stack(alternatives(p).map(sequence));
  return nothing;
}

function diagram(rule: Rule): string {
  const body = sequence(rule.definition);
  const width = body.width + GAP * 4;
  const y = body.up + GAP;
  const height = y + body.down + GAP;
  const rails = line(0, y, GAP * 2, y) + body.draw(GAP * 2, y) + line(GAP * 2 + body.width, y, width, y);
  const ends = `<circle cx="3" cy="${y}" r="3"/><circle cx="${width - 3}" cy="${y}" r="3"/>`;
  return `<h2 id="${rule.name}">${rule.name}</h2>\n<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${rule.name}">${rails}${ends}</svg>`;
}

/** A page with one railroad diagram for each rule. It loads nothing: plain HTML with SVG. */
export function railroadPage(rules: readonly Rule[]): string {
  return `<!doctype html>
<!-- Generated by scripts/generate-grammar.ts from parser.ts. Do not edit. -->
<html lang="en">
<head>
<meta charset="utf-8">
<title>The annotation language of Crosswalk</title>
<style>
body { font-family: system-ui, sans-serif; margin: 2rem; color: #1b1b1f; background: #fff; }
h2 { font: 600 1rem ui-monospace, monospace; margin: 1.6rem 0 .3rem; }
svg { display: block; max-width: none; }
path { fill: none; stroke: #5b6472; stroke-width: 1.5; }
circle { fill: #5b6472; }
rect { stroke: #5b6472; stroke-width: 1; }
.word { fill: #dfeedd; } .token { fill: #f6ecd3; } .rule { fill: #dfe8f7; }
text { font: 13px ui-monospace, monospace; text-anchor: middle; fill: #1b1b1f; }
a:hover rect { fill: #c6d7f2; }
</style>
</head>
<body>
<h1>The annotation language of Crosswalk</h1>
<p>Green: a word or sign. Sand: a token. Blue: another rule; click it. In a block a rule begins only after <code>{</code>, a line end, <code>,</code> or <code>;</code>. Outside brackets an expression ends before a text that follows a value: that text is the reason.</p>
${rules.map(diagram).join("\n")}
</body>
</html>
`;
}
