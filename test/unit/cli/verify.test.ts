import { expect, it } from "vitest";
import type { VerifiedModel } from "../../../src/compiler/session-contract.ts";
import { report } from "../../../src/diagnostics/catalogue.ts";
import type { VerificationRecord } from "../../../src/verify/record.ts";
import { run } from "./harness.ts";

const record: VerificationRecord = {
  version: 1,
  tool: "crosswalk 0.0.0",
  model: "credit-risk",
  verdict: "equal",
  reasons: [],
  key: "a".repeat(64),
  started: "2026-01-01T00:00:00.000Z",
  finished: "2026-01-01T00:01:00.000Z",
  product: {
    folder: "production/credit-risk",
    package: "credit_risk",
    build: "sha256:0",
    sha256: "b".repeat(64),
    state: "current",
    differing: [],
  },
  inputs: { notebooks: [], datasets: [], workspace: "c".repeat(64) },
  environment: { python: "3.11.7", origin: ".venv", platform: "linux x86_64", versions: {}, sha256: "d".repeat(64) },
  network: { isOff: true, how: "a network namespace" },
  limits: { seconds: 1800, memory: 0 },
  runs: [],
  tolerance: 1e-9,
  compared: [
    { kind: "variable", name: "df", outcome: "equal" },
    { kind: "answer", name: "proba", how: "batch", rows: 406, outcome: "equal" },
    { kind: "answer", name: "proba", how: "HTTP", rows: 406, outcome: "equal" },
  ],
  leftOut: [{ kind: "variable", name: "now", reason: "two runs of the notebook differ" }],
};
const verified: VerifiedModel = {
  name: "credit-risk",
  record,
  file: ".crosswalk/verify/credit-risk/a.json",
  isRemembered: false,
};

const asked = (ran: Awaited<ReturnType<typeof run>>) => ran.asked[0]?.[1] as Record<string, unknown>;

it("asks on the terminal, and takes --yes for an answer", async () => {
  expect(asked(await run(["verify"])).agreed).toBe("there is no terminal");
  expect(asked(await run(["verify"], { agrees: true })).agreed).toBe(true);
  expect(asked(await run(["verify", "--yes"])).agreed).toBe(true);
});

it("hands every option on", async () => {
  const words = "verify --model a --force --record r.json --python p --network --no-http --timeout 5 --memory 64";
  expect(asked(await run(words.split(" ")))).toMatchObject({
    models: ["a"],
    force: true,
    record: "r.json",
    python: "p",
    network: false,
    http: false,
    seconds: 5,
    memory: 64 * 1024 * 1024,
  });
  expect(asked(await run(["verify"]))).toMatchObject({ force: false, network: true, http: true, seconds: 1800 });
});

it("says in one line what was compared, and where the record is", async () => {
  const { err, code } = await run(["verify", "--yes"], { verified: [verified] });
  expect(code).toBe(0);
  expect(err).toContain("credit-risk equal: 1 variables, 0 metrics, answers for 406 rows, 1 left out; network off");
  expect(err).toContain("the record is .crosswalk/verify/credit-risk/a.json");
});

it("prints the record as JSON", async () => {
  const { out } = await run(["verify", "--yes", "--json"], { verified: [verified] });
  expect(JSON.parse(out).models[0]).toMatchObject({ name: "credit-risk", verdict: "equal", record: { version: 1 } });
});

it.each([
  ["a difference", report("CW7001", undefined, { model: "m", difference: "x", record: "r" }), 1],
  ["nothing compared", report("CW7002", undefined, { model: "m", reason: "x" }), 1],
  ["no Python", report("CW7003", undefined, { model: "m", tried: "x" }), 2],
  ["missing libraries", report("CW7004", undefined, { model: "m", origin: "x", modules: "y", install: "z" }), 2],
  ["nobody agreed", report("CW7005", undefined, { model: "m", notebooks: "x", why: "y" }), 2],
] as const)("%s ends with its code", async (_, diagnostic, code) => {
  expect((await run(["verify"], { diagnostics: [diagnostic] })).code).toBe(code);
});
