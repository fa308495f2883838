import type { Place } from "../diagnostic.ts";
import type { Paint, Style } from "./paint.ts";
import { columns, visible } from "./visible.ts";

const tab = "    ";
const ellipsis = "…";

interface Sign {
  readonly text: string;
  readonly columns: number;
  /** Offset of the sign in its line. */
  readonly at: number;
}

/** The code frame of a place: numbered source lines, each with carets below, cut to `width`. Empty without an excerpt. */
export function codeFrame(place: Place, width: number, paint: Paint, style: Style): readonly string[] {
  const excerpt = place.excerpt ?? [];
  if (excerpt.length === 0) return [];
  const gutter = String(place.line + excerpt.length - 1).length;
  const room = Math.max(20, Math.min(width, 120) - gutter - 5);
  const bar = (number: string): string => paint("dim", ` ${number.padStart(gutter)} |`);
  const lines = [bar("")];
  excerpt.forEach((source, i) => {
    const line = place.line + i;
    const start = i === 0 ? place.column - 1 : firstInk(source);
    const end = line < place.endLine ? source.trimEnd().length : place.endColumn - 1;
    const { text, carets } = cut(signs(source), start, Math.max(end, start + 1), room);
    lines.push(text === "" ? bar(String(line)) : `${bar(String(line))} ${text}`);
    lines.push(`${bar("")} ${paint(style, carets)}`);
  });
  if (place.endLine > place.line + excerpt.length - 1) lines.push(`${bar("")} ${paint("dim", ellipsis)}`);
  return lines;
}

function firstInk(source: string): number {
  return source.length - source.trimStart().length;
}

function signs(source: string): readonly Sign[] {
  const out: Sign[] = [];
  let at = 0;
  for (const sign of visible(source)) {
    out.push(sign === "\t" ? { text: tab, columns: tab.length, at } : { text: sign, columns: columns(sign), at });
    at += sign.length;
  }
  return out;
}

/** Cuts a line so that the marked part is in view, and draws the carets under what remains of it. */
function cut(line: readonly Sign[], start: number, end: number, room: number): { text: string; carets: string } {
  const total = sum(line);
  let from = 0;
  if (total > room) {
    const before = sum(line.filter((sign) => sign.at < start));
    const skip = before > (room * 2) / 3 ? before - Math.floor(room / 3) : 0;
    for (let passed = 0; from < line.length && passed < skip; from++) passed += line[from]?.columns ?? 0;
  }
  const head = from > 0 ? ellipsis : "";
  let to = from;
  for (let used = head.length + 1; to < line.length; to++) {
    used += line[to]?.columns ?? 0;
    if (used > room) break;
  }
  const shown = line.slice(from, to);
  const tail = to < line.length ? ellipsis : "";
  const indent = head.length + sum(shown.filter((sign) => sign.at < start));
  const marked = Math.max(1, sum(shown.filter((sign) => sign.at >= start && sign.at < end)));
  return {
    text: (head + shown.map((sign) => sign.text).join("") + tail).trimEnd(),
    carets: " ".repeat(indent) + "^".repeat(marked),
  };
}

function sum(line: readonly Sign[]): number {
  return line.reduce((total, sign) => total + sign.columns, 0);
}
