import type { Diagnostic } from "../diagnostic.ts";
import type { Format, FormatContext } from "./context.ts";
import { entryOf, firstSentence } from "./entry.ts";
import { codeFrame } from "./frame.ts";
import { headline, location } from "./location.ts";
import { painter, severityStyle } from "./paint.ts";
import { visible } from "./visible.ts";

/** For people: headline, place, code frame, related places, why, fix, and where to read on. */
export const pretty: Format = (diagnostics, context) =>
  diagnostics.map((diagnostic) => `${block(diagnostic, context).join("\n")}\n`).join("\n");

function block(diagnostic: Diagnostic, context: FormatContext): readonly string[] {
  const paint = painter(context.color);
  const style = severityStyle[diagnostic.severity];
  const { place } = diagnostic;
  const entry = entryOf(diagnostic.code);
  const lines = [`${paint(["bold", style], headline(diagnostic))} ${paint("bold", visible(diagnostic.message))}`];
  if (place) {
    const id = place.cellId === undefined ? "" : paint("dim", ` (id ${visible(place.cellId)})`);
    lines.push(`  ${paint("cyan", location(place, context))}${id}`, ...codeFrame(place, context.width, paint, style));
  }
  for (const { message, place: other } of diagnostic.related) {
    lines.push(`  ${visible(message)}: ${paint("cyan", location(other, context))}`);
    lines.push(...codeFrame(other, context.width, paint, "blue"));
  }
  if (entry) lines.push(`  ${paint("dim", "why:")} ${firstSentence(entry.cause)}`);
  lines.push(`  ${paint("green", "fix:")} ${visible(diagnostic.fix)}`);
  if (entry) lines.push(`  ${paint("dim", "see:")} crosswalk explain ${diagnostic.code}`);
  return lines;
}
