import type { Notebook } from "../notebook/notebook.ts";

/** A heading of a notebook. */
export interface Heading {
  /** 1 to 6; 7 for the title of a code cell. */
  readonly level: number;
  /** Its words, without the marks of Markdown. */
  readonly text: string;
  /** Index of the first cell that it can stand above. */
  readonly cell: number;
}

/**
 * The headings of a notebook down to the fourth level, in order: ATX (`## Text`), Setext (underlined) and HTML, as CommonMark reads
 * them. What stands in a fence, in indented code or in an HTML comment is none. Where no Markdown cell has one, the titles of code
 * cells (`# %% Load data`) are the headings.
 */
export function headingsOf(notebook: Notebook): readonly Heading[] {
  const written = notebook.cells.flatMap((cell) =>
    cell.kind === "markdown" ? headingsIn(cell.source).map((heading) => ({ ...heading, cell: cell.index })) : [],
  );
  if (written.length > 0) return written.filter((heading) => heading.level <= 4);
  return notebook.cells.flatMap((cell) => {
    const text = cell.kind === "code" ? plain(cell.title ?? "") : "";
    return text === "" ? [] : [{ level: 7, text, cell: cell.index }];
  });
}

/** Quotes, tables, lists and rules: what stands below them underlines nothing. */
const noText = /^ {0,3}(?:[>|]|[-*+] |\d+[.)] |([-*_])[ \t]*(?:\1[ \t]*){2,}$)/;

/** The headings of a Markdown text, in order. */
export function headingsIn(source: string): readonly { readonly level: number; readonly text: string }[] {
  const out: { level: number; text: string }[] = [];
  let fence: string | undefined;
  let paragraph: string[] = [];
  for (const line of withoutComments(source).split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence !== undefined) {
      const run = mark?.[1] ?? "";
      if (run.startsWith(fence) && (mark?.[2] ?? "").trim() === "") fence = undefined;
      continue;
    }
    // The info string of a fence of backticks holds none; else it is code inside of a line.
    if (mark && !(mark[1]?.startsWith("`") && mark[2]?.includes("`"))) {
      fence = mark[1];
      paragraph = [];
      continue;
    }
    const atx = /^ {0,3}(#{1,6})[ \t]+(.*)$/.exec(line);
    const html = /^ {0,3}<h([1-6])\b[^>]*>(.*?)<\/h\1>/i.exec(line);
    const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line);
    const found = atx
      ? { level: atx[1]?.length ?? 1, text: plain((atx[2] ?? "").replace(/[ \t]+#+[ \t]*$/, "")) }
      : html
        ? { level: Number(html[1]), text: plain(html[2] ?? "") }
        : underline && paragraph.length > 0
          ? { level: line.includes("=") ? 1 : 2, text: plain(paragraph.join(" ")) }
          : undefined;
    if (found && found.text !== "") out.push(found);
    const isText =
      !found && line.trim() !== "" && !noText.test(line) && (paragraph.length > 0 || !/^(?: {4}|\t)/.test(line));
    paragraph = isText ? [...paragraph, line] : [];
  }
  return out;
}

/** Comments as blank space, so that lines stay lines. */
function withoutComments(source: string): string {
  return source.includes("<!--")
    ? source.replace(/<!--[\s\S]*?(?:-->|$)/g, (text) => text.replace(/[^\n]+/g, ""))
    : source;
}

/** The words of a line of Markdown: of links their text, no tags, no marks. */
function plain(line: string): string {
  return line
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, "$1")
    .replace(/<\/?[A-Za-z][^>]*>/g, "")
    .replace(/&(?:amp|nbsp|lt|gt|quot|#\d+);/g, " ")
    .replace(/[*`~#]+|(?<!\w)_+|_+(?!\w)/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
