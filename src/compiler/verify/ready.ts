import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { ModelConfig } from "../../config/project.ts";
import { report } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { stateFolder } from "../../engine/names.ts";
import { sha256 } from "../../foundation/hash.ts";
import { joinPath } from "../../foundation/paths.ts";
import { satisfies } from "../../foundation/pep440.ts";
import {
  type Description,
  describePython,
  findNetwork,
  findPython,
  type Network,
  type Python,
} from "../../verify/ask.ts";
import type { OpenOptions, VerifyRequest } from "../session-contract.ts";

/** The user's Python, with all that verification needs of it. */
export interface Ready {
  readonly python: Python;
  readonly network: Network;
  readonly description: Description;
}

export interface ReadyInput {
  readonly options: OpenOptions;
  readonly root: string;
  readonly request: VerifyRequest;
  readonly model: ModelConfig;
  readonly blueprint: Blueprint;
  readonly serves: boolean;
}

/** Modules that verification itself needs, with the distributions that bring them. */
const kernel = { nbformat: "nbformat", nbclient: "nbclient", ipykernel: "ipykernel" };
const service = { fastapi: "fastapi", uvicorn: "uvicorn", prometheus_client: "prometheus-client" };

/** Finds a Python, looks whether it has what is needed, and finds out how to do without a network. */
export async function ready(input: ReadyInput): Promise<Ready | { readonly problem: Diagnostic }> {
  const { options, root, request, model, blueprint, serves } = input;
  const { host, signal } = options;
  const own: Readonly<Record<string, string>> = { ...kernel, ...(serves && request.http ? service : {}) };
  const requirements = [
    ...blueprint.requirements.map(({ distribution, specifier = "" }) => `${distribution}${specifier}`),
    ...Object.values(own),
  ];
  const python = await findPython({
    host,
    folders: [...new Set([joinPath(root, model.folder), root])],
    ...(request.python === undefined ? {} : { named: request.python }),
    specifier: model.python,
    satisfies,
    requirements,
    home: joinPath(root, stateFolder, "verify", `env-${sha256(requirements.join("\n")).slice(0, 12)}`),
    tell: request.tell,
    signal,
  });
  if ("tried" in python) {
    const tried = python.tried.join("; ") || "there is no virtual environment";
    return { problem: report("CW7003", undefined, { model: model.name, tried }) };
  }
  const network = await findNetwork(request.network, host.cwd, host.env);
  const distributions = blueprint.requirements.map(({ distribution }) => distribution);
  const description = await describePython({ host, python, network, signal }, Object.keys(own), distributions);
  if (typeof description === "string")
    return { problem: report("CW7003", undefined, { model: model.name, tried: `${python.origin}: ${description}` }) };
  if (description.missing.length > 0) {
    const names = description.missing.map((name) => own[name] ?? name);
    return {
      problem: report("CW7004", undefined, {
        model: model.name,
        origin: python.origin,
        modules: names.join(", "),
        install: `\`${python.program} -m pip install ${names.join(" ")}\``,
      }),
    };
  }
  return { python, network, description };
}
