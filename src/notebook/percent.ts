import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { filePlace } from "./bytes.ts";
import type { CellDraft } from "./draft.ts";
import { openTripleQuote } from "./triple-quotes.ts";

/** What a percent script says, before the IPython layer. A script without markers is one cell. */
export interface Percent {
  readonly drafts: readonly CellDraft[];
  readonly language: string;
  /** True when the script has cell markers or a jupytext header: magics may stand in comments. */
  readonly isNotebook: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

interface Marker {
  /** Index of its line; cells start behind it. -1 before the first marker. */
  readonly line: number;
  readonly title: string;
  readonly kind: CellDraft["kind"];
  readonly tags: readonly string[];
  readonly id?: string;
  readonly active?: string;
  readonly language?: string;
  readonly executionCount?: number;
}

const markerLine = /^#[ \t]?%%(%*)(?:[ \t]+(.*))?$/;
const exportLine = /^# In ?\[( |\d+)?\]:?[ \t]*$/;

/** Reads `# %%` cells as jupytext, VS Code and Spyder write them, and `# In[5]:` as nbconvert does. */
export function readPercent(file: string, text: string): Percent {
  const lines = text.split("\n");
  const header = readHeader(lines);
  const markers: Marker[] = [{ line: header.end - 1, title: "", kind: "code", tags: [] }];
  let quote: string | undefined;
  for (let i = header.end; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const marker = quote === undefined ? readMarker(line, i) : undefined;
    if (marker) markers.push(marker);
    else if (quote !== undefined || !/^\s*[%!#]/.test(line)) quote = openTripleQuote(line, quote);
  }
  const diagnostics: Diagnostic[] = [];
  const drafts: CellDraft[] = [];
  markers.forEach((marker, i) => {
    const end = markers[i + 1]?.line ?? lines.length;
    let from = marker.line + 1;
    while (from < end && (lines[from] ?? "").trim() === "") from++;
    const own = trimEnd(lines.slice(from, end));
    if (i === 0 && own.every((line) => line.trim() === "" || scriptLine.test(line))) return;
    drafts.push(draftOf(marker, own, from));
    const active = marker.active;
    if (active !== undefined && marker.kind === "code" && /\bipynb\b/.test(active) && !/\bpy\b/.test(active)) {
      const place = { ...filePlace(file, 1, 1), cell: drafts.length, fileLine: marker.line + 1 };
      diagnostics.push(report("CW1017", place, { active }));
    }
  });
  const isNotebook = markers.length > 1 || header.isJupytext;
  return { drafts, language: header.language, isNotebook, diagnostics };
}

/** A shebang or an encoding: it concerns the file, not the notebook. */
const scriptLine = /^#(?:!|\s*-\*-|\s*(?:vim:|coding[:=]))/;

/** The YAML header that jupytext writes between `# ---` lines. It is no cell. */
function readHeader(lines: readonly string[]): { end: number; language: string; isJupytext: boolean } {
  let start = 0;
  while (scriptLine.test(lines[start] ?? "")) start++;
  const none = { end: 0, language: "python", isJupytext: false };
  if ((lines[start] ?? "").trimEnd() !== "# ---") return none;
  const close = lines.findIndex((line, i) => i > start && line.trimEnd() === "# ---");
  if (close < 0 || !lines.slice(start, close).every((line) => line.startsWith("#"))) return none;
  const yaml = lines.slice(start + 1, close).map((line) => line.replace(/^# ?/, ""));
  const said = yaml.map((line) => /^\s*language:\s*["']?([\w+#-]+)/.exec(line)?.[1]).find((word) => word !== undefined);
  const isJupytext = yaml.some((line) => /^jupyter:|^\s*jupytext:/.test(line));
  return { end: close + 1, language: (said ?? "python").toLowerCase(), isJupytext };
}

function readMarker(line: string, index: number): Marker | undefined {
  const exported = exportLine.exec(line);
  if (exported) {
    const count = Number(exported[1]);
    return { line: index, title: "", kind: "code", tags: [], ...(count > 0 ? { executionCount: count } : {}) };
  }
  const found = markerLine.exec(line.trimEnd());
  if (!found) return undefined;
  const rest = (found[2] ?? "").trim();
  const json = rest.endsWith("}") ? rest.indexOf("{") : -1;
  const pairs = json >= 0 ? jsonMetadata(rest.slice(json)) : {};
  let head = json >= 0 && Object.keys(pairs).length > 0 ? rest.slice(0, json) : rest;
  // `key="value"` and `key=["a", "b"]` behind the title.
  head = head.replace(
    /(?:^|\s)([\w.-]+)=("(?:[^"\\]|\\.)*"|'[^']*'|\[[^\]]*\]|[\w.-]+)(?=\s|$)/g,
    (_, key: string, value: string) => {
      pairs[key] = parseValue(value);
      return "";
    },
  );
  let kind: CellDraft["kind"] = "code";
  head = head.replace(/\[(markdown|md|raw|code)\]/i, (_, word: string) => {
    kind = /^m/i.test(word) ? "markdown" : word.toLowerCase() === "raw" ? "raw" : "code";
    return "";
  });
  const { tags, id, active, language } = pairs;
  return {
    line: index,
    title: head.trim(),
    kind,
    tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === "string") : [],
    ...(typeof id === "string" && /^[\w-]{1,64}$/.test(id) ? { id } : {}),
    ...(typeof active === "string" ? { active } : {}),
    ...(typeof language === "string" ? { language } : {}),
  };
}

function jsonMetadata(text: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text) as Record<string, unknown>) };
  } catch {
    return {};
  }
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("'") ? JSON.stringify(text.slice(1, -1)) : text.replace(/'/g, '"'));
  } catch {
    return text;
  }
}

function trimEnd(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && (lines[end - 1] ?? "").trim() === "") end--;
  return lines.slice(0, end);
}

/** The cell whose lines `own` start at index `start` of the file. */
function draftOf(marker: Marker, own: readonly string[], start: number): CellDraft {
  const shared = {
    tags: marker.tags,
    ...(marker.id === undefined ? {} : { id: marker.id }),
    ...(marker.title === "" ? {} : { title: marker.title }),
    ...(marker.executionCount === undefined ? {} : { executionCount: marker.executionCount }),
  };
  if (marker.kind === "code") {
    // `# %% language="R"` is what jupytext makes of a `%%R` cell, with its body in comments.
    const foreign = marker.language !== undefined && !/^i?python3?$/i.test(marker.language);
    const lines = foreign ? [`%%${marker.language}`, ...own] : own;
    return {
      kind: "code",
      source: lines.join("\n"),
      ...shared,
      fileLine: (_, line) => (foreign ? start - 1 : start) + line,
    };
  }
  const { lines, skipped } = proseOf(own);
  return { kind: marker.kind, source: lines.join("\n"), ...shared, fileLine: (_, line) => start + skipped + line };
}

/** The text of a markdown or raw cell: comments without their `#`, or what stands in one triple-quoted string. */
function proseOf(own: readonly string[]): { readonly lines: readonly string[]; readonly skipped: number } {
  const quote = /^[rR]?("""|''')/.exec(own[0] ?? "");
  const body = own.join("\n").trimEnd();
  if (quote && body.endsWith(quote[1] ?? "") && body.length >= quote[0].length + 3) {
    const inner = body.slice(quote[0].length, -3);
    const skipped = inner.startsWith("\n") ? 1 : 0;
    return { lines: inner.slice(skipped).replace(/\n$/, "").split("\n"), skipped };
  }
  return { lines: own.map((line) => line.replace(/^# ?/, "")), skipped: 0 };
}
