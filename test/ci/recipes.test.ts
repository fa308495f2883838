import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { optionalTool } from "../../scripts/lib/optional-tools.ts";
import { inRepository } from "../../scripts/lib/repository.ts";
import { type Repository, repository } from "../merge/repository.ts";
import { withTool } from "../with-tool.ts";

const timeout = 120_000;
const judge = process.env.CROSSWALK_CHECK_JSONSCHEMA;

const notebook = (factor: number): string => `# %%
import pandas as pd

# %%
frame = pd.DataFrame({"amount": [10.0, 20.0, 30.0]})
total = frame["amount"].sum() * ${factor}
`;

let repo: Repository;
beforeEach(async () => {
  repo = repository({
    "credit/crosswalk.yaml": "model: credit\nnotebooks: [train.py]\n",
    "credit/train.py": notebook(2),
    "credit/requirements.txt": "pandas==2.2.3\n",
  });
  // What `npx crosswalk` finds in node_modules is the same program.
  program("npx", 'exec "$@"');
  program("npm", "exit 0");
  repo.write(".gitignore", ".crosswalk/\nnode_modules\n.turbo\n.nx\n");
  expect(shell("crosswalk build").status).toBe(0);
  repo.commit("first");
}, timeout);

const programs = (): string => join(repo.folder, ".git", "programs");

function program(name: string, script: string): void {
  const path = join(programs(), name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** A shell as CI opens it: the first failure ends it. */
function shell(script: string, folder = "credit", env: Readonly<Record<string, string>> = {}) {
  const PATH = `${programs()}:${process.env.PATH}`;
  return spawnSync("bash", ["-eo", "pipefail", "-c", script], {
    cwd: join(repo.folder, folder),
    env: { ...process.env, PATH, GITHUB_PATH: join(repo.folder, ".git", "github-path"), ...env },
    encoding: "utf8",
  });
}

/** The three states a commit can be in, and whether it may pass. */
const states: readonly (readonly [string, boolean, () => void])[] = [
  ["a product that is current", true, () => {}],
  ["a notebook that was changed and not built", false, () => repo.write("credit/train.py", notebook(3))],
  [
    "a product that was edited by hand",
    false,
    () => {
      const path = "credit/production/credit/README.md";
      repo.write(path, `${repo.read(path)}edited\n`);
    },
  ],
];

interface Action {
  readonly runs: {
    readonly steps: readonly {
      readonly run?: string;
      readonly shell?: string;
      readonly env?: Record<string, string>;
    }[];
  };
}

it.each(states)("the GitHub action judges %s", { timeout }, (_, passes, change) => {
  const action = parse(readFileSync(inRepository("ci/github/action.yml"), "utf8")) as Action;
  const scripts = action.runs.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  expect(scripts).toHaveLength(3);
  // Inputs reach the scripts as variables, never as text in them.
  expect(scripts.join("\n")).not.toContain("${{");
  change();
  const codes = scripts.map((script) => shell(script, "credit", { VERSION: "", MAX_WARNINGS: "" }).status);
  expect(codes.slice(0, 2)).toEqual([0, 0]);
  expect(codes[2] === 0).toBe(passes);
});

interface GitLabJob {
  readonly before_script: readonly string[];
  readonly script: readonly string[];
}

it.each(states)("the GitLab job judges %s, and leaves a report", { timeout }, (_, passes, change) => {
  const file = parse(readFileSync(inRepository("ci/gitlab/crosswalk.gitlab-ci.yml"), "utf8")) as {
    crosswalk: GitLabJob;
  };
  const { before_script, script } = file.crosswalk;
  change();
  const ran = shell([...before_script, ...script].join("\n"), ".", { CROSSWALK_FOLDER: "credit" });
  expect(ran.status === 0).toBe(passes);
  expect(Array.isArray(JSON.parse(repo.read("credit/gl-code-quality-report.json")))).toBe(true);
});

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files?: string;
}

it.each(states)("the pre-commit hooks judge %s", { timeout }, (_, passes, change) => {
  const hooks = parse(readFileSync(inRepository(".pre-commit-hooks.yaml"), "utf8")) as readonly Hook[];
  expect(hooks.map(({ id }) => id)).toEqual(["crosswalk-check", "crosswalk-current", "crosswalk-fmt"]);
  change();
  const codes = hooks.map(({ entry }) => shell(entry).status);
  expect(codes).toEqual([0, passes ? 0 : codes[1], 0]);
  expect(codes[1] === 0).toBe(passes);
  for (const path of ["a/train.ipynb", "crosswalk.yaml", "m/crosswalk.lock", "requirements-dev.txt"])
    expect(new RegExp(hooks[0]?.files ?? "").test(path), path).toBe(true);
});

it.skipIf(judge === undefined)(
  judge === undefined
    ? "skipped: CROSSWALK_CHECK_JSONSCHEMA not set"
    : "the schemas of GitHub and GitLab take the files",
  { timeout },
  () => {
    const files = {
      "vendor.github-actions": "ci/github/action.yml",
      "vendor.gitlab-ci": "ci/gitlab/crosswalk.gitlab-ci.yml",
    };
    for (const [schema, file] of Object.entries(files)) {
      const ran = spawnSync(String(judge), ["--builtin-schema", schema, inRepository(file)], { encoding: "utf8" });
      if (!/invalid choice|Invalid value/i.test(ran.stderr))
        expect([file, ran.status, ran.stdout]).toEqual([file, 0, ran.stdout]);
    }
  },
);

withTool("pre-commit", "the hooks, with pre-commit", async () => {
  const hooks = repository({ ".pre-commit-hooks.yaml": readFileSync(inRepository(".pre-commit-hooks.yaml"), "utf8") });
  hooks.commit("hooks");
  const tool = optionalTool("pre-commit");
  if (tool.kind === "missing") throw new Error(tool.reason);
  repo.git("mv", "credit/crosswalk.yaml", "credit/train.py", "credit/requirements.txt", "credit/production", ".");
  const env = { PRE_COMMIT_HOME: join(repo.folder, ".git", "pre-commit"), PYTHONDONTWRITEBYTECODE: "1" };
  const run = () => runTool(tool.command, [...tool.args, "try-repo", hooks.folder, "--all-files"], env);
  expect(run()).toMatchObject({ status: 0 });
  repo.write("train.py", notebook(3));
  const stale = run();
  expect(stale.status).toBe(1);
  expect(stale.said).toMatch(/crosswalk check\.*Passed[\s\S]*crosswalk build --check\.*Failed/);
});

/** The JSON blocks of a recipe by the file that their first line names. */
function blocksOf(page: string): Readonly<Record<string, string>> {
  const text = readFileSync(inRepository("docs/recipes", page), "utf8");
  return Object.fromEntries(
    [...text.matchAll(/^```json\n\/\/ (\S+).*\n([\s\S]*?)^```/gm)].map(([, name = "", body = ""]) => [name, body]),
  );
}

/** What one of these tools says and gives, run in the repository. */
function runTool(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const ran = spawnSync(command, args, {
    cwd: repo.folder,
    env: { ...process.env, PATH: `${programs()}:${dirname(process.execPath)}:${process.env.PATH}`, CI: "1", ...env },
    encoding: "utf8",
    timeout: 90_000,
  });
  return { status: ran.status, said: `${ran.stdout}${ran.stderr}` };
}

/** The same story in every tool that caches tasks. */
function story(
  run: (task: "build" | "check") => { readonly status: number | null; readonly said: string },
  cached: RegExp,
): void {
  const first = run("check");
  expect(first.said, first.said).not.toMatch(cached);
  expect(first.status, first.said).toBe(0);
  expect(run("check").said).toMatch(cached);
  // A changed notebook: the check runs again and fails, the build mends it.
  repo.write("credit/train.py", notebook(3));
  expect(run("check").status).not.toBe(0);
  expect(run("build").status).toBe(0);
  expect(run("check").status).toBe(0);
  // An edit by hand: the check sees it, and no cached task writes over it.
  const path = "credit/production/credit/README.md";
  const edited = `${repo.read(path)}edited\n`;
  repo.write(path, edited);
  expect(run("check").status).not.toBe(0);
  expect(run("build").status).not.toBe(0);
  expect(repo.read(path)).toBe(edited);
}

withTool("turbo", "the recipe for Turborepo, with turbo", async () => {
  const blocks = blocksOf("turborepo.md");
  repo.write("turbo.json", blocks["turbo.json"] ?? "");
  repo.write("credit/package.json", blocks["package.json"] ?? "");
  repo.write(
    "package.json",
    JSON.stringify({ name: "root", private: true, packageManager: "npm@11.0.0", workspaces: ["credit"] }),
  );
  repo.write(
    "package-lock.json",
    JSON.stringify({
      name: "root",
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": { name: "root", workspaces: ["credit"] },
        credit: { name: "credit-risk" },
        "node_modules/credit-risk": { resolved: "credit", link: true },
      },
    }),
  );
  program(
    "npm",
    `[ "$1" = run ] && shift; exec sh -c "$("${process.execPath}" -p "require('./package.json').scripts['$1']")"`,
  );
  repo.commit("turbo");
  const tool = optionalTool("turbo");
  if (tool.kind === "missing") throw new Error(tool.reason);
  const env = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
  story(
    (task) => runTool(tool.command, ["run", `crosswalk:${task}`, "--env-mode=loose", "--no-color"], env),
    /1 cached, 1 total/,
  );
});

withTool("nx", "the recipe for Nx, with nx", async () => {
  const blocks = blocksOf("nx.md");
  repo.write("credit/project.json", blocks["project.json"] ?? "");
  repo.write("nx.json", "{}");
  repo.write("package.json", JSON.stringify({ name: "root", private: true }));
  const tool = optionalTool("nx");
  if (tool.kind === "missing") throw new Error(tool.reason);
  symlinkSync(dirname(dirname(tool.command)), join(repo.folder, "node_modules"));
  repo.commit("nx");
  const env = { NX_DAEMON: "false", NX_NO_CLOUD: "true", NX_TUI: "false", DO_NOT_TRACK: "1" };
  story(
    (task) => runTool(tool.command, ["run", `credit-risk:crosswalk-${task}`], env),
    /existing outputs match the cache|local cache|\[.*cache.*\]/,
  );
});
