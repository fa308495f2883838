import { expect, it } from "vitest";
import { parseRequirement } from "../../../src/compiler/pins/requirement.ts";
import { readRequirements } from "../../../src/compiler/pins/requirements-file.ts";
import { projectDependencies } from "../../../src/compiler/pins/toml.ts";
import { uvPackages } from "../../../src/compiler/pins/uv-lock.ts";
import { findPins, readPins } from "../../../src/compiler/pins.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import { exactVersion, satisfies } from "../../../src/foundation/pep440.ts";
import { codes, repository } from "./kit.ts";

it.each([
  ["pandas==2.2.3", { name: "pandas", specifier: "==2.2.3" }],
  ["pandas", { name: "pandas", specifier: "" }],
  ["Scikit_Learn >= 1.5 , < 2", { name: "Scikit_Learn", specifier: ">=1.5,<2" }],
  ["pandas[excel, performance]~=2.2", { name: "pandas", extras: ["excel", "performance"], specifier: "~=2.2" }],
  ["numpy (>=1.26,<2)", { name: "numpy", specifier: ">=1.26,<2" }],
  ["torch==2.4.0+cu118", { specifier: "==2.4.0+cu118" }],
  ["numpy==1.26.*", { specifier: "==1.26.*" }],
  [
    'numpy==2.0; python_version >= "3.12" and extra == "x"',
    { specifier: "==2.0", marker: 'python_version >= "3.12" and extra == "x"' },
  ],
  [
    "mylib @ https://example.org/mylib-1.0-py3-none-any.whl",
    { name: "mylib", specifier: "", url: "https://example.org/mylib-1.0-py3-none-any.whl" },
  ],
])("reads the requirement %j", (text, expected) => {
  expect(parseRequirement(text)).toMatchObject(expected);
});

it.each([
  "./local/pkg",
  "https://example.org/x.whl",
  "-e .",
  "==1.0",
  "pandas==",
  "a b",
])("%j is no requirement", (text) => {
  expect(parseRequirement(text)).toBeUndefined();
});

it("reads a requirements file as pip does", () => {
  const files: Readonly<Record<string, string>> = {
    "requirements.txt": [
      "# a comment",
      "pandas==2.2.3 \\",
      "    --hash=sha256:aaa \\",
      "    --hash=sha256:bbb",
      "--index-url https://example.org/simple",
      "numpy==1.26.4  # pinned",
      "-r requirements/base.txt",
      "-c constraints.txt",
      "-e .",
    ].join("\r\n"),
    "requirements/base.txt": "-r ../requirements.txt\n--requirement=more.txt\nscipy>=1.13\n",
    "requirements/more.txt": "joblib==1.4.2\n",
    "constraints.txt": "scipy==1.14.1\n",
  };
  const { requirements, problems } = readRequirements("requirements.txt", (path) => files[path]);
  expect(requirements.map((r) => r.name + r.specifier)).toEqual([
    "pandas==2.2.3",
    "numpy==1.26.4",
    "joblib==1.4.2",
    "scipy>=1.13",
    "scipy==1.14.1",
  ]);
  expect(problems).toEqual([]);
});

it.each([
  ["-r missing.txt", "the file is not there"],
  ["-r ../../outside.txt", "it names a file outside the workspace"],
  ["-r /etc/requirements.txt", "it names a file outside the workspace"],
  ["-c https://example.org/c.txt", "it names an address outside the repository"],
])("does not follow %j", (line, why) => {
  const { problems } = readRequirements("requirements.txt", (path) => (path === "requirements.txt" ? line : undefined));
  expect(problems).toEqual([{ file: "requirements.txt", line, why }]);
});

it.each([
  [
    '[project]\nname = "x"\ndependencies = ["a==1", \'b[x]>=2; python_version < "3.12"\']\n',
    ["a==1", 'b[x]>=2; python_version < "3.12"'],
  ],
  [
    '[project]\ndependencies = [ # why ]\n  "a==1", # "no"\n\n  "b",\n]\n[project.optional-dependencies]\ndependencies = ["no"]\n',
    ["a==1", "b"],
  ],
  ['project.dependencies = ["a"]\n[tool.x]\ndependencies = ["no"]\n', ["a"]],
  [
    '[tool.poetry]\ndescription = """\n[project]\ndependencies = ["no"]\n"""\n[project]\n"dependencies" = ["a"]\n',
    ["a"],
  ],
  ['[[project]]\ndependencies = ["no"]\n', []],
  ['[project]\ndependencies = ["a"', ["a"]],
  ["not toml at all [[[", []],
])("finds the dependencies of a pyproject.toml: %j", (text, expected) => {
  expect(projectDependencies(text)).toEqual(expected);
});

it("reads a uv.lock", () => {
  const text =
    'version = 1\n\n[[package]]\nname = "pandas"\nversion = "2.2.3"\nsource = { registry = "r" }\n[package.metadata]\nname = "no"\n\n[[package]]\nname = "own"\nsource = { virtual = "." }\n\n[[package]]\nname = "numpy"\nversion = "1.26.4"\n';
  expect(uvPackages(text)).toEqual([
    ["pandas", "2.2.3"],
    ["numpy", "1.26.4"],
  ]);
});

it.each<[string, string, boolean]>([
  ["2.2.3", ">=2", true],
  ["2.2.3", ">=2,<2.2.3", false],
  ["2.2.3", "~=2.2", true],
  ["3.0", "~=2.2", false],
  ["2.3.0", "~=2.2.1", false],
  ["2.2.0", "==2.2", true],
  ["2.2.1", "==2.2", false],
  ["2.2.1", "==2.2.*", true],
  ["2.20", "==2.2.*", false],
  ["2.2", "!=2.2", false],
  ["2.0rc1", "<2.0", false],
  ["2.0rc1", ">=2.0", false],
  ["2.0.post1", ">2.0", false],
  ["2.0.post1", ">=2.0", true],
  ["1.0.dev1", "<1.0a1", true],
  ["1!1.0", ">=2", true],
  ["2.4.0+cu118", "==2.4.0", true],
  ["2.4.0", "==2.4.0+cu118", false],
  ["10.0", ">9", true],
  ["odd", ">=0", false],
  ["1.0", "about 1", false],
])("%s meets %s: %s", (version, specifier, expected) => {
  expect(satisfies(version, specifier)).toBe(expected);
});

it.each([
  ["==1.2", "1.2"],
  ["===1.2", "1.2"],
  ["==1.2.*", undefined],
  [">=1.2", undefined],
  ["==1.2,<2", undefined],
])("the exact version of %s is %s", (specifier, expected) => {
  expect(exactVersion(specifier)).toBe(expected);
});

function pinsOf(files: Readonly<Record<string, string | Uint8Array | undefined>>): Readonly<Record<string, string>> {
  const host = repository({ "requirements.txt": undefined, ...files });
  const model = loadWorkspace(host, "/repo").value?.models[0];
  if (!model) throw new Error("no model");
  return Object.fromEntries(
    [...readPins(host, "/repo", model)].map(([name, pin]) => [name, `${pin.specifier} ${pin.from}`]),
  );
}

const installed = (name: string, version: string): string =>
  `.venv/lib/python3.11/site-packages/${name}-${version}.dist-info/METADATA`;

it("takes the nearest source first", () => {
  expect(
    pinsOf({
      "crosswalk.lock": '{"folder":".","kind":"distribution","name":"pandas","version":"2.0.0"}\n',
      "uv.lock": '[[package]]\nname = "pandas"\nversion = "2.1.0"\n\n[[package]]\nname = "numpy"\nversion = "1.26.1"\n',
      "requirements.txt": "pandas==2.2.0\nnumpy==1.26.2\nscipy==1.14.0\n",
      "pyproject.toml": '[project]\ndependencies = ["scipy==1.0", "joblib==1.4.0"]\n',
      [installed("joblib", "1.3.0")]: "",
      [installed("PyYAML", "6.0.2")]: "",
    }),
  ).toEqual({
    pandas: "==2.0.0 lock",
    numpy: "==1.26.1 lock",
    scipy: "==1.14.0 requirements",
    joblib: "==1.4.0 requirements",
    pyyaml: "==6.0.2 environment",
  });
});

it("an installed version makes a range exact, but never contradicts it", () => {
  const files = { [installed("pandas", "2.2.3")]: "", [installed("numpy", "2.1.0")]: "" };
  expect(pinsOf({ "requirements.txt": "pandas>=2,<3\nnumpy<2\n", ...files })).toEqual({
    pandas: "==2.2.3 environment",
    numpy: "<2 requirements",
  });
});

it("versions that depend on the machine say nothing", () => {
  expect(
    pinsOf({
      "requirements.txt":
        'numpy==1.26.4; python_version < "3.12"\nnumpy==2.1.0; python_version >= "3.12"\npandas>=2\npandas==2.2.3\n',
      "uv.lock": '[[package]]\nname = "torch"\nversion = "2.4.0"\n[[package]]\nname = "torch"\nversion = "2.4.0+cpu"\n',
      [installed("scipy", "1.14.0")]: "",
      [installed("scipy", "1.13.0")]: "",
    }),
  ).toEqual({ pandas: "==2.2.3 requirements" });
});

it("reads what PowerShell writes, and survives what nobody can read", () => {
  const utf16 = new Uint8Array([0xff, 0xfe, ...[..."pandas==2.2.3\r\n"].flatMap((c) => [c.charCodeAt(0), 0])]);
  expect(pinsOf({ "requirements.txt": utf16 })).toEqual({ pandas: "==2.2.3 requirements" });
  expect(pinsOf({ "requirements.txt": new Uint8Array([0xff, 0x00, 0xc3]) })).toEqual({});
});

it("a merge that left two versions in the lock decides nothing", () => {
  const line = (version: string): string =>
    `{"folder":".","kind":"distribution","name":"pandas","version":"${version}"}\n`;
  const lock = `<<<<<<< ours\n${line("2.1.0")}=======\n${line("2.2.3")}>>>>>>> theirs\n`;
  expect(pinsOf({ "crosswalk.lock": lock, "requirements.txt": "pandas==2.2.3" })).toEqual({
    pandas: "==2.2.3 requirements",
  });
});

it("says which includes were passed over", () => {
  const host = repository({ "requirements.txt": "-r nowhere.txt\n" });
  const model = loadWorkspace(host, "/repo").value?.models[0];
  if (!model) throw new Error("no model");
  const { diagnostics } = findPins(host, "/repo", model);
  expect(codes(diagnostics)).toEqual(["CW5129"]);
  expect(diagnostics[0]?.message).toContain("`-r nowhere.txt` in requirements.txt");
});
