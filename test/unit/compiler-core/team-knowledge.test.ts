import { expect, it } from "vitest";
import { compileRepository } from "./kit.ts";

/** Cells 1 to 4; `acme.peek` is looked at and thrown away, `acme.clean` is needed. */
const notebook = `# %%
import acme
import pandas as pd
claims = pd.read_csv("claims.csv")
# %%
acme.peek(claims)
# %%
acme.fix(claims)
# %%
policy = acme.policy(claims)
policy.renew()
total = policy.premium() + claims["paid"].sum()
`;

const described = `
libraries:
  - library: acme
    packages: [acme]
    modules:
      acme: { peek: "-> DataFrame", fix: "mutates0 -> None", policy: "-> Policy" }
    types:
      Policy: { methods: { premium: "-> float", renew: "mutates -> None" } }
`;

async function compile(config: string, files: Readonly<Record<string, string>> = {}) {
  const made = await compileRepository({
    config: `model: claims\nnotebooks: [notebooks/train.py]\n${config}`,
    files: { "notebooks/train.py": notebook, "notebooks/claims.csv": "paid\n1\n", ...files },
  });
  const code = made.compiled?.files
    .filter((file) => file.path.includes("/steps/"))
    .map((file) => file.text)
    .join("\n");
  const at = (code: string): readonly string[] =>
    made.diagnostics
      .filter((d) => d.code === code)
      .map((d) => `${d.place?.file}:${d.place?.fileLine ?? d.place?.line} ${d.message}`);
  return { ...made, code: code ?? "", at };
}

it("what a team says of its library is believed: a pure call is dropped, a change is kept, methods of its types are known", async () => {
  const { code, at, diagnostics } = await compile(described);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(code).not.toContain("acme.peek");
  for (const kept of ["acme.fix(claims)", "acme.policy(claims)", "policy.renew()"]) expect(code).toContain(kept);
  expect(at("CW4030")).toEqual([]);
});

it("without it every call counts as a change, and one note says so", async () => {
  const { code, at } = await compile("");
  for (const kept of ["acme.peek(claims)", "acme.fix(claims)", "policy.renew()"]) expect(code).toContain(kept);
  expect(at("CW4030")).toEqual([expect.stringContaining("'acme.peek', 'acme.fix', 'acme.policy'")]);
});

it("a description may stand in a file of its own, as YAML or JSON", async () => {
  const yaml = `library: acme\npackages: [acme]\nmodules: { acme: { peek: "-> DataFrame", "*": "mutates0 -> unknown" } }\n`;
  const json = `{"version":1,"library":"acme","packages":["acme"],"modules":{"acme":{"peek":"-> DataFrame","*":"mutates0 -> unknown"}}}`;
  for (const [path, text] of [
    ["knowledge/acme.yaml", yaml],
    ["knowledge/acme.json", json],
  ] as const) {
    const { code, diagnostics } = await compile(`libraries: [${path}]\n`, { [path]: text });
    expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(code).not.toContain("acme.peek");
    expect(code).toContain("acme.fix(claims)");
  }
});

const library = (rest: string): string => `libraries:\n  - library: acme\n    packages: [acme]\n${rest}`;
const wrong: readonly (readonly [what: string, code: string, config: string, says: string])[] = [
  ["a file that is not there", "CW0044", "libraries: [acme.yaml]\n", "crosswalk.yaml:3 acme.yaml is not a file"],
  [
    "a file outside",
    "CW0044",
    "libraries: [../acme.yaml]\n",
    "crosswalk.yaml:3 ../acme.yaml leads out of the workspace",
  ],
  [
    "a word that is not known",
    "CW0045",
    library(`    modules: { acme: { f: "mutats -> None" } }\n`),
    "crosswalk.yaml:6 'mutats -> None' has the word 'mutats', which is not known",
  ],
  [
    "a type that nobody describes",
    "CW0046",
    library(`    modules: { acme: { f: "-> Policy" } }\n`),
    "crosswalk.yaml:6 the type `Policy` is not described",
  ],
  [
    "a type of Crosswalk",
    "CW0046",
    library("    types: { DataFrame: {} }\n"),
    "crosswalk.yaml:6 the type `DataFrame` is taken",
  ],
  [
    "a module of another package",
    "CW0046",
    library(`    modules: { pandas: { read_csv: "-> DataFrame" } }\n`),
    "crosswalk.yaml:6 the module `pandas` is of another package",
  ],
  [
    "a name that stands twice",
    "CW0046",
    library(`    modules: { acme: { "f g": "-> str", g: "-> int" } }\n`),
    "crosswalk.yaml:6 `g` stands twice",
  ],
];

it.each(wrong)("refused at its place: %s", async (_, code, config, says) => {
  const { at, compiled } = await compile(config);
  expect(at(code)).toEqual([expect.stringContaining(says)]);
  expect(compiled?.files ?? []).toEqual([]);
});

it("a mistake in a file is shown in that file", async () => {
  const { at } = await compile("libraries: [acme.yaml]\n", {
    "acme.yaml": `library: acme\npackages: [acme]\nmodules:\n  acme:\n    f: "mutats -> None"\n`,
  });
  expect(at("CW0045")).toEqual([expect.stringContaining("acme.yaml:5 'mutats -> None'")]);
});
