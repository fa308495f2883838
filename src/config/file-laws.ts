import { catalogue, codeOf, report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { joinPath, staysInside } from "../foundation/paths.ts";
import { nearestFix } from "./wording.ts";
import {
  child,
  type EntryTree,
  entriesOf,
  itemsOf,
  type MapTree,
  placeOfKey,
  placeOfTree,
  type Tree,
  textOf,
} from "./yaml-tree.ts";

/** What the settings of one block must fulfil beyond their form: the JSON schema cannot see it. */
export function checkSettings(settings: MapTree): readonly Diagnostic[] {
  const environments = entriesOf(child(settings, "environments")).map((entry) => entry.value);
  const data = [settings, ...environments].flatMap((part) => entriesOf(child(part, "data")));
  const params = [settings, ...environments].flatMap((part) => entriesOf(child(part, "params")));
  const secrets = environments.flatMap((part) => entriesOf(child(part, "secrets")));
  return [
    ...checkOverrides(child(settings, "checks")),
    ...targetsTwice(child(settings, "targets")),
    ...data.flatMap((entry) => badIdentifier(entry, "the name of a dataset")),
    ...params.flatMap((entry) => badIdentifier(entry, "the name of a parameter")),
    ...secrets.flatMap((entry) => badIdentifier(entry, "the name of a secret")),
    ...data.flatMap((entry) => escaping(child(entry.value, "path"), dataFix)),
    ...escaping(child(settings, "out"), "choose a folder below that of the root crosswalk.yaml"),
  ];
}

const dataFix = "copy the file into the workspace, or give its place when it runs: `--data NAME=/place`";

/** True for `s3://…`: an address that no folder changes. */
export function isAddress(path: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(path);
}

function escaping(tree: Tree | undefined, fix: string): readonly Diagnostic[] {
  const path = textOf(tree);
  if (!tree || path === undefined || isAddress(path) || staysInside(joinPath(tree.file.folder, path))) return [];
  return [report("CW0034", placeOfTree(tree), { path, fix })];
}

/** Letters beyond ASCII are judged as Python does: after NFKC, which must change nothing, so that a name has one spelling. */
function badIdentifier(entry: EntryTree, what: string): readonly Diagnostic[] {
  const { key } = entry;
  const parts = key.split(".");
  if (parts.every((part) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(part) && part.normalize("NFKC") === part)) {
    return [];
  }
  const normal = key.normalize("NFKC");
  const why = normal === key ? "Python does not allow one of its letters" : `Python reads it as \`${normal}\``;
  const fix = normal === key ? "use letters, digits and `_`" : `write \`${normal}\``;
  return [report("CW0019", placeOfKey(entry), { name: key, what, why, fix })];
}

function checkOverrides(checks: Tree | undefined): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const before = new Map<string, EntryTree>();
  for (const entry of entriesOf(checks)) {
    const place = placeOfKey(entry);
    const code = codeOf(entry.key);
    if (code === undefined) {
      // A number near another number says nothing; only words are compared.
      const known = /^cw[0-9]/i.test(entry.key) ? [] : Object.values(catalogue()).map((e) => e.slug);
      const fix = nearestFix(entry.key, known, "write the code or the slug that the report shows");
      found.push(report("CW0039", place, { check: entry.key, fix }));
      continue;
    }
    const { severity, title } = catalogue()[code];
    const value = textOf(entry.value) ?? "off";
    const first = before.get(code);
    if (severity === ("error" as string)) found.push(report("CW0040", place, { check: code, title, value }));
    else if (first) {
      const at = placeOfKey(first);
      const related = [{ message: `the same check, as \`${first.key}\``, place: at }];
      found.push(report("CW0005", place, { key: entry.key, line: at.line }, { related }));
    } else before.set(code, entry);
  }
  return found;
}

function targetsTwice(targets: Tree | undefined): readonly Diagnostic[] {
  const before = new Map<string, Tree>();
  return itemsOf(targets).flatMap((item) => {
    const target = textOf(item) ?? textOf(child(item, "name"));
    if (target === undefined) return [];
    const first = before.get(target);
    if (!first) {
      before.set(target, item);
      return [];
    }
    const at = placeOfTree(first);
    const related = [{ message: "first written here", place: at }];
    return [report("CW0042", placeOfTree(item), { target, line: at.line }, { related })];
  });
}
