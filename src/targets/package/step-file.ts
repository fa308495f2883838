import type { Blueprint, Import, Step, StepCheck } from "../../blueprint/blueprint.ts";
import type { FileAction, Rendered } from "../contract/target.ts";
import { file } from "../contract/target.ts";
import { importLines, pythonFile } from "../kit/python-file.ts";
import { pyString } from "../kit/python-text.ts";
import { importsOfAnnotation, placed } from "./kinds.ts";
import { citeText, constantName, fieldName, outputsClass, stepFunction } from "./words.ts";

/** What one step's module shows of the blueprint. */
interface StepSlice {
  readonly step: Step;
  readonly notebooks: readonly string[];
  readonly arguments: readonly { readonly name: string; readonly annotation: string; readonly doc: string }[];
}

/** The module of one step: a pure, typed function and the tuple that it returns. */
export function stepFile(b: Blueprint, step: Step): FileAction {
  return file(`src/${b.package}/steps/${step.name}.py`, slice(b, step), render);
}

/** The arguments of a step's function, in the order of its signature. */
export function stepArguments(b: Blueprint, step: Step): StepSlice["arguments"] {
  const parameters = step.parameters.flatMap((name) => b.parameters.filter((p) => p.name === name));
  const datasets = step.datasets.flatMap((name) => b.datasets.filter((d) => d.name === name));
  const secrets = step.secrets.flatMap((name) => b.secrets.filter((s) => s.name === name));
  return [
    ...step.inputs.map((i) => ({
      name: i.name,
      annotation: i.annotation,
      doc: i.from === "" ? "" : `from step ${i.from}`,
    })),
    ...parameters.map((p) => ({ name: p.argument ?? p.name, annotation: p.type, doc: p.doc ?? "parameter" })),
    ...datasets.map((d) => ({ name: d.argument, annotation: "Path", doc: `file of the dataset ${d.name}` })),
    ...secrets.map((s) => ({ name: s.argument, annotation: "str", doc: `credential ${s.name}` })),
  ];
}

function slice(b: Blueprint, step: Step): StepSlice {
  return { step, notebooks: b.notebooks, arguments: stepArguments(b, step) };
}

function render({ step, notebooks, arguments: args }: StepSlice): Rendered {
  const out = pythonFile(notebooks, `${sentence(step.title)}: ${citeText(step.cites)}.`);
  const result = step.outputs.length === 0 ? "None" : outputsClass(step);
  out.use(
    ...placed(step.imports, ".."),
    ...args.flatMap((a) => importsOfAnnotation(a.annotation, "..")),
    ...step.outputs.flatMap((o) => importsOfAnnotation(o.annotation, "..")),
  );
  if (step.outputs.length > 0) {
    out.use({ module: "typing", name: "NamedTuple", local: "NamedTuple" });
    out.line(`class ${result}(NamedTuple):`);
    out.docstring(["What the step leaves for later ones."], 1);
    out.line();
    for (const o of step.outputs) out.line(`${fieldName(o.name)}: ${o.annotation}`, 1);
    out.line("\n");
  }
  for (const name of step.helpers) out.use({ module: "..helpers", name, local: name });
  if (step.checks.some((c) => c.kind === "contract")) {
    out.use({ module: "..contracts", name: "enforce", local: "enforce" });
    for (const c of step.checks)
      if (c.kind === "contract")
        out.use({
          module: "..table_contracts",
          name: constantName(c.text, "_CONTRACT"),
          local: constantName(c.text, "_CONTRACT"),
        });
  }
  if (step.checks.some((c) => c.kind === "expect")) out.use({ module: "..contracts", name: "expect", local: "expect" });
  const parameters = args.map((a) => `${a.name}: ${a.annotation}`);
  out.line(`def ${stepFunction(step)}(${parameters.join(", ")}) -> ${result}:`);
  out.docstring([`${sentence(step.doc ?? step.title)} (${citeText(step.cites)}).`], 1);
  for (const line of localImports(step.localImports)) out.line(line, 1);
  if (step.seed !== undefined) {
    out.use({ module: "..randomness", name: "seed_generators", local: "seed_generators" });
    out.line("# The notebook sets no seed; a directive asks for this one.", 1);
    out.line(`seed_generators(${step.seed})`, 1);
  }
  step.body.forEach((code, i) => {
    for (const check of step.checks) if (check.at === i) emitCheck(out, check);
    out.code(code, 1, new Set(code.rawLines));
  });
  for (const check of step.checks) if (check.at >= step.body.length) emitCheck(out, check);
  for (const o of step.outputs) {
    if (!o.maybe) continue;
    out.use({ module: "..values", name: "UNBOUND", local: "UNBOUND" });
    out.line(`${o.name} = locals().get(${pyString(o.name)}, UNBOUND)`, 1);
  }
  if (step.outputs.length > 0)
    out.line(`return ${result}(${step.outputs.map((o) => `${fieldName(o.name)}=${o.name}`).join(", ")})`, 1);
  return out.render();
}

function sentence(text: string): string {
  const trimmed = text.trim().replace(/[.!]+$/, "");
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}

function localImports(imports: readonly Import[]): readonly string[] {
  return importLines(imports).filter((line) => line !== "");
}

function emitCheck(out: ReturnType<typeof pythonFile>, check: StepCheck): void {
  if (check.kind === "contract")
    out.line(`enforce(${check.variable ?? check.text}, ${constantName(check.text, "_CONTRACT")})`, 1, check.cite);
  else
    out.line(
      `expect(${check.text}, ${pyString(check.why ?? check.text)}, ${pyString(citeText([check.cite]))})`,
      1,
      check.cite,
    );
}
