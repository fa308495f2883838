import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, parseDocument, type Scalar } from "yaml";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import { decodeUtf8 } from "../foundation/host.ts";
import { lineMap } from "../foundation/lines.ts";
import { dirName } from "../foundation/paths.ts";
import type { Span } from "../foundation/span.ts";
import { yamlProblem } from "./yaml-problems.ts";
import { type ConfigFile, type EntryTree, placeOf, type Tree } from "./yaml-tree.ts";

const limits = { bytes: 256_000, depth: 60, nodes: 20_000, aliases: 200 };

interface Reading {
  readonly file: ConfigFile;
  readonly document: Document.Parsed;
  readonly diagnostics: Diagnostic[];
  nodes: number;
  aliases: number;
  tooLarge: boolean;
}

/** Bytes of a YAML file to a located tree; `path` is relative to the workspace root. No tree where the file cannot be read as YAML. */
export function readYaml(path: string, bytes: Uint8Array): Phase<Tree | undefined> {
  if (bytes.length > limits.bytes) {
    const what = `${path} has ${bytes.length} bytes`;
    return failed(report("CW0006", undefined, { what, limit: `${limits.bytes} bytes` }));
  }
  const decoded = decodeUtf8(bytes);
  if (decoded === undefined) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return failed(report("CW0002", wholeFile(path), { file: path, looks: utf16 ? "; it looks like UTF-16" : "" }));
  }
  const text = decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded;
  const file: ConfigFile = { path, folder: dirName(path), text, lines: lineMap(text) };
  const control = unprintable(text);
  if (control >= 0) {
    const code = text.charCodeAt(control).toString(16).padStart(4, "0").toUpperCase();
    const at = placeOf(file, { start: control, end: control + 1 });
    const { excerpt: _, ...place } = at;
    const problem = `the character U+${code} cannot be printed`;
    return failed(report("CW0004", place, { problem, fix: "remove the character" }));
  }
  try {
    return readText(file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const what = `${path} is nested too deeply`;
    return failed(report("CW0006", wholeFile(path), { what, limit: `${limits.depth} levels` }));
  }
}

function readText(file: ConfigFile): Phase<Tree | undefined> {
  const document = parseDocument(file.text, {
    version: "1.2",
    intAsBigInt: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  // The first problem only: what follows it is most often its echo.
  const first = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (first) {
    const at = placeOf(file, { start: first.pos[0], end: Math.max(first.pos[1], first.pos[0] + 1) });
    const mark = /^<{7}(?: .*)?$/m.exec(file.text);
    if (mark) {
      const place = placeOf(file, { start: mark.index, end: mark.index + mark[0].length });
      return failed(report("CW0004", place, { problem: "a merge conflict begins here", fix: "resolve the conflict" }));
    }
    if (first.code === "TAB_AS_INDENT") return failed(report("CW0007", at, {}));
    if (first.code === "RESOURCE_EXHAUSTION") return tooDeep(file);
    return failed(report("CW0004", at, yamlProblem(first.code, first.message)));
  }
  const { version, explicit } = document.directives.yaml;
  if (explicit && version !== "1.2") {
    const problem = `the directive %YAML ${version} asks for other rules than those of YAML 1.2`;
    return failed(report("CW0004", wholeFile(file.path), { problem, fix: "remove the %YAML line" }));
  }
  const { contents } = document;
  const nothing = contents === null || (isScalar(contents) && contents.value === null);
  if (nothing) return failed(report("CW0003", wholeFile(file.path), { file: file.path }));
  const reading: Reading = { file, document, diagnostics: [], nodes: 0, aliases: 0, tooLarge: false };
  const tree = build(contents, reading, 0);
  if (reading.tooLarge) return tooDeep(file);
  // With a value or a key missing, the form of the rest would be judged wrongly.
  const whole = !reading.diagnostics.some((one) => one.code === "CW0004");
  return { value: whole ? tree : undefined, diagnostics: reading.diagnostics };
}

function build(node: ParsedNode | null, reading: Reading, depth: number, empty: Span = { start: 0, end: 0 }): Tree {
  const { file } = reading;
  if (++reading.nodes > limits.nodes || depth > limits.depth) reading.tooLarge = true;
  if (node === null || reading.tooLarge) return scalar(file, empty, null);
  const span = { start: node.range[0], end: node.range[1] };
  if (isAlias(node)) {
    // Each look-up walks the document, so their number has a limit of its own.
    if (++reading.aliases > limits.aliases) {
      reading.tooLarge = true;
      return scalar(file, span, null);
    }
    // A value keeps the place where it is written out, so that what is wrong with it is said once.
    const target = node.resolve(reading.document) as ParsedNode | undefined;
    if (target) return build(target, reading, depth + 1, span);
    reading.diagnostics.push(report("CW0004", placeOf(file, span), yamlProblem("BAD_ALIAS", "")));
    return scalar(file, span, null);
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => build(item as ParsedNode | null, reading, depth + 1, span));
    return { kind: "list", file, span: trimmed(file, span), items };
  }
  if (isMap(node)) {
    const entries = new Map<string, EntryTree>();
    for (const pair of node.items) {
      const key = keyOf(pair.key as ParsedNode | null, reading, span);
      if (key === undefined) continue;
      const after = { start: key.span.end, end: key.span.end + 1 };
      const value = build(pair.value as ParsedNode | null, reading, depth + 1, after);
      const before = entries.get(key.text);
      const entry = { key: key.text, keySpan: key.span, file, value };
      if (before) reading.diagnostics.push(duplicate(entry, before));
      else entries.set(key.text, entry);
    }
    return { kind: "map", file, span: trimmed(file, span), entries };
  }
  return built(node as Scalar.Parsed, file, span);
}

function built(node: Scalar.Parsed, file: ConfigFile, span: Span): Tree {
  const { value } = node;
  const plain = node.type === "PLAIN";
  if (typeof value === "bigint") {
    const inexact = value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER);
    return { kind: "scalar", file, span, value: Number(value), plain, inexact };
  }
  const known = value === null || typeof value === "boolean" || typeof value === "number";
  const inexact = typeof value === "number" && !Number.isFinite(value);
  return { kind: "scalar", file, span, value: known ? value : String(value), plain, inexact };
}

function keyOf(node: ParsedNode | null, reading: Reading, map: Span): { text: string; span: Span } | undefined {
  const { file } = reading;
  const resolved = isAlias(node) ? (node.resolve(reading.document) as ParsedNode | undefined) : node;
  const span = node ? { start: node.range[0], end: node.range[1] } : { start: map.start, end: map.start + 1 };
  if (isScalar(resolved) && typeof resolved.value === "string") return { text: resolved.value, span };
  const found = isMap(resolved)
    ? "a map"
    : isSeq(resolved)
      ? "a list"
      : isScalar(resolved) && resolved.value !== null
        ? `the ${typeof resolved.value === "boolean" ? "boolean" : "number"} ${String(resolved.value)}`
        : "empty";
  reading.diagnostics.push(report("CW0018", placeOf(file, span), { found }));
  return undefined;
}

function duplicate(entry: EntryTree, before: EntryTree): Diagnostic {
  const first = placeOf(before.file, before.keySpan);
  const related = [{ message: "first written here", place: first }];
  return report("CW0005", placeOf(entry.file, entry.keySpan), { key: entry.key, line: first.line }, { related });
}

function tooDeep(file: ConfigFile): Phase<undefined> {
  const what = `${file.path} has too many values or levels, counting what its anchors and aliases repeat`;
  const limit = `${limits.nodes} values on ${limits.depth} levels and ${limits.aliases} aliases`;
  return failed(report("CW0006", wholeFile(file.path), { what, limit }));
}

function scalar(file: ConfigFile, span: Span, value: null): Tree {
  return { kind: "scalar", file, span, value, plain: true, inexact: false };
}

/** A block's range reaches to the next token; its text ends earlier. */
function trimmed(file: ConfigFile, span: Span): Span {
  let end = span.end;
  while (end > span.start && /\s/.test(file.text[end - 1] ?? "")) end--;
  return { start: span.start, end };
}

/** Offset of the first character that YAML does not allow, or -1. */
function unprintable(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/);
}

function wholeFile(path: string): NonNullable<Diagnostic["place"]> {
  return { file: path, line: 1, column: 1, endLine: 1, endColumn: 1, fileLine: 1 };
}

function failed(diagnostic: Diagnostic): Phase<undefined> {
  return { value: undefined, diagnostics: [diagnostic] };
}
