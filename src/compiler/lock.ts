import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import { type Host, HostError } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";
import type { Compiled } from "./compile.ts";
import { lockNeeds } from "./lock/needs.ts";
import { type LockPlan, type ModelNeeds, planLock } from "./lock/plan.ts";
import { lockName, lockText, readLock } from "./lock-file.ts";
import { findPins } from "./pins.ts";
import type { LockRequest, LockResult } from "./session-contract.ts";

export interface LockInput {
  readonly host: Host;
  readonly root: string;
  readonly request: LockRequest;
  readonly compiled: readonly Compiled[];
}

/** Writes down what is missing in crosswalk.lock; what is there changes only when `update` names it. */
export async function lock({ host, root, request, compiled }: LockInput): Promise<Phase<LockResult>> {
  const isWhole = request.models.length === 0;
  const models = compiled.map((one) => ({ model: one.model, needs: lockNeeds(one) }));
  const plan = planLock({ host, root, models, update: request.update, mode: "lock", isWhole });
  const diagnostics = [
    ...compiled.flatMap((one) => (one.built ? [] : one.diagnostics.filter((d) => d.severity === "error"))),
    ...followed(host, root, compiled),
    ...plan.diagnostics,
    ...write(host, root, plan),
    ...(request.uv ? compiled.map((one) => uvElsewhere(one)) : []),
  ];
  return { value: { added: plan.added, changed: plan.changed, unchanged: plan.unchanged }, diagnostics };
}

/**
 * For `build`, after products were written: adds to the lock what their making used and it did not hold yet. Never changes an
 * entry, and says nothing of data that are not at hand.
 */
export function completeLock(input: {
  readonly host: Host;
  readonly root: string;
  /** The models whose products were written or are current. */
  readonly models: readonly ModelNeeds[];
}): readonly Diagnostic[] {
  const plan = planLock({ ...input, update: undefined, mode: "build", isWhole: false });
  return [...plan.diagnostics, ...write(input.host, input.root, plan)];
}

/** What is wrong with the lock as it stands: to be said before a build trusts it. */
export function lockProblems(host: Host, root: string): readonly Diagnostic[] {
  return readLock(host, root).damaged.map(({ line, problem }) =>
    report("CW5120", undefined, { line, file: lockName, problem }),
  );
}

function write(host: Host, root: string, { entries, before }: LockPlan): readonly Diagnostic[] {
  if (!entries) return [];
  const text = lockText(entries);
  // git may have given the file other line ends; an empty lock is not made.
  if (text === (before ?? "").replaceAll("\r\n", "\n")) return [];
  const at = joinPath(root, lockName);
  try {
    if (host.stat(at)?.kind === "link") return [unwritable("it is a link")];
    host.writeAtomic(at, text);
    return [];
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return [unwritable(error.message)];
  }
}

function unwritable(why: string): Diagnostic {
  return report("CW5127", undefined, { file: lockName, why });
}

/** Includes of requirements files that led nowhere, each once. */
function followed(host: Host, root: string, compiled: readonly Compiled[]): readonly Diagnostic[] {
  const all = compiled.flatMap(({ model }) => findPins(host, root, model, false).diagnostics);
  return all.filter((one, i) => all.findIndex((other) => other.message === one.message) === i);
}

function uvElsewhere({ model }: Compiled): Diagnostic {
  return report("CW5126", undefined, { model: model.name, folder: model.out });
}
