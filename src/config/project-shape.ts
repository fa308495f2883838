import { cache } from "./cache-shape.ts";
import { libraries } from "./library-shape.ts";
import type { AnyShape, ListShape, MapShape, RecordShape, Shape, TextShape } from "./shape.ts";
import { rules } from "./text-rules.ts";

/** The one definition of crosswalk.yaml. Everything else about its form is derived from this file. */

/** A place that an editor's snippet leaves open. */
const hole = (number: number, text: string): string => `\${${number}:${text}}`;

const anything = (about: string): AnyShape => ({ kind: "any", about });

const owner: TextShape = {
  named: "owner",
  kind: "text",
  rule: rules.line,
  about: "The team that answers for the model. Carried into every record about it.",
  examples: ["Retail Risk Analytics <retail-risk@bank.example>"],
};

const risk: Shape = {
  named: "risk",
  kind: "word",
  words: ["low", "medium", "high"],
  about: "The risk tier of the model. Carried into the record about it.",
  examples: ["high"],
};

const notebooks: ListShape = {
  named: "notebooks",
  kind: "list",
  item: {
    kind: "text",
    rule: rules.notebookPath,
    about: "A notebook, relative to the folder of this file.",
    examples: ["notebooks/train.ipynb"],
  },
  minimum: 1,
  unique: true,
  instead: "[notebooks/train.ipynb]",
  about: "The notebooks of the model in the order in which they run. More than one is a chain: they share one state.",
  examples: [["notebooks/train.ipynb"], ["notebooks/prepare.ipynb", "notebooks/train.ipynb"]],
};

const out: TextShape = {
  named: "out",
  kind: "text",
  rule: rules.folderPath,
  about:
    "The folder that holds the products, relative to this file. The product of the model goes to a folder of its name in it: `production/credit-risk`.",
  standard: "production",
  examples: ["production", "build"],
};

const python: TextShape = {
  named: "python",
  kind: "text",
  rule: rules.pythonVersions,
  instead: '">=3.11"',
  about:
    "The Python versions that the product must run on (PEP 440), in quotes. The environment itself is found in requirements.txt, pyproject.toml, uv.lock or a venv.",
  standard: ">=3.11",
  examples: [">=3.11", ">=3.11,<3.14"],
};

const dependencies: ListShape = {
  named: "dependencies",
  kind: "list",
  item: { kind: "text", rule: rules.requirement, about: "A requirement (PEP 508).", examples: ["pyarrow>=17"] },
  unique: true,
  instead: '["pyarrow>=17"]',
  about: "Requirements beyond what the imports say (PEP 508), such as an engine that pandas loads by itself.",
  examples: [["pyarrow>=17"]],
};

const binding: RecordShape = {
  named: "dataset",
  kind: "record",
  called: "a dataset",
  about:
    "Where a dataset is, what it is for and how it is read. What is not written comes from the code of the notebook.",
  fields: {
    path: {
      kind: "text",
      rule: rules.dataPath,
      about: "A file, relative to the folder of this file, or an address such as `s3://bucket/data.parquet`.",
      examples: ["data/applications.csv"],
    },
    sql: {
      kind: "text",
      rule: rules.text,
      about: "A query. `connection` says where it runs.",
      examples: ["select * from risk.bureau"],
    },
    table: {
      kind: "text",
      rule: rules.line,
      about: "A table. `connection` says where it is.",
      examples: ["risk.applications"],
    },
    connection: {
      kind: "text",
      rule: rules.connection,
      about: "The name of the connection for `sql` or `table`. Address and password are never written here.",
      examples: ["warehouse"],
    },
    format: {
      kind: "word",
      words: ["csv", "parquet", "json", "jsonl", "excel", "feather", "sqlite"],
      about: "The format of the file, where its extension does not say.",
      examples: ["csv"],
    },
    options: {
      kind: "map",
      called: "the name of a reader's option",
      key: rules.pythonName,
      value: anything("The value of the option."),
      instead: '{sep: ";", encoding: utf-8}',
      about: "Options that go to the reader by name.",
      examples: [{ sep: ";", encoding: "utf-8" }],
    },
    role: {
      kind: "word",
      words: ["source", "reference", "intermediate", "output"],
      about:
        "What the dataset is for: read as it comes (`source`), looked up (`reference`), written and read again (`intermediate`), or left behind (`output`).",
      examples: ["reference"],
    },
  },
  filled: true,
  excludes: [
    ["path", "sql", "keep the one place that the data is read from"],
    ["path", "table", "keep the one place that the data is read from"],
    ["sql", "table", "keep the one place that the data is read from"],
    ["path", "connection", "remove `connection`; a file needs none"],
  ],
  examples: [{ path: "data/applications.csv" }, { table: "risk.applications", connection: "warehouse" }],
};

const data: MapShape = {
  named: "data",
  kind: "map",
  called: "the name of a dataset",
  key: rules.dataName,
  value: binding,
  instead: "{applications: {path: data/applications.csv}}",
  about:
    "Datasets by the names that `input` and `output` directives use. A path that the code reads gets a name by itself; an entry with the same path gives it this one.",
  examples: [{ applications: { path: "data/applications.csv" } }],
  snippets: [
    { label: "dataset", description: "A named file", body: { [hole(1, "name")]: { path: hole(2, "data/file.csv") } } },
  ],
};

const params: MapShape = {
  named: "params",
  kind: "map",
  called: "the name of a parameter",
  key: rules.pythonName,
  value: anything("The value: a number, text, boolean, null, or a list or map of these."),
  instead: "{test_size: 0.25}",
  about: "Values that replace what the notebook says, by parameter.",
  examples: [{ test_size: 0.25 }],
};

/** A target as the base form takes it: any name, any options. Which there are is known to compiler/schema.ts. */
export const anyTarget: Shape = {
  kind: "either",
  about: "A target by name, or a map with its name and its options.",
  options: [
    { kind: "text", rule: rules.targetName, about: "A target by name.", examples: ["package"] },
    {
      kind: "record",
      called: "a target",
      about: "A target with options.",
      fields: { name: { kind: "text", rule: rules.targetName, about: "The name of the target." } },
      required: ["name"],
      open: true,
    },
  ],
};

const targets: ListShape = {
  named: "targets",
  kind: "list",
  item: anyTarget,
  minimum: 1,
  unique: true,
  instead: "[package]",
  about: "What is made from the model: the name of each target, or a map with its name and its options.",
  standard: ["package"],
  examples: [["package"]],
};

const checks: MapShape = {
  named: "checks",
  kind: "map",
  called: "the name of a check",
  key: rules.checkName,
  value: {
    kind: "word",
    words: ["off", "note", "warning"],
    about: "`off` silences it, `note` lowers a warning, `warning` raises a note.",
  },
  instead: "{CW4007: off}",
  about:
    "Severities of checks, by code or slug. Warnings and notes only: an error cannot be silenced. Prefer an `ignore` directive with a reason at the cell.",
  examples: [{ CW4007: "off" }],
};

const environments: MapShape = {
  named: "environments",
  kind: "map",
  called: "the name of an environment",
  key: rules.environmentName,
  value: {
    kind: "record",
    called: "an environment",
    about: "What differs in this environment.",
    fields: {
      data: {
        ...data,
        named: "environmentData",
        about:
          "Datasets that are elsewhere in this environment. An entry that names a new kind of place replaces the old place.",
      },
      params: { ...params, named: "environmentParams", about: "Parameters with another value in this environment." },
      secrets: {
        kind: "map",
        called: "the name of a secret",
        key: rules.pythonName,
        value: {
          kind: "record",
          called: "a secret",
          hidden: true,
          about: "Where the secret comes from. Never the secret itself.",
          fields: {
            env: {
              kind: "text",
              rule: rules.variable,
              about: "The environment variable that holds the secret.",
              examples: ["WAREHOUSE_PASSWORD"],
            },
          },
          required: ["env"],
          examples: [{ env: "WAREHOUSE_PASSWORD" }],
        },
        instead: "{WAREHOUSE_PASSWORD: {env: WAREHOUSE_PASSWORD}}",
        about: "Secrets by the name that the notebook's `secret` directive gives them.",
        examples: [{ WAREHOUSE_PASSWORD: { env: "WAREHOUSE_PASSWORD" } }],
      },
    },
  },
  instead: "{prod: {params: {test_size: 0.2}}}",
  about: "Environments by name, for `--env`. Each says only what differs; one build serves all.",
  examples: [{ prod: { data: { applications: { table: "risk.applications", connection: "warehouse" } } } }],
};

type Fields = RecordShape["fields"];

const shared = { owner, risk, out, python, dependencies, libraries, data, params, targets, checks, environments };

const model: TextShape = {
  named: "model",
  kind: "text",
  rule: rules.modelName,
  about: "The name of the model: its product folder and, with `_` for `-`, its Python package.",
  examples: ["credit-risk"],
};

const modelBlock = (shared: Fields): RecordShape => ({
  kind: "record",
  called: "a model",
  named: "modelBlock",
  about: "One model. What is not written here is taken from the keys beside `models`.",
  fields: { model, notebooks, ...shared },
  required: ["model", "notebooks"],
  examples: [{ model: "credit-risk", notebooks: ["notebooks/train.ipynb"] }],
});

/** The root of a crosswalk.yaml, given the form of one target. */
export const projectShapeWith = (target: Shape): RecordShape =>
  formOfRoot({ ...shared, targets: { ...targets, item: target } });

const formOfRoot = (shared: Fields): RecordShape => ({
  kind: "record",
  called: "crosswalk.yaml",
  about:
    "Crosswalk: what the notebook cannot know. A model and its notebooks are a complete file; everything else has a default.",
  fields: {
    version: { kind: "word", words: [1], about: "The version of this file's form.", standard: 1, examples: [1] },
    model,
    models: {
      kind: "list",
      item: modelBlock(shared),
      minimum: 1,
      instead: "a list of blocks that begin with `- model: name`",
      about: "Several models. The keys beside it are defaults for each of them.",
    },
    workspace: {
      kind: "list",
      item: {
        kind: "text",
        rule: rules.workspacePattern,
        about: "Folders with a crosswalk.yaml: `*` is one folder, `**` any depth.",
        examples: ["models/*"],
      },
      minimum: 1,
      unique: true,
      instead: "[models/*]",
      about: "Folders that hold a crosswalk.yaml each. The keys beside it are defaults for their models.",
      examples: [["models/*"]],
    },
    notebooks,
    ...shared,
    cache,
  },
  exactlyOne: ["model", "models", "workspace"],
  needs: [["model", "notebooks"]],
  excludes: [
    ["models", "notebooks", "write `notebooks` in each block of `models`"],
    ["workspace", "notebooks", "write `notebooks` in the crosswalk.yaml of each model"],
  ],
  snippets: [
    {
      label: "one model",
      description: "A complete file",
      body: { model: hole(1, "my-model"), notebooks: [hole(2, "notebooks/train.ipynb")] },
    },
    {
      label: "several models",
      description: "Several models in one file",
      body: { models: [{ model: hole(1, "my-model"), notebooks: [hole(2, "notebooks/train.ipynb")] }] },
    },
    { label: "workspace", description: "The root of a monorepo", body: { workspace: [hole(1, "models/*")] } },
  ],
  examples: [{ model: "credit-risk", notebooks: ["notebooks/train.ipynb"] }],
});

/** The root of a crosswalk.yaml whose targets are not known yet. */
export const projectShape: RecordShape = projectShapeWith(anyTarget);
