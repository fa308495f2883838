import { beforeAll, expect, it } from "vitest";
import { openWorkspace } from "../../../src/compiler/session.ts";
import type { VerifyRequest } from "../../../src/compiler/session-contract.ts";
import { type MemoryHost, memoryHost } from "../../../src/foundation/host-memory.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { initPython } from "../../../src/python/engine.ts";

beforeAll(() => initPython(nodeHost()));

async function verify(host: MemoryHost, request: Partial<VerifyRequest> = {}) {
  const opened = await openWorkspace({
    host,
    folder: "/repo",
    toolVersion: "0.0.0",
    progress: () => {},
    signal: new AbortController().signal,
  });
  if (!opened.value) throw new Error("the workspace cannot be opened");
  return opened.value.verify({
    models: [],
    force: false,
    network: false,
    http: true,
    seconds: 60,
    memory: 0,
    agree: async () => "nobody is there",
    tell: () => {},
    ...request,
  });
}

const workspace = (text: string) =>
  memoryHost({ "/repo/crosswalk.yaml": "model: m\nnotebooks: [train.py]\n", "/repo/train.py": text }, {}, "/repo");
const sound = "# %%\nimport pandas as pd\ntotal = pd.read_csv('a.csv')['x'].sum()\n";

it("of a model that was never built there is nothing to verify, and nothing is run or written", async () => {
  const host = workspace(sound);
  const { value, diagnostics } = await verify(host);
  expect(value.models).toEqual([]);
  expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.code)).toEqual(["CW7006"]);
  expect(host.touched).toEqual([]);
});

it("a notebook with errors is not run", async () => {
  const { value, diagnostics } = await verify(workspace("# %%\nimport pandas as pd\nx = (\n"));
  expect(value.models).toEqual([]);
  expect(diagnostics.map((d) => d.code)).not.toContain("CW7006");
});

it("a Python that does not run is refused before anybody is asked", async () => {
  const host = workspace(sound);
  host.writeAtomic("/repo/production/m/src/m/__main__.py", "");
  host.writeAtomic("/repo/production/m/src/m/pipeline.py", "");
  const { diagnostics } = await verify(host, {
    python: "/nowhere/python",
    agree: async () => {
      throw new Error("nobody is to be asked");
    },
  });
  expect(diagnostics.filter((d) => d.code.startsWith("CW70")).map((d) => d.code)).toEqual(["CW7003"]);
});

it("one record file cannot hold several models", async () => {
  const host = memoryHost(
    {
      "/repo/crosswalk.yaml": "models:\n  - {model: a, notebooks: [train.py]}\n  - {model: b, notebooks: [train.py]}\n",
      "/repo/train.py": sound,
    },
    {},
    "/repo",
  );
  const { diagnostics } = await verify(host, { record: "record.json" });
  expect(diagnostics.map((d) => d.code)).toContain("CW7012");
});
