import { beforeEach, expect, it } from "vitest";
import { hasErrors } from "../../src/diagnostics/diagnostic.ts";
import { cleanBuild, type Repository, repository } from "./repository.ts";

const timeout = 120_000;

/** A notebook whose two results are computed far apart, so that git can merge edits of both. */
const notebook = (first: number, second: number): string => `# %% [markdown]
# # Load

# %%
import pandas as pd

frame = pd.DataFrame({"amount": [10.0, 20.0, 30.0], "kind": ["a", "b", "a"]})

# %% [markdown]
# # Totals

# %%
total = frame["amount"].sum() * ${first}
print(total)

# %% [markdown]
# # Shares

# %%
share = frame["amount"].mean() / ${second}
print(share)
`;

const config = `models:
  - model: alpha
    notebooks: [alpha.py]
  - model: beta
    notebooks: [beta.py]
`;

let repo: Repository;
beforeEach(async () => {
  repo = repository({
    "crosswalk.yaml": config,
    "alpha.py": notebook(2, 2),
    "beta.py": notebook(2, 2),
    "requirements.txt": "pandas==2.2.3\n",
  });
  await built();
  repo.commit("first");
}, timeout);

async function built(): Promise<readonly string[]> {
  const { value, diagnostics } = await repo.build();
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return value.models.map((model) => model.outcome);
}

/** Two people start from the same commit; each changes files, builds and commits. Then the first one's branch is merged. */
async function twoPeople(
  first: Readonly<Record<string, string>>,
  second: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [branch, changed] of Object.entries({ theirs: first, ours: second })) {
    repo.git("checkout", "--quiet", "-b", branch, "main");
    for (const [path, text] of Object.entries(changed)) repo.write(path, text);
    await built();
    repo.commit(branch);
  }
}

function installed(): void {
  repo.git("checkout", "--quiet", "main");
  repo.git("config", "alias.crosswalk", "!crosswalk");
  repo.git("crosswalk", "merge-driver", "--install");
  repo.commit("attributes");
}

it("people who touched different models merge without a conflict, and there is nothing left to build", {
  timeout,
}, async () => {
  installed();
  await twoPeople({ "alpha.py": notebook(3, 2) }, { "beta.py": notebook(5, 2) });
  repo.git("merge", "--quiet", "--no-edit", "theirs");
  expect(await built()).toEqual(["unchanged", "unchanged"]);
  expect(repo.git("status", "--porcelain")).toBe("");
});

it("people who touched different cells of one model merge without a conflict; the next build is the clean one", {
  timeout,
}, async () => {
  installed();
  await twoPeople({ "alpha.py": notebook(3, 2) }, { "alpha.py": notebook(2, 7) });
  repo.git("merge", "--quiet", "--no-edit", "theirs");
  expect(repo.read("alpha.py")).toBe(notebook(3, 7));
  expect((await built())[1]).toBe("unchanged");
  const clean = await cleanBuild(repo);
  expect(repo.tree()).toEqual({ ...clean, ".gitattributes": repo.read(".gitattributes") });
});

it("the same by rebase", { timeout }, async () => {
  installed();
  await twoPeople({ "alpha.py": notebook(3, 2) }, { "alpha.py": notebook(2, 7) });
  repo.git("rebase", "--quiet", "theirs");
  await built();
  expect(repo.read("alpha.py")).toBe(notebook(3, 7));
  expect(repo.tree()).toEqual({ ...(await cleanBuild(repo)), ".gitattributes": repo.read(".gitattributes") });
});

it("without the driver, what git leaves with conflict marks is healed by the next build", { timeout }, async () => {
  // The same line of the product changes on both sides: git cannot merge it.
  await twoPeople({ "alpha.py": notebook(3, 2) }, { "alpha.py": notebook(4, 2) });
  expect(repo.tries("merge", "--no-edit", "theirs")).toBe(1);
  expect(repo.read("production/alpha/crosswalk.manifest.json")).toContain("<<<<<<<");
  const marked = Object.entries(repo.tree()).filter(
    ([path, text]) => path.startsWith("production/alpha/src") && text.includes("<<<<<<<"),
  );
  expect(marked.length).toBeGreaterThan(0);
  // The person resolves the notebook, and nothing else.
  repo.write("alpha.py", notebook(4, 2));
  const { diagnostics } = await repo.build();
  expect(hasErrors(diagnostics)).toBe(false);
  expect(diagnostics.map((d) => d.code)).toEqual(expect.arrayContaining(["CW6004", "CW6050"]));
  expect(repo.tree()).toEqual(await cleanBuild(repo));
});

it("a file that a person adopted is left to git's own merge, and nothing of it is lost", { timeout }, async () => {
  installed();
  await twoPeople({ "alpha.py": notebook(3, 2) }, { "beta.py": notebook(5, 2) });
  const path = Object.keys(repo.tree()).find((name) => name.endsWith("alpha/steps/totals.py")) ?? "";
  repo.write(path, `${repo.read(path)}\n# A remark of a person.\n`);
  const adopted = await repo.build({ adopt: [path] });
  expect(hasErrors(adopted.diagnostics)).toBe(false);
  repo.commit("an edit by hand");
  const left = repo.tries("merge", "--no-edit", "theirs");
  expect(left).toBeLessThan(2);
  const merged = repo.read(path);
  expect(merged).toContain("# A remark of a person.");
  const { diagnostics } = await repo.build();
  // Never silently: what git made of it stands until somebody has looked at it.
  expect(diagnostics.map((d) => d.code)).toContain("CW6001");
  expect(repo.read(path)).toBe(merged);
});

const pin = (name: string, version: string): string =>
  `{"folder":".","kind":"distribution","name":"${name}","version":"${version}"}\n`;

it("pins of different things in crosswalk.lock merge; of the same thing they are a conflict", { timeout }, async () => {
  installed();
  const lock = repo.read("crosswalk.lock");
  const sides = { theirs: pin("aaa", "1.0"), ours: pin("bbb", "2.0") };
  for (const [branch, line] of Object.entries(sides)) {
    repo.git("checkout", "--quiet", "-b", branch, "main");
    repo.write("crosswalk.lock", line + lock);
    repo.commit(branch);
  }
  repo.git("merge", "--quiet", "--no-edit", "theirs");
  expect(repo.read("crosswalk.lock")).toBe(sides.theirs + sides.ours + lock);
  repo.git("checkout", "--quiet", "-b", "third", "main");
  repo.write("crosswalk.lock", pin("bbb", "3.0") + lock);
  repo.commit("third");
  expect(repo.tries("merge", "--no-edit", "ours")).toBe(1);
  expect(repo.read("crosswalk.lock")).toContain("<<<<<<<");
});

it("git falls back to its own merge where crosswalk cannot be started", { timeout }, async () => {
  installed();
  await twoPeople({ "alpha.py": notebook(3, 2) }, { "beta.py": notebook(5, 2) });
  repo.write(".git/programs/crosswalk", "#!/bin/sh\nexit 127\n");
  repo.git("merge", "--quiet", "--no-edit", "theirs");
  expect(await built()).toEqual(["unchanged", "unchanged"]);
});
