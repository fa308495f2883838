import type { Blueprint, ExampleTest } from "../../blueprint/blueprint.ts";
import { type FileAction, file, type Rendered } from "../contract/target.ts";
import { pythonFile } from "../kit/python-file.ts";
import { pyString } from "../kit/python-text.ts";
import { identifierOf } from "./test-names.ts";
import { citeText, stepFunction } from "./words.ts";

/** Tests that ship with the product. */
export function* testFiles(b: Blueprint): Iterable<FileAction> {
  yield file(
    "tests/test_pipeline.py",
    { notebooks: b.notebooks, package: b.package, steps: b.steps.map((s) => s.name) },
    pipelineTests,
  );
  if (b.tests.length > 0) {
    const helpers = b.helpers.map((h) => h.name);
    yield file(
      "tests/test_examples.py",
      { notebooks: b.notebooks, package: b.package, tests: b.tests, helpers, functions: functionsOf(b) },
      exampleTests,
    );
  }
}

/** Step → the name of its function. */
function functionsOf(b: Blueprint): Readonly<Record<string, string>> {
  return Object.fromEntries(b.steps.map((step) => [step.name, stepFunction(step)]));
}

function pipelineTests(s: {
  readonly notebooks: readonly string[];
  readonly package: string;
  readonly steps: readonly string[];
}): Rendered {
  const out = pythonFile(
    s.notebooks,
    "The pipeline is whole: steps load, are ordered and read only what earlier ones leave.",
    s.package,
  );
  out.use(
    { module: "json", local: "json" },
    { module: "pytest", local: "pytest" },
    { module: `${s.package}.parameters`, name: "Parameters", local: "Parameters" },
    { module: `${s.package}.pipeline`, name: "MODEL", local: "MODEL" },
    { module: `${s.package}.runner`, name: "main", local: "main" },
  );
  out.line("def test_the_steps_stand_in_their_order() -> None:");
  out.line(`assert [step.name for step in MODEL.steps] == [${s.steps.map(pyString).join(", ")}]`, 1);
  out.line("\n");
  out.line("def test_the_defaults_are_valid_parameters() -> None:");
  out.line("assert Parameters() == Parameters()", 1);
  out.line("\n");
  out.line("def test_describe_names_every_step(capsys: pytest.CaptureFixture[str]) -> None:");
  out.line('assert main(MODEL, ["describe"]) == 0', 1);
  out.line("described = json.loads(capsys.readouterr().out)", 1);
  out.line('assert [step["name"] for step in described["steps"]] == [', 1);
  out.line("step.name for step in MODEL.steps", 2);
  out.line("]", 1);
  out.line("\n");
  out.line("def test_an_unknown_step_is_refused() -> None:");
  out.line('assert main(MODEL, ["step", "no_such_step", "--workdir", "nowhere"]) == 2', 1);
  return out.render();
}

function exampleTests(s: {
  readonly notebooks: readonly string[];
  readonly package: string;
  readonly tests: readonly ExampleTest[];
  readonly helpers: readonly string[];
  readonly functions: Readonly<Record<string, string>>;
}): Rendered {
  const out = pythonFile(s.notebooks, "Examples that the notebook gives for its functions and steps.", s.package);
  s.tests.forEach((test, i) => {
    const isHelper = s.helpers.includes(test.of);
    out.use(
      isHelper
        ? { module: `${s.package}.helpers`, name: test.of, local: test.of }
        : { module: `${s.package}.steps.${test.of}`, name: s.functions[test.of] ?? test.of, local: test.of },
      ...test.imports,
    );
    if (i > 0) out.line("\n");
    out.line(`def test_${identifierOf(test.title, i)}() -> None:`, 0, test.cite);
    out.docstring([`${test.title} (${citeText([test.cite])}).`], 1);
    const given = test.given.map((g) => (g.name === undefined ? g.text : `${g.name}=${g.text}`)).join(", ");
    out.line(`result = ${test.of}(${given})`, 1, test.cite);
    for (const e of test.expects)
      out.line(`assert ${e.text}${e.why === undefined ? "" : `, ${pyString(e.why)}`}`, 1, test.cite);
  });
  return out.render();
}
