import { fileURLToPath } from "node:url";
import { runCli } from "../../../src/cli/run.ts";
import type {
  BuildRequest,
  BuiltModel,
  ExplainRequest,
  FmtRequest,
  InitOptions,
  LockRequest,
  ModelRequest,
  OpenOptions,
  Session,
  SessionModule,
  VerifiedModel,
  VerifyRequest,
} from "../../../src/compiler/session-contract.ts";
import { report } from "../../../src/diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../../../src/diagnostics/diagnostic.ts";
import { type MemoryHost, memoryHost } from "../../../src/foundation/host-memory.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly host: MemoryHost;
  /** What the session was asked, in order. */
  readonly asked: readonly (readonly [name: string, request: unknown])[];
}

export interface Setting {
  readonly tty?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly built?: readonly BuiltModel[];
  readonly changed?: readonly string[];
  /** Called inside every request of the session. */
  readonly during?: (options: OpenOptions, stop: AbortController) => void;
  readonly noGraph?: boolean;
  /** What the person on the terminal says to a question. */
  readonly agrees?: true | string;
  readonly verified?: readonly VerifiedModel[];
}

export const model: BuiltModel = {
  name: "credit-risk",
  outcome: "written",
  out: "production/credit-risk",
  package: "credit_risk",
  written: ["a", "b", "c"],
  removed: [],
  unchanged: 214,
  drifted: [],
  status: "ran",
  reason: "cells",
  began: 1,
  took: 40,
};

const packageFolder = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs the command line on a host in memory, with a session that answers what the setting says. */
export async function run(argv: readonly string[], setting: Setting = {}): Promise<Ran> {
  const stop = new AbortController();
  const asked: [string, unknown][] = [];
  const real = nodeHost();
  const memory = memoryHost(
    { "/repo/crosswalk.yaml": "model: credit-risk\n" },
    setting.env ?? {},
    setting.cwd ?? "/repo",
  );
  // The package's own files come from the disk, everything else from memory.
  const host: MemoryHost = {
    ...memory,
    readBytes: (path) => (path.startsWith(packageFolder) ? real.readBytes(path) : memory.readBytes(path)),
  };
  let out = "";
  let err = "";
  const stream = (add: (text: string) => void) => ({ isTty: setting.tty ?? false, columns: 80, write: add });
  const code = await runCli(argv, {
    io: {
      host,
      stdout: stream((text) => {
        out += text;
      }),
      stderr: stream((text) => {
        err += text;
      }),
      runtime: "v0.0.0 test",
      now: () => 0,
      agree: async () => setting.agrees ?? "there is no terminal",
    },
    signal: stop.signal,
    loadSession: async () => fakeSession(setting, asked, stop),
  });
  return { code, out, err, host, asked };
}

function fakeSession(setting: Setting, asked: [string, unknown][], stop: AbortController): SessionModule {
  return {
    async openWorkspace(options) {
      const answer = async <T>(name: string, request: unknown, value: T): Promise<Phase<T>> => {
        asked.push([name, request]);
        setting.during?.(options, stop);
        return { value, diagnostics: setting.diagnostics ?? [] };
      };
      const session: Session = {
        root: "/repo",
        build: (request: BuildRequest) => answer("build", request, { models: setting.built ?? [model], skipped: [] }),
        check: (request: ModelRequest) =>
          answer("check", request, { models: [{ name: "credit-risk", notebooks: ["train.ipynb"] }] }),
        graph: (request: ModelRequest) =>
          answer(
            "graph",
            request,
            setting.noGraph ? undefined : { json: { models: ["graph"] }, render: (format) => `${format} text\n` },
          ),
        buildGraph: (request) =>
          answer("buildGraph", request, { json: { nodes: ["build"] }, render: (format) => `${format} of the build\n` }),
        whyRebuilt: (file: string) => answer("whyRebuilt", file, { text: "a cell\n", json: { model: "credit-risk" } }),
        explain: (request: ExplainRequest) =>
          answer("explain", request, { text: "it comes from cell 3\n", json: { cells: [3] } }),
        verify: async (request: VerifyRequest) => {
          const agreed = await request.agree(["train.ipynb"]);
          return answer("verify", { ...request, agreed }, { models: setting.verified ?? [] });
        },
        lock: (request: LockRequest) => answer("lock", request, { added: ["pandas"], changed: [], unchanged: 4 }),
        fmt: (request: FmtRequest) =>
          answer("fmt", request, {
            files: [
              { path: "train.ipynb", changed: true },
              { path: "other.ipynb", changed: false },
            ],
          }),
      };
      return { value: session, diagnostics: [] };
    },
    async watchWorkspace() {
      return setting.diagnostics ?? [];
    },
    async initWorkspace(options: InitOptions) {
      asked.push(["init", options.folder]);
      const text = "model: credit-risk\n";
      const proposals = [{ notebook: "train.ipynb", cell: 4, line: 1, directive: "# cw: keep auc", reason: "printed" }];
      return {
        value: { file: "crosswalk.yaml", text, written: true, proposals, git: "none" },
        diagnostics: setting.diagnostics ?? [],
      };
    },
  };
}

const place = { file: "train.ipynb", cell: 2, cellId: "x", line: 1, column: 1, endLine: 1, endColumn: 4, fileLine: 12 };

/** One of each severity, at a cell. */
export const anError = report("CW1014", place, {});
export const aWarning = report("CW1017", place, { active: "script" });
export const configError = report("CW0082", undefined, { model: "x", known: "y", fix: "did you mean `y`" });
export const drift = report("CW6001", undefined, { path: "production/credit-risk/README.md" });
export const fullDisk = report("CW6015", undefined, { path: "p", reason: "the disk is full", remedy: "Make room" });
