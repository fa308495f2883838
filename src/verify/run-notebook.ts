import { joinPath } from "../foundation/paths.ts";
import type { Workplace } from "../sandbox/workplace.ts";
import { ask, copyWorkspace, kernelEnvironment } from "./ask.ts";
import type { VerifyInput } from "./verify.ts";

/** The folder with the values of a run, and what stands in it. */
export interface Kept {
  readonly folder: string;
  readonly values: unknown;
}

interface Values {
  readonly values: Readonly<Record<string, unknown>>;
  readonly seconds: number;
}

/** The notebook itself stops. */
export interface Problem {
  readonly problem: {
    readonly notebook: string;
    readonly cell: number | null;
    readonly line: number | null;
    readonly message: string;
  };
}

/** So many bytes of values are kept, at most, when a notebook is followed statement by statement. */
export const followed = 4 * 2 ** 30;

/** Runs the notebooks of the model in a copy of the workspace of this name; with `follow`, keeps so many bytes of what each statement leaves. */
export async function runNotebook(
  place: Workplace,
  input: VerifyInput,
  name: string,
  follow: number,
): Promise<{ readonly kept: Kept; readonly seconds: number } | Problem | { readonly why: string }> {
  const { plan } = input;
  const copy = copyWorkspace(place, input, name);
  const folder = place.at(`${name}-values`);
  const job = {
    out: folder,
    notebooks: plan.notebooks.map((one) => ({ ...one, folder: joinPath(copy, one.folder) })),
    notes: plan.notes,
    wanted: plan.wanted,
    follow,
    env: kernelEnvironment(place),
    unset: ["PYTHONPATH", "PYTHONSAFEPATH"],
  };
  const answer = await ask(place, input, "notebook", job);
  if ("why" in answer) return answer;
  const result = answer.value as Values | Problem;
  return "problem" in result ? result : { kept: { folder, values: result.values }, seconds: result.seconds };
}
