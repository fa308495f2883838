import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openWorkspace } from "../../../src/compiler/session.ts";
import type { Session } from "../../../src/compiler/session-contract.ts";
import type { Diagnostic } from "../../../src/diagnostics/diagnostic.ts";
import { type MemoryHost, memoryHost } from "../../../src/foundation/host-memory.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { initPython } from "../../../src/python/engine.ts";

await initPython(nodeHost());

/** A cell of a notebook: code as it stands, or with a kind and tags. */
export type CellText =
  | string
  | { readonly markdown: string }
  | { readonly code: string; readonly tags: readonly string[] };

/** An .ipynb as Jupyter writes it. */
export function ipynb(...cells: readonly CellText[]): string {
  const list = cells.map((cell, i) => {
    const source = typeof cell === "string" ? cell : "code" in cell ? cell.code : cell.markdown;
    const tags = typeof cell === "object" && "tags" in cell ? { tags: cell.tags } : {};
    const isCode = typeof cell === "string" || "code" in cell;
    return {
      cell_type: isCode ? "code" : "markdown",
      ...(isCode ? { execution_count: i + 1 } : {}),
      id: `c${i + 1}`,
      metadata: tags,
      ...(isCode ? { outputs: [] } : {}),
      source: source.split(/(?<=\n)/),
    };
  });
  return `${JSON.stringify({ cells: list, metadata: {}, nbformat: 4, nbformat_minor: 5 }, undefined, 1)}\n`;
}

/** A notebook that loads, draws, fits, measures, plots and writes. */
export const creditCells: readonly CellText[] = [
  { markdown: "# Load" },
  "%matplotlib inline\nimport pandas as pd\nimport matplotlib.pyplot as plt\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import roc_auc_score\nfrom sklearn.model_selection import train_test_split",
  'SHARE = 0.25\ndf = pd.read_csv("../data/loans.csv")\ndf.head()',
  { markdown: "# Model" },
  '# the label\ny = (df["bad"] == "Y").astype(int)\nX = df[["age", "income"]]\nX_train, X_test, y_train, y_test = train_test_split(X, y, test_size=SHARE, random_state=0)',
  "model = LogisticRegression()\nmodel.fit(X_train, y_train)\nplt.plot(y_train)",
  "proba = model.predict_proba(X_test)[:, 1]\nauc = roc_auc_score(y_test, proba)\nauc",
  'scored = X_test.copy()\nscored["pd"] = proba\nscored.to_csv("../out/scored.csv", index=False)',
];

export const loans = "id,age,income,opened,bad\n1,30,1000.5,2024-01-31,Y\n2,41,,2024-02-29,N\n3,55,900,2024-03-01,N\n";

const base: Readonly<Record<string, string>> = {
  "crosswalk.yaml": "model: credit-risk\nnotebooks: [notebooks/train.ipynb]\n",
  "requirements.txt": "pandas==2.2.3\nnumpy==1.26.4\nscikit-learn==1.5.2\nmatplotlib==3.9.2\n",
  "notebooks/train.ipynb": ipynb(...creditCells),
  "data/loans.csv": loans,
};

/** A repository in memory at /repo: the credit notebook with its data, changed as asked; undefined takes a file away. */
export function repository(files: Readonly<Record<string, string | Uint8Array | undefined>> = {}): MemoryHost {
  const all = Object.entries({ ...base, ...files }).flatMap(([path, text]) =>
    text === undefined ? [] : [[`/repo/${path}`, text] as const],
  );
  return memoryHost(Object.fromEntries(all), {}, "/repo");
}

export async function sessionOf(host: MemoryHost, folder = "/repo"): Promise<Session> {
  const opened = await openWorkspace({
    host,
    folder,
    toolVersion: "0.0.0",
    progress: () => {},
    signal: new AbortController().signal,
  });
  if (!opened.value) throw new Error(opened.diagnostics.map((d) => d.message).join("; "));
  return opened.value;
}

/** The files of examples/credit-risk that a compilation reads, at /repo. */
export function exampleHost(): MemoryHost {
  const read = (path: string): string =>
    readFileSync(fileURLToPath(new URL(`../../../examples/credit-risk/${path}`, import.meta.url)), "utf8");
  const paths = [
    "crosswalk.yaml",
    "requirements.txt",
    "data/applications.csv",
    "notebooks/train.ipynb",
    "notebooks/train_annotated.ipynb",
  ];
  return memoryHost(Object.fromEntries(paths.map((path) => [`/repo/${path}`, read(path)])), {}, "/repo");
}

export function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((d) => d.code);
}
