import { normalizeDistribution, type Pins } from "../../blueprint/requirements.ts";
import type { ModelConfig } from "../../config/project.ts";
import { report } from "../../diagnostics/catalogue.ts";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import { canonicalJson } from "../../foundation/hash.ts";
import type { Host } from "../../foundation/host.ts";
import { nearest } from "../../foundation/nearest.ts";
import { exactVersion } from "../../foundation/pep440.ts";
import { type DatasetEntry, type LockEntry, lockId, lockLabel, lockName, readLock } from "../lock-file.ts";
import { findPins } from "../pins.ts";
import { differenceOf, isDataAtHand, type Learnt, learnData } from "./learn-data.ts";
import type { LockNeeds } from "./needs.ts";

/** A model and what its product needs; undefined where it has none. */
export interface ModelNeeds {
  readonly model: ModelConfig;
  readonly needs: LockNeeds | undefined;
}

export interface PlanInput {
  readonly host: Host;
  readonly root: string;
  readonly models: readonly ModelNeeds[];
  /** Entries to learn anew; undefined adds only what is missing. */
  readonly update: "all" | readonly string[] | undefined;
  /** `build`: as quick as can be and silent about what is not at hand. */
  readonly mode: "lock" | "build";
  /** True when `models` are all models of the workspace: only then an entry can be known to be needless. */
  readonly isWhole: boolean;
}

/** What the lock is to hold. `entries` is undefined when it is better left as it is. */
export interface LockPlan {
  readonly entries: readonly LockEntry[] | undefined;
  readonly before: string | undefined;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** A build does not read larger files. */
const buildLimit = 256 * 2 ** 20;

/** Something that has its entry in the lock. `now` learns it from what is here. */
interface Wanted {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  /** Whether an entry could be learnt here and now, as far as that can be told without reading data. */
  isAtHand(): boolean;
  /** The entry as things are, or a diagnostic that says why there is none. */
  now(): { readonly entry?: LockEntry; readonly problem?: Diagnostic };
}

/** Compares the lock with what the models need. Nothing is written. */
export function planLock(input: PlanInput): LockPlan {
  const { host, root, update, mode } = input;
  const lock = readLock(host, root);
  const diagnostics: Diagnostic[] = lock.damaged.map(({ line, problem }) =>
    report("CW5120", undefined, { line, file: lockName, problem }),
  );
  const wanted = wantedOf(input);
  diagnostics.push(...unknownNames(wanted, update));
  const result = { before: lock.text, added: [] as string[], changed: [] as string[], unchanged: 0 };
  if (hasErrors(diagnostics)) return { ...result, entries: undefined, diagnostics };
  const entries = new Map<string, LockEntry>();
  for (const [id, same] of lock.entries) {
    const [only] = same;
    if (same.length === 1 && only) entries.set(id, only);
  }
  for (const one of wanted.values()) {
    const known = entries.get(one.id);
    const same = lock.entries.get(one.id) ?? [];
    const isAsked = covers(update, one);
    if (known && !isAsked && (mode === "build" || known.kind === "distribution")) {
      result.unchanged++;
      continue;
    }
    const { entry, problem } = one.now();
    if (problem && mode === "lock") diagnostics.push(problem);
    if (known && !isAsked) {
      result.unchanged++;
      diagnostics.push(...changedData(known, entry));
    } else if (!entry) {
      if (known) result.unchanged++;
    } else if (known || (same.length > 1 && isAsked)) {
      const isSame = known !== undefined && canonicalJson(known) === canonicalJson(entry);
      if (isSame) result.unchanged++;
      else result.changed.push(one.label);
      entries.set(one.id, entry);
    } else if (same.length > 1) {
      // A merge left several: the one that is true here stays, as it is written.
      const right = same.find((other) => isTrue(other, entry));
      if (right) {
        entries.set(one.id, right);
        result.unchanged++;
      }
    } else {
      entries.set(one.id, entry);
      result.added.push(one.label);
    }
  }
  for (const [id, same] of lock.entries) {
    const [first] = same;
    if (!first || entries.has(id)) continue;
    const params = { file: lockName, count: same.length, entry: lockLabel(first), name: first.name };
    diagnostics.push(report("CW5121", undefined, params));
  }
  if (update === "all" && input.isWhole && input.models.every(({ needs }) => needs))
    for (const [id, entry] of entries)
      if (!wanted.has(id)) {
        entries.delete(id);
        result.changed.push(lockLabel(entry));
      }
  const isSound = !hasErrors(diagnostics);
  return { ...result, entries: isSound ? [...entries.values()] : undefined, diagnostics };
}

/** True when a build has nothing to add to the lock, and nothing to say of it: what it does not hold yet is not at hand either. */
export function isLockComplete(input: Pick<PlanInput, "host" | "root" | "models">): boolean {
  const lock = readLock(input.host, input.root);
  if (lock.damaged.length > 0 || [...lock.entries.values()].some((same) => same.length > 1)) return false;
  return [...wantedOf({ ...input, mode: "build" })].every(([id, one]) => lock.entries.has(id) || !one.isAtHand());
}

/** Everything the models need an entry for, by id. */
function wantedOf({
  host,
  root,
  models,
  mode,
}: Pick<PlanInput, "host" | "root" | "models" | "mode">): ReadonlyMap<string, Wanted> {
  const out = new Map<string, Wanted>();
  for (const { model, needs } of models) {
    if (!needs) continue;
    let pins: Pins | undefined;
    const pinsNow = (): Pins => {
      pins ??= findPins(host, root, model, false).pins;
      return pins;
    };
    for (const { name: distribution, isImported } of needs.distributions) {
      const name = normalizeDistribution(distribution.replace(/\[.*/, ""));
      const base = { kind: "distribution", folder: model.folder, name } as const;
      const id = lockId({ ...base, version: "" });
      if (out.has(id)) continue;
      const label = lockLabel({ ...base, version: "" });
      const versionNow = () => exactVersion(pinsNow().get(name)?.specifier ?? "");
      const now: Wanted["now"] = () => {
        const version = versionNow();
        if (version !== undefined) return { entry: { ...base, version } };
        if (!isImported) return {};
        return { problem: report("CW5125", undefined, { distribution: name, model: model.name }) };
      };
      out.set(id, { id, name, label, now, isAtHand: () => versionNow() !== undefined });
    }
    for (const dataset of needs.datasets) {
      const base = { kind: "dataset", model: model.name, name: dataset.name, sha256: "" } as const;
      const limit = mode === "build" ? buildLimit : undefined;
      const now: Wanted["now"] = () => learntEntry(learnData(host, root, model, dataset, limit), dataset.name);
      const isAtHand = () => isDataAtHand(host, root, model, dataset, limit);
      out.set(lockId(base), { id: lockId(base), name: dataset.name, label: lockLabel(base), now, isAtHand });
    }
  }
  return out;
}

function learntEntry(learnt: Learnt, name: string): ReturnType<Wanted["now"]> {
  if (learnt.kind === "absent") {
    const { path, why } = learnt;
    return { problem: report("CW5123", undefined, { name, path, why }) };
  }
  const { entry, odd } = learnt;
  return odd === undefined ? { entry } : { entry, problem: report("CW5124", undefined, { name, why: odd }) };
}

function covers(update: PlanInput["update"], { name, label }: Wanted): boolean {
  if (update === undefined || update === "all") return update === "all";
  return update.some((one) => one === name || one === label || normalizeDistribution(one) === name);
}

function unknownNames(wanted: ReadonlyMap<string, Wanted>, update: PlanInput["update"]): readonly Diagnostic[] {
  if (update === undefined || update === "all") return [];
  const all = [...wanted.values()];
  return update
    .filter((name) => !all.some((one) => covers([name], one)))
    .map((name) => {
      const known = [...new Set(all.map((one) => one.name))];
      const near = nearest(name, known);
      const fix =
        near === undefined ? `name one of ${known.slice(0, 8).join(", ") || "none"}` : `did you mean \`${near}\``;
      return report("CW5122", undefined, { name, fix });
    });
}

function changedData(known: LockEntry, now: LockEntry | undefined): readonly Diagnostic[] {
  if (known.kind !== "dataset" || now?.kind !== "dataset") return [];
  const what = differenceOf(known, now);
  return what === undefined ? [] : [report("CW5128", undefined, { name: known.name, what })];
}

/** Whether an entry of the lock is what is here now; of data the bytes decide. */
function isTrue(entry: LockEntry, now: LockEntry): boolean {
  return entry.kind === "dataset"
    ? entry.sha256 === (now as DatasetEntry).sha256
    : canonicalJson(entry) === canonicalJson(now);
}
