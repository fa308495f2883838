import { expect, it } from "vitest";
import { compileNotebook } from "../compiler-core/kit.ts";

const refused: readonly (readonly [where: string, place: string, notebook: string])[] = [
  [
    "an argument of a call in a function",
    "1:3:38",
    "import psycopg2\ndef open_it():\n    return psycopg2.connect(password='hunter2hunter2')\nc = open_it()\nx = [c]\n",
  ],
  ["inside a branch", "1:2:16", "if len('a'):\n    password = 'hunter2hunter2'\nx = len(password)\n"],
  ["a default", "1:1:13", "def f(token='hunter2hunter2'):\n    return len(token)\nx = f()\n"],
  ["a value of a dict", "1:1:20", "cfg = {'password': 'hunter2hunter2'}\nx = len(cfg)\n"],
];

it.each(
  refused,
)("a credential that cannot be lifted is refused where it stands: %s", async (_where, place, notebook) => {
  const { compiled, said, diagnostics } = await compileNotebook(notebook);
  expect(said).toContain(`CW4004 ${place}`);
  expect(compiled?.files).toEqual([]);
  expect(diagnostics.map((d) => `${d.message} ${d.fix}`).join()).not.toContain("hunter2");
});

it.each([
  ["needed: the product reads it from the environment", "api_key = 'hunter2hunter2'\nx = len(api_key)\n", true],
  ["dropped: no list of what was dropped shows it", "print('AKIAABCDEFGHIJKLMNOP')\nx = 1\ny = x + 1\n", false],
])("a credential never reaches the product: %s", async (_where, notebook, isSecret) => {
  const { compiled, blueprint } = await compileNotebook(notebook);
  expect(compiled?.files.length).toBeGreaterThan(20);
  expect(compiled?.files.filter((f) => /hunter2|AKIAABCD/.test(f.text)).map((f) => f.path)).toEqual([]);
  expect(blueprint?.secrets.map((s) => s.name)).toEqual(isSecret ? ["API_KEY"] : []);
});

it("a constant that a class reads: a credential never reaches the product", async () => {
  const { compiled } = await compileNotebook("TOKEN = 'hunter2hunter2'\nclass C:\n    t = TOKEN\nx = len(C().t)\n");
  expect(compiled?.files.filter((f) => f.text.includes("hunter2")).map((f) => f.path)).toEqual([]);
});

it("no message shows a credential, not even its excerpt", async () => {
  const { diagnostics } = await compileNotebook("api_key = 'hunter2hunter2'\nx = len(api_key)\n");
  expect(diagnostics.filter((d) => JSON.stringify(d).includes("hunter2")).map((d) => d.code)).toEqual([]);
});

it("a credential stored in os.environ is refused", async () => {
  const { said } = await compileNotebook(
    "import os\nos.environ['API_KEY'] = 'hunter2hunter2'\nx = os.environ['API_KEY']\n",
  );
  expect(said.filter((d) => d.startsWith("CW40"))).toEqual(["CW4004 1:2:25"]);
});
