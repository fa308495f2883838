import { expect, it } from "vitest";
import { useColor } from "../../../src/cli/color.ts";
import { anError, aWarning, drift, model, run } from "./harness.ts";

const found = [aWarning, anError];

it("people read stderr: one line each in a pipe, frames on a terminal, annotations on GitHub", async () => {
  const pipe = await run(["check"], { diagnostics: found });
  expect([pipe.out, pipe.err.split("\n")[0]]).toEqual([
    "",
    expect.stringMatching(/^train\.ipynb:cell 2:1:1: error\[CW1014/),
  ]);
  const terminal = await run(["check"], { diagnostics: found, tty: true, env: { NO_COLOR: "1" } });
  expect(terminal.err).toContain("see: crosswalk explain CW1014");
  expect(terminal.out).toBe("");
  const actions = await run(["check"], { diagnostics: found, env: { GITHUB_ACTIONS: "true" } });
  expect(actions.out).toMatch(/^::error file=train\.ipynb,line=12,/);
  expect(actions.err).toContain("Errors 1  Warnings 1");
});

it("machines read stdout, and nothing else is printed beside their document", async () => {
  for (const format of ["json", "gitlab", "sarif", "junit"]) {
    const ran = await run(["build", "--format", format], { diagnostics: found, tty: true });
    expect([format, ran.err]).toEqual([format, ""]);
    if (format !== "junit") expect(() => JSON.parse(ran.out) as unknown).not.toThrow();
  }
});

it("each --format may have its own --output; people still see what happened", async () => {
  const argv = ["check", "--format", "json", "--output", "out/a.json", "--format", "sarif", "--output", "b.sarif"];
  const ran = await run(argv, { diagnostics: found });
  expect(JSON.parse(ran.host.text("/repo/out/a.json") ?? "")).toMatchObject({
    exitCode: 1,
    models: [{ name: "credit-risk" }],
  });
  expect(JSON.parse(ran.host.text("/repo/b.sarif") ?? "")).toMatchObject({ version: "2.1.0" });
  expect(ran.out).toBe("");
  expect(ran.err).toContain("error[CW1014 ");
  expect(ran.host.touched).toEqual(["/repo/out/a.json", "/repo/b.sarif"]);
});

it("an --output before its --format belongs to it", async () => {
  const ran = await run(["check", "--output", "a.xml", "--format", "junit"]);
  expect(ran.host.text("/repo/a.xml")).toContain("<testsuites");
});

it("a report that cannot be written is said, with exit code 2", async () => {
  const ran = await run(["check", "--format", "json", "--output", "."], {});
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("CW0101 report-unwritable")]);
});

it("--quiet leaves errors only and no summary", async () => {
  const ran = await run(["check", "--quiet"], { diagnostics: found });
  expect(ran.err.match(/\n/g)).toHaveLength(1);
  expect(ran.err).toContain("error[CW1014 ");
  expect((await run(["build", "--quiet"], { diagnostics: [aWarning] })).err).toBe("");
});

it("a build ends with a summary and the next action", async () => {
  const last = (err: string): string[] => err.trimEnd().split("\n").slice(-2);
  expect(last((await run(["build"], { diagnostics: [aWarning, aWarning] })).err)).toEqual([
    "Models 1  Files 3 written, 214 unchanged  Warnings 1",
    "Next: pip install -e production/credit-risk && python -m credit_risk run --workdir work",
  ]);
  const refused = { ...model, outcome: "failed" as const, written: [], unchanged: 0, drifted: ["p/README.md"] };
  expect(last((await run(["build"], { diagnostics: [drift], built: [model, refused] })).err)).toEqual([
    "Models 2, 1 failed  Files 3 written, 214 unchanged, 1 edited by hand  Errors 1  Warnings 0",
    "Next: decide on each edited file: `crosswalk build --adopt p/README.md` keeps it, --overwrite replaces it, --eject hands it over to you",
  ]);
  expect(last((await run(["build"], { diagnostics: found })).err)[1]).toBe(
    "Next: mend the error above and run `crosswalk build` again; `crosswalk explain CW1014` shows an example",
  );
});

it("places are told from the current folder, for services from the top of the checkout", async () => {
  const above = await run(["check", "--format", "concise"], { diagnostics: [anError], cwd: "/repo/models" });
  expect(above.err).toContain("../train.ipynb:cell 2:1:1: ");
  const env = { GITHUB_WORKSPACE: "/" };
  const service = await run(["check", "--format", "github"], { diagnostics: [anError], cwd: "/repo/models", env });
  expect(service.out).toContain("file=repo/train.ipynb,");
});

it("graph prints its document on stdout and what is wrong on stderr", async () => {
  const plain = await run(["graph"], { diagnostics: [aWarning] });
  expect(JSON.parse(plain.out)).toMatchObject({ models: ["graph"], diagnostics: [{ code: "CW1017" }] });
  expect(plain.err).toContain("warning[CW1017 ");
  const drawn = await run(["graph", "--format", "mermaid", "--output", "g.mmd"]);
  expect([drawn.out, drawn.host.text("/repo/g.mmd")]).toEqual(["", "mermaid text\n"]);
  const failed = await run(["graph", "--format", "dot"], { diagnostics: [anError], noGraph: true });
  expect([failed.code, failed.out]).toEqual([1, ""]);
  expect(failed.err).toContain("error[CW1014 ");
});

it("answers go to stdout, or into the document", async () => {
  expect((await run(["explain", "a.py:3"])).out).toBe("it comes from cell 3\n");
  expect(JSON.parse((await run(["explain", "a.py:3", "--format", "json"])).out)).toMatchObject({ cells: [3] });
  expect((await run(["fmt"])).out).toBe("train.ipynb\n");
  const init = await run(["init"]);
  expect(init.out).toContain("# cw: keep auc");
  expect(init.err).toContain("Files crosswalk.yaml written");
});

it("commands without a compile ask no session", async () => {
  const code = await run(["explain", "internal-error"]);
  expect(code.out).toMatch(/^CW9001 internal-error \(error\): /);
  expect(code.out).toContain("\nwhy: ");
  const schema = await run(["schema"]);
  expect(JSON.parse(schema.out)).toMatchObject({ type: "object" });
  const version = await run(["--version", "--verbose"]);
  expect(version.out).toMatch(/^crosswalk \d+\.\d+\.\d+\nnode v0\.0\.0 test\n/);
  expect(version.out).toMatch(/crosswalk\.yaml sha256 [0-9a-f]{64}\n$/);
  expect([code, schema, version].map((ran) => [ran.code, ran.asked])).toEqual([
    [0, []],
    [0, []],
    [0, []],
  ]);
});

it("a bug is reported without what an error message may quote of a file", async () => {
  const secret = await run(["check"], {
    during: () => {
      JSON.parse('{"password": hunter2}');
    },
  });
  expect(secret.code).toBe(70);
  expect(secret.err).not.toContain("hunter2");
  expect(secret.err).toMatch(/command check\nSyntaxError\n {2}at /);
  expect(secret.err).toContain("error[CW9001 internal-error]");
  expect(secret.err).not.toContain(process.cwd());
  const document = await run(["check", "--format", "json"], {
    during: () => {
      throw new TypeError("x is not a function");
    },
  });
  expect(JSON.parse(document.out)).toMatchObject({ exitCode: 70, diagnostics: [{ code: "CW9001" }] });
});

it("progress is one plain line for each model where there is no terminal", async () => {
  const during = ({ progress }: { progress: (event: never) => void }): void =>
    progress({ kind: "done", model: "credit-risk", outcome: "written" } as never);
  expect((await run(["build"], { during })).err).toMatch(/^credit-risk: written\n/);
  expect((await run(["build", "--quiet"], { during })).err).toBe("");
  expect((await run(["build", "--format", "json"], { during })).err).toBe("");
});

const colors: readonly [
  choice: "auto" | "always" | "never",
  env: Record<string, string>,
  tty: boolean,
  colored: boolean,
][] = [
  ["auto", {}, true, true],
  ["auto", {}, false, false],
  ["auto", { TERM: "dumb" }, true, false],
  ["auto", { NO_COLOR: "1" }, true, false],
  ["auto", { NO_COLOR: "" }, true, true],
  ["auto", { FORCE_COLOR: "1" }, false, true],
  ["auto", { FORCE_COLOR: "0" }, true, false],
  ["auto", { FORCE_COLOR: "1", TERM: "dumb" }, false, true],
  ["auto", { FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
  ["always", { NO_COLOR: "1" }, false, true],
  ["never", { FORCE_COLOR: "1" }, true, false],
];

it.each(colors)("colour %s with %j on a terminal: %s", (choice, env, tty, colored) => {
  expect(useColor(choice, env, tty)).toBe(colored);
});
