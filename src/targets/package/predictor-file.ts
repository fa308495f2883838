import type { Blueprint, Serving, StateField } from "../../blueprint/blueprint.ts";
import { type FileAction, file, type Rendered } from "../contract/target.ts";
import { pythonFile } from "../kit/python-file.ts";
import { pyString, pyTuple } from "../kit/python-text.ts";
import { placed } from "./kinds.ts";
import { citeText } from "./words.ts";

/** Functions of the product's module `lookback`. */
const lookbackNames: ReadonlySet<string> = new Set(
  "all_rows kept_rows complete_rows distinct_rows sorted_rows seen_rows for_each asked_rows nearby_rows".split(" "),
);

/** predictor.py: what training keeps, and the answer for each raw row. */
export function predictorFile(b: Blueprint, serving: Serving): FileAction {
  return file(`src/${b.package}/predictor.py`, { notebooks: b.notebooks, serving }, render);
}

function render({
  notebooks,
  serving,
}: {
  readonly notebooks: readonly string[];
  readonly serving: Serving;
}): Rendered {
  const out = pythonFile(notebooks, "The answer for each raw row: what the notebook computes for rows held out.");
  out.use(
    { module: "dataclasses", name: "dataclass", local: "dataclass" },
    { module: "pandas", local: "pd" },
    { module: ".serving", name: "Answer", local: "Answer" },
    { module: ".serving", name: "Serving", local: "Serving" },
  );
  out.line("@dataclass(frozen=True)");
  out.line("class FitState:");
  out.docstring(["What training keeps for serving."], 1);
  if (serving.fields.length > 0) out.line();
  for (const field of serving.fields) {
    out.use(...placed(field.imports, "."));
    out.line(`${field.name}: ${field.annotation}`, 1, field.cite);
  }
  for (const answer of serving.answers) {
    out.use(...placed(answer.imports, "."));
    for (const name of answer.own)
      out.use({ module: lookbackNames.has(name) ? ".lookback" : ".learned", name, local: name });
    for (const name of answer.helpers) out.use({ module: ".helpers", name, local: name });
    out.line("\n");
    out.line(`def ${answer.name}(frame: pd.DataFrame, state: FitState) -> dict[str, object]:`, 0, answer.cite);
    const from = answer.cite ? ` (${citeText([answer.cite])})` : "";
    out.docstring([`Give ${answer.values.join(", ")} for each row of \`frame\`, which may be changed${from}.`], 1);
    for (const line of answer.lines) out.line(line.text, 1, line.cite);
  }
  out.line("\n");
  const answers = serving.answers.map(({ name, values, cite, looksBack }) =>
    [
      `Answer(name=${pyString(name)}, function=${name}, values=${pyTuple(values.map(pyString))}`,
      cite ? `, cite=${pyString(citeText([cite]))}` : "",
      looksBack === "batch" ? ", whole_batch=True" : looksBack === "history" ? ", looks_back=True" : "",
      ")",
    ].join(""),
  );
  const reads = serving.reads.map(({ name, text }) => `${pyString(name)}: ${text}`);
  if (serving.fields.length > 0) out.use({ module: ".serving", name: "Field", local: "Field" });
  const members = [
    `dataset=${pyString(serving.dataset)}`,
    "state=FitState",
    `answers=${pyTuple(answers)}`,
    ...(serving.fields.length > 0 ? [`fields=${pyTuple(serving.fields.map(fieldText))}`] : []),
    ...(serving.history ? [`history=${pyTuple(serving.history.map(pyString))}`] : []),
    ...(serving.lookedAt ? [`looked_at=${pyTuple(serving.lookedAt.map(pyString))}`] : []),
    ...(reads.length > 0 ? [`reads={${reads.join(", ")}}`] : []),
  ];
  out.line(`SERVING = Serving(${members.join(", ")})`);
  return out.render();
}

function fieldText({ name, cite, keyed, within }: StateField): string {
  return `Field(${[pyString(name), ...(cite ? [`cite=${pyString(citeText([cite]))}`] : []), ...(keyed ? ["keyed=True"] : []), ...(within.length > 0 ? [`within=${pyTuple(within.map(pyString))}`] : [])].join(", ")})`;
}
