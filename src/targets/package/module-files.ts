import type { Blueprint, Helper, Parameter } from "../../blueprint/blueprint.ts";
import { type FileAction, file, finishedFile, type Rendered } from "../contract/target.ts";
import { header, pythonFile } from "../kit/python-file.ts";
import { pyString } from "../kit/python-text.ts";
import { importsOfAnnotation, placed } from "./kinds.ts";
import { runtime, servingRuntime } from "./runtime.generated.ts";
import { serves } from "./serves.ts";
import { rangeOf } from "./tables-file.ts";
import { citeText, modelSentence } from "./words.ts";

/** The modules that hold no step: parameters, helpers, entry points and the runtime. */
export function* moduleFiles(b: Blueprint): Iterable<FileAction> {
  const folder = `src/${b.package}`;
  const { notebooks } = b;
  yield file(`${folder}/__init__.py`, { notebooks, doc: modelSentence(b) }, (s) => bare(s.notebooks, s.doc));
  yield file(`${folder}/steps/__init__.py`, { notebooks }, (s) =>
    bare(s.notebooks, "The steps of the pipeline, one pure function each."),
  );
  yield file(`${folder}/py.typed`, {}, () => "");
  yield file(`${folder}/__main__.py`, { notebooks }, main);
  yield file(`${folder}/parameters.py`, { notebooks, parameters: b.parameters }, parameters);
  if (b.helpers.length > 0) yield file(`${folder}/helpers.py`, { notebooks, helpers: b.helpers }, helpers);
  for (const [name, text] of Object.entries({ ...runtime, ...(serves(b) ? servingRuntime : {}) }))
    yield finishedFile(`${folder}/${name}`, { notebooks, text }, (s) => `${header(s.notebooks).join("\n")}\n${s.text}`);
}

function bare(notebooks: readonly string[], doc: string): string {
  return `${header(notebooks).join("\n")}\n"""${doc}"""\n`;
}

function main({ notebooks }: { readonly notebooks: readonly string[] }): Rendered {
  const out = pythonFile(notebooks, "Run the pipeline from the command line.");
  out.use(
    { module: "sys", local: "sys" },
    { module: ".pipeline", name: "MODEL", local: "MODEL" },
    { module: ".runner", name: "main", local: "main" },
  );
  out.line('if __name__ == "__main__":');
  out.line("sys.exit(main(MODEL))", 1);
  return out.render();
}

function parameters({
  notebooks,
  parameters: list,
}: {
  readonly notebooks: readonly string[];
  readonly parameters: readonly Parameter[];
}): Rendered {
  const out = pythonFile(notebooks, "What a run may change; the defaults are the notebook's own values.");
  out.use({ module: "dataclasses", name: "dataclass", local: "dataclass" });
  out.line("@dataclass(frozen=True)");
  out.line("class Parameters:");
  out.docstring(["Constants that the notebook sets, by the names it gives them."], 1);
  if (list.length > 0) out.line();
  for (const p of list) {
    out.use(
      { module: "typing", name: "Annotated", local: "Annotated" },
      { module: ".values", name: "Note", local: "Note" },
      ...importsOfAnnotation(p.type, "."),
    );
    const rule = p.domain ? rangeOf(undefined, undefined, p.domain) : undefined;
    if (rule !== undefined)
      out.use({
        module: ".values",
        name: rule.startsWith("OneOf") ? "OneOf" : "Range",
        local: rule.startsWith("OneOf") ? "OneOf" : "Range",
      });
    const note =
      p.doc === undefined
        ? `Note(cite=${pyString(citeText([p.cite]))})`
        : `Note(${pyString(p.doc)}, ${pyString(citeText([p.cite]))})`;
    const isMutable = /^(?:list|dict|set)\b/.test(p.type);
    if (isMutable) out.use({ module: "dataclasses", name: "field", local: "field" });
    // Parentheses hold a default together that the notebook spreads over lines.
    const written = p.default.includes("\n") ? `(${p.default})` : p.default;
    const value = isMutable ? `field(default_factory=lambda: ${written})` : written;
    const text = `${p.name}: Annotated[${[p.type, ...(rule === undefined ? [] : [rule]), note].join(", ")}] = ${value}`;
    out.code({ text, rawLines: p.rawLines, cite: p.cite }, 1, new Set(p.rawLines));
  }
  return out.render();
}

function helpers({
  notebooks,
  helpers: list,
}: {
  readonly notebooks: readonly string[];
  readonly helpers: readonly Helper[];
}): Rendered {
  const out = pythonFile(notebooks, "Functions and classes of the notebook that steps use.");
  list.forEach((h, i) => {
    out.use(...placed(h.imports, "."));
    if (i > 0) out.line(h.kind === "constant" ? "" : "\n");
    out.code(h.code, 0, new Set(h.code.rawLines));
  });
  return out.render();
}
