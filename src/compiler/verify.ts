import { report } from "../diagnostics/catalogue.ts";
import { type Diagnostic, hasErrors, type Phase, type Place } from "../diagnostics/diagnostic.ts";
import { checkProduct } from "../engine/check.ts";
import { stateFolder } from "../engine/names.ts";
import { canonicalJson, prettyJson, sha256 } from "../foundation/hash.ts";
import { decodeUtf8, type Host } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";
import { staysBehind } from "../verify/ask.ts";
import { differenceText, judge } from "../verify/judge.ts";
import { planOf } from "../verify/plan.ts";
import type { Divergence, ProductFacts, VerificationRecord } from "../verify/record.ts";
import { type GeneratedFile, type Outcome, verify } from "../verify/verify.ts";
import { productOf } from "./actions/product.ts";
import { commitOf } from "./commit-request.ts";
import type { Compiled } from "./compile.ts";
import type { OpenOptions, VerifiedModel, VerifyRequest, VerifyResult } from "./session-contract.ts";
import { codeDigest, digestOfFile, digestOfFolder } from "./verify/content.ts";
import { ready } from "./verify/ready.ts";

export interface VerifyModels {
  readonly options: OpenOptions;
  readonly root: string;
  readonly request: VerifyRequest;
  readonly compiled: readonly Compiled[];
  /** False where the workspace itself has errors. */
  readonly isClear: boolean;
}

/** Verifies each model whose notebooks are sound; what was verified before with the same content is not run again. */
export async function verifyModels(input: VerifyModels): Promise<Phase<VerifyResult>> {
  const models: VerifiedModel[] = [];
  const diagnostics: Diagnostic[] = [];
  if (!input.isClear) return { value: { models }, diagnostics };
  const { record } = input.request;
  const count = input.compiled.length;
  if (record !== undefined && count > 1)
    return { value: { models }, diagnostics: [report("CW7012", undefined, { record, count })] };
  for (const compiled of input.compiled) {
    if (input.options.signal.aborted) break;
    if (hasErrors(compiled.diagnostics) || !compiled.built) continue;
    const one = await verifyModel(input, compiled);
    if (one.value) models.push(one.value);
    diagnostics.push(...one.diagnostics);
  }
  return { value: { models }, diagnostics };
}

/** The largest difference of two numbers that are still equal: absolute below 1, relative above. */
const tolerance = 1e-9;

async function verifyModel(input: VerifyModels, compiled: Compiled): Promise<Phase<VerifiedModel | undefined>> {
  const { options, root, request } = input;
  const { host } = options;
  const { model, built } = compiled;
  const none = (...diagnostics: readonly Diagnostic[]) => ({ value: undefined, diagnostics });
  if (!built) return none();
  const product = productFacts(input, compiled);
  if (!product) return none(report("CW7006", undefined, { folder: model.out, model: model.name }));
  const { blueprint } = built;
  const plan = planOf(
    blueprint,
    compiled.chain.notebooks.map(({ notebook }) => notebook),
  );
  const prepared = await ready({ options, root, request, model, blueprint, serves: plan.served.length > 0 });
  if ("problem" in prepared) return none(prepared.problem);
  const { python, network, description } = prepared;
  const inputs = {
    notebooks: blueprint.notebooks.map((path) => ({ path, sha256: digestOfFile(host, joinPath(root, path)) ?? "" })),
    datasets: blueprint.datasets.flatMap(({ name, mode, path }) => {
      const digest = mode === "input" ? digestOfFile(host, joinPath(root, model.folder, path)) : undefined;
      return digest === undefined ? [] : [{ name, path, sha256: digest }];
    }),
    workspace: digestOfFolder(host, root, (path) => staysBehind(path, model.out)),
  };
  const tool = `crosswalk ${options.toolVersion}`;
  const environment = {
    python: description.python,
    origin: python.origin,
    platform: description.platform,
    versions: description.versions,
    sha256: description.sha256,
  };
  const facts = { tool, model: model.name, product, inputs, environment, tolerance };
  const key = sha256(canonicalJson({ ...facts, plan, code: codeDigest, http: request.http, network: network.isOff }));
  const file = joinPath(stateFolder, "verify", model.name, `${key.slice(0, 16)}.json`);
  const known = request.force ? undefined : readRecord(host, joinPath(root, file), key);
  if (known) return done(input, compiled, { name: model.name, record: known, file, isRemembered: true });
  const agreed = await request.agree(blueprint.notebooks);
  if (agreed !== true)
    return none(
      report("CW7005", undefined, { model: model.name, notebooks: blueprint.notebooks.join(", "), why: agreed }),
    );
  const started = new Date().toISOString();
  const outcome = await verify({
    host,
    root,
    folder: model.folder,
    out: model.out,
    package: blueprint.package,
    plan,
    generated: generatedOf(compiled),
    python,
    network,
    http: request.http,
    follow: true,
    limits: { seconds: request.seconds, memory: request.memory },
    tolerance,
    tell: (text) => request.tell(`${model.name}: ${text}`),
    signal: options.signal,
  });
  if (outcome.kind !== "done") return none(...problemOf(compiled, outcome));
  const judged = judge(outcome.findings, plan.promised);
  const record: VerificationRecord = {
    version: 1,
    ...facts,
    ...judged,
    key,
    started,
    finished: new Date().toISOString(),
    network: { isOff: network.isOff, how: network.how },
    limits: { seconds: request.seconds, memory: request.memory },
    runs: outcome.runs,
    ...(outcome.divergence === undefined ? {} : { divergence: outcome.divergence }),
    ...(outcome.selfCheck === undefined ? {} : { selfCheck: outcome.selfCheck }),
  };
  const ignore = joinPath(root, stateFolder, ".gitignore");
  if (host.stat(ignore) === undefined) host.writeAtomic(ignore, "*\n");
  host.writeAtomic(joinPath(root, file), prettyJson(record));
  return done(input, compiled, { name: model.name, record, file, isRemembered: false });
}

/** What is said of a finished verification, new or remembered. */
function done({ options, request }: VerifyModels, compiled: Compiled, verified: VerifiedModel): Phase<VerifiedModel> {
  const { record, file } = verified;
  const { model, product, network } = record;
  if (request.record !== undefined) options.host.writeAtomic(request.record, prettyJson(record));
  const diagnostics: Diagnostic[] = [];
  for (const path of product.differing.slice(0, 1)) {
    if (product.state === "edited") diagnostics.push(report("CW7008", undefined, { path, model }));
    if (product.state === "stale") diagnostics.push(report("CW7007", undefined, { path, model }));
  }
  if (!network.isOff && request.network) diagnostics.push(report("CW7011", undefined, { model, how: network.how }));
  if (record.verdict === "different") {
    const first = record.compared.find((one) => one.outcome === "different");
    const { divergence } = record;
    const difference = divergence ? divergenceText(divergence) : first ? differenceText(first) : "";
    const place = divergence && placeIn(compiled, divergence.notebook, divergence.cell, divergence.line);
    diagnostics.push(report("CW7001", place, { model, difference, record: file }));
  }
  if (record.verdict === "not comparable")
    diagnostics.push(report("CW7002", undefined, { model, reason: record.reasons.join("; ") }));
  return { value: verified, diagnostics };
}

function divergenceText({ statement, variable, at, inNotebook, inProduct, where }: Divergence): string {
  return `behind \`${statement}\` the ${where}'s ${at || variable} is ${inProduct}, in the notebook ${inNotebook}`;
}

function problemOf(compiled: Compiled, outcome: Exclude<Outcome, { kind: "done" }>): readonly Diagnostic[] {
  const model = compiled.model.name;
  switch (outcome.kind) {
    case "interrupted":
      return [];
    case "notebook failed": {
      const { notebook, cell, line, message } = outcome;
      const place = cell === undefined ? undefined : placeIn(compiled, notebook, cell, line ?? 1);
      return [report("CW7009", place, { notebook, message })];
    }
    case "stopped":
      return [report("CW7010", undefined, { model, what: outcome.what, why: outcome.why })];
  }
}

/** The place of a line of a cell. */
function placeIn({ chain }: Compiled, path: string, cell: number, line: number): Place | undefined {
  const notebook = chain.notebooks.find((one) => one.notebook.path === path)?.notebook;
  const found = notebook?.cells.find((one) => one.index === cell);
  if (!found) return undefined;
  const lines = found.source.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  return found.place({ start, end: start + (lines[line - 1]?.length ?? 0) });
}

/** The files whose lines came from cells: steps and predictor. */
export function generatedOf({ files }: Compiled): Readonly<Record<string, GeneratedFile>> {
  return Object.fromEntries(
    files.flatMap(({ path, text, origins }) =>
      origins.length === 0 || !path.endsWith(".py")
        ? []
        : [
            [
              path,
              {
                text,
                origins: origins.map((one) => [one.line, one.endLine, one.notebook, one.cell, one.span.start] as const),
              },
            ] as const,
          ],
    ),
  );
}

/** The product as it stands on disk; undefined where there is none. */
function productFacts({ options, root }: VerifyModels, compiled: Compiled): ProductFacts | undefined {
  const { host, toolVersion } = options;
  const { model, built } = compiled;
  const folder = joinPath(root, model.out);
  const name = built?.blueprint.package ?? "";
  if (host.stat(joinPath(folder, "src", name, "__main__.py"))?.kind !== "file") return undefined;
  const { outcome, plan } = checkProduct(host, commitOf(compiled.model, productOf(compiled), root, toolVersion, {}));
  const stale = plan.files.filter(({ status }) => status === "stale" || status === "missing").map(({ path }) => path);
  const differing = outcome === "drift" ? plan.drift : stale.map((path) => joinPath(model.out, path));
  const init = decodeUtf8(host.readBytes(joinPath(folder, "src", name, "pipeline.py"))) ?? "";
  return {
    folder: model.out,
    package: name,
    build: /sha256:[0-9a-f]+/.exec(init)?.[0] ?? "unknown",
    sha256: digestOfFolder(host, folder, (path) => path.split("/").includes("__pycache__")),
    state: outcome === "drift" ? "edited" : outcome === "fresh" || differing.length === 0 ? "current" : "stale",
    differing,
  };
}

function readRecord(host: Host, path: string, key: string): VerificationRecord | undefined {
  if (host.stat(path)?.kind !== "file") return undefined;
  try {
    const record = JSON.parse(decodeUtf8(host.readBytes(path)) ?? "") as VerificationRecord;
    return record.key === key && record.version === 1 ? record : undefined;
  } catch {
    // Cut off or edited: then it is made again.
    return undefined;
  }
}
