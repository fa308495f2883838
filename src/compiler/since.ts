import { configName } from "../config/config-file.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Phase } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { dirName, isWithin, joinPath } from "../foundation/paths.ts";
import type { ModelEntry } from "./actions/declared.ts";
import type { Incremental } from "./incremental.ts";

/** Files that differ, as absolute paths. */
export interface Changed {
  readonly files: ReadonlySet<string>;
  /** Those of them that came or went. */
  readonly moved: readonly string[];
}

/**
 * The files that differ from where this branch left `ref`, committed or not. undefined, with an error, where git
 * cannot tell: never "everything" in silence.
 */
export function changedSince(host: Host, root: string, ref: string): Phase<Changed | undefined> {
  const refused = (why: string, fix: string): Phase<undefined> => ({
    value: undefined,
    diagnostics: [report("CW5142", undefined, { ref, why, fix })],
  });
  const git = (...args: readonly string[]) => host.git?.(root, args);
  const commit = git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  if (!commit || (!commit.ok && commit.reason === "no-git"))
    return refused("git cannot be run here", "install git, or leave `--since` out");
  const isShallow = git("rev-parse", "--is-shallow-repository");
  const deepen = "run `git fetch --unshallow` first (with actions/checkout: `fetch-depth: 0`)";
  const needsHistory = isShallow?.ok === true && isShallow.text.trim() === "true";
  if (!isShallow?.ok) return refused("this is no checkout of git", "leave `--since` out, or run it in a checkout");
  if (!commit.ok)
    return refused(
      "git knows no such commit",
      needsHistory ? deepen : `run \`git fetch origin ${ref.replace(/^origin\//, "")}\`, or correct the name`,
    );
  const base = git("merge-base", commit.text.trim(), "HEAD");
  if (!base?.ok)
    return refused(
      "the history that joins it with HEAD is not here",
      needsHistory ? deepen : "name a commit that this branch comes of",
    );
  const differ = (filter: string) =>
    git(
      "diff",
      "--name-only",
      `--diff-filter=${filter}`,
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      "--ignore-submodules=all",
      "--relative",
      "-z",
      base.text.trim(),
      "--",
    );
  const asked = [differ("AD"), git("ls-files", "--others", "--exclude-standard", "-z"), differ("ad")];
  const lists: (readonly string[])[] = [];
  for (const one of asked) {
    if (!one?.ok) return refused(one?.message ?? "git failed", "run `git diff` by hand and see what it says");
    lists.push(one.text.split("\0").flatMap((path) => (path === "" ? [] : [joinPath(root, path)])));
  }
  const [came = [], untracked = [], edited = []] = lists;
  const moved = [...came, ...untracked];
  return { value: { files: new Set([...moved, ...edited]), moved }, diagnostics: [] };
}

/**
 * The models that a change of these files may touch: those that looked at one of them, or at the folder that it came into or went from,
 * those that they configure, and those whose product is among them. What a model looks at is known exactly: it is compiled, or remembered.
 */
export async function affectedBy(
  compiler: Incremental,
  models: readonly ModelEntry[],
  changed: Changed,
): Promise<readonly ModelEntry[]> {
  if (changed.files.size === 0) return [];
  const folders = new Set(changed.moved.map(dirName));
  const out: ModelEntry[] = [];
  for (const model of models) {
    await compiler.product(model);
    const configs = [configName, model.file].map((path) => joinPath(compiler.root, path));
    const product = joinPath(compiler.root, model.out);
    const isSeen = compiler.sources(model).some(({ kind, params }) => {
      if (typeof params !== "string") return false;
      return kind === "list" ? folders.has(params) : changed.files.has(params);
    });
    const isOurs = [...changed.files].some((path) => isWithin(product, path) || configs.includes(path));
    if (isSeen || isOurs) out.push(model);
  }
  return out;
}
