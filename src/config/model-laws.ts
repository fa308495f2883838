import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { statIfThere } from "../foundation/if-there.ts";
import { baseName, dirName, isWithin, joinPath, relativePath, staysInside } from "../foundation/paths.ts";
import type { ModelConfig } from "./project.ts";
import { nearestFix } from "./wording.ts";

/** What is wrong with the models, and those that nothing is wrong with. */
export interface Judged {
  readonly sound: readonly ModelConfig[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What models must fulfil in the folders they stand in, and beside each other. */
export function checkModels(host: Host, root: string, models: readonly ModelConfig[]): Judged {
  const sources = [...new Set(models.flatMap((model) => [model.file, ...model.notebooks]))];
  const unsound = new Set<ModelConfig>();
  const diagnostics = models.flatMap((model, index) => {
    const before = models.slice(0, index);
    const own = [
      ...model.notebooks.flatMap((path, at) => checkNotebook(host, root, path, model.place("notebooks", at))),
      ...checkOut(host, root, model, sources),
    ];
    if (own.length > 0) unsound.add(model);
    // Of two that stand in each other's way it is not known which is right, so neither is.
    const namesake = before.find((one) => one.name === model.name);
    const neighbour = before.find((one) => one.name !== model.name && overlaps(one.out, model.out));
    for (const other of [namesake, neighbour]) if (other) unsound.add(model).add(other);
    return [
      ...(namesake ? [sameName(model, namesake)] : []),
      ...own,
      ...(neighbour ? [sharedOut(model, neighbour)] : []),
    ];
  });
  return { sound: models.filter((model) => !unsound.has(model)), diagnostics };
}

function sameName(model: ModelConfig, other: ModelConfig): Diagnostic {
  const place = other.place("model");
  const related = [{ message: "the other one", place }];
  return report("CW0030", model.place("model"), { model: model.name, file: place.file, line: place.line }, { related });
}

function checkNotebook(host: Host, root: string, path: string, place: Place): readonly Diagnostic[] {
  if (!staysInside(path)) return [report("CW0033", place, { path, why: "`..` leads above its root" })];
  const real = host.realPath(joinPath(root, path));
  if (real === undefined) return [report("CW0032", place, { path, fix: missingFix(host, root, path) })];
  const realRoot = host.realPath(root) ?? root;
  if (!staysInside(relativePath(realRoot, real))) return [report("CW0033", place, { path, why: "it is a link" })];
  if (statIfThere(host, real)?.kind === "file") return [];
  return [report("CW0032", place, { path, fix: "name a notebook in this folder; a folder is not read" })];
}

function missingFix(host: Host, root: string, path: string): string {
  const folder = dirName(path);
  const otherwise = "correct the path, or remove it from `notebooks`";
  try {
    const near = nearestFix(baseName(path), host.list(joinPath(root, folder)), "");
    return near === "" ? otherwise : near.replace(/`(.*)`/, (_, name: string) => `\`${joinPath(folder, name)}\``);
  } catch {
    return otherwise;
  }
}

/** The product must be below the root, in no folder that a link leads elsewhere, and hold nothing that people write. */
function checkOut(host: Host, root: string, model: ModelConfig, sources: readonly string[]): readonly Diagnostic[] {
  const place = model.place("out");
  const { out } = model;
  if (!staysInside(out)) return [];
  const reserved = out.split("/").find((part) => /^\.(?:git|crosswalk|hg|svn)$/i.test(part));
  if (reserved) return [report("CW0043", place, { out, why: `lies in \`${reserved}\`, which belongs to a tool` })];
  const within = sources.find((path) => liesIn(path, out));
  if (within) return [report("CW0043", place, { out, why: `also holds ${within}` })];
  const realRoot = host.realPath(root) ?? root;
  const parts = out.split("/");
  for (let depth = 1; depth <= parts.length; depth++) {
    const link = parts.slice(0, depth).join("/");
    const found = statIfThere(host, joinPath(root, link));
    if (!found) return [];
    const real = host.realPath(joinPath(root, link));
    if (real === undefined) return [report("CW0036", place, { out, link, where: "nowhere" })];
    if (!staysInside(relativePath(realRoot, real)))
      return [report("CW0036", place, { out, link, where: "out of the workspace" })];
    if (found.kind !== "link") continue;
    // A link inside the workspace can still make two products, or a product and its sources, one folder.
    return [report("CW0036", place, { out, link, where: "to another folder of the workspace" })];
  }
  return [];
}

function sharedOut(model: ModelConfig, other: ModelConfig): Diagnostic {
  const [inner, outer] = liesIn(model.out, other.out) ? [model, other] : [other, model];
  const related = [{ message: `the product of \`${other.name}\``, place: other.place("out") }];
  const params = { model: inner.name, out: inner.out, other: outer.name, otherOut: outer.out };
  return report("CW0031", model.place("out"), params, { related });
}

function overlaps(one: string, other: string): boolean {
  return liesIn(one, other) || liesIn(other, one);
}

/** Without regard to case, because some file systems have none. */
function liesIn(path: string, folder: string): boolean {
  return isWithin(folder.toLowerCase(), path.toLowerCase());
}
