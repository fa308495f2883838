import { expect, it } from "vitest";
import { engineCodes, exitOf, verifyCodes, worst } from "../../../src/cli/exit-codes.ts";
import { catalogue } from "../../../src/diagnostics/catalogue.ts";
import { anError, aWarning, configError, drift, fullDisk, model, run, type Setting } from "./harness.ts";

const cases: readonly [name: string, argv: string, setting: Setting, code: number][] = [
  ["nothing found", "build", {}, 0],
  ["warnings only", "build", { diagnostics: [aWarning] }, 0],
  ["an error in the notebook", "build", { diagnostics: [anError, aWarning] }, 1],
  ["an error in check", "check", { diagnostics: [anError] }, 1],
  ["errors with --exit-zero", "check --exit-zero", { diagnostics: [anError] }, 0],
  ["stale output", "build --check", { built: [{ ...model, outcome: "stale" }] }, 1],
  ["a failed model without a diagnostic", "build", { built: [{ ...model, outcome: "failed" }] }, 1],
  ["a wrong configuration", "build", { diagnostics: [configError] }, 2],
  ["a wrong configuration with --exit-zero", "build --exit-zero", { diagnostics: [configError] }, 2],
  ["a full disk", "build", { diagnostics: [fullDisk], built: [{ ...model, outcome: "failed" }] }, 2],
  ["drift", "build", { diagnostics: [drift], built: [{ ...model, outcome: "failed", drifted: ["x"] }] }, 3],
  ["drift and an error", "build", { diagnostics: [drift, anError], built: [{ ...model, drifted: ["x"] }] }, 1],
  ["drift and a wrong configuration", "build", { diagnostics: [drift, configError] }, 2],
  ["as many warnings as allowed", "check --max-warnings 1", { diagnostics: [aWarning] }, 0],
  ["more warnings than allowed", "check --max-warnings 0", { diagnostics: [aWarning] }, 1],
  ["notebooks to format", "fmt --check", {}, 1],
  ["formatted notebooks", "fmt", {}, 0],
  ["a bug", "build", { during: () => void (undefined as unknown as string).length }, 70],
  ["an interrupt", "build", { during: (_, stop) => stop.abort() }, 130],
  [
    "an interrupt that throws",
    "check",
    {
      during: (_, stop) => {
        stop.abort();
        throw new Error("stopped");
      },
    },
    130,
  ],
  ["an unknown command", "biuld", {}, 2],
  ["no command", "", {}, 2],
  ["help", "build --help", {}, 0],
  ["help of all", "help", {}, 0],
  ["version", "--version", {}, 0],
];

it.each(cases)("exit code after %s", async (_name, argv, setting, code) => {
  expect((await run(argv.split(" ").filter(Boolean), setting)).code).toBe(code);
});

it("the gravest code wins and a warning never counts", () => {
  expect([worst([]), worst([3, 1]), worst([1, 2, 3]), worst([2, 70])]).toEqual([0, 1, 2, 70]);
  expect(exitOf({ severity: "warning", code: "CW9001" })).toBe(0);
});

it("every code of the engine and of verification that has an exit code of its own is an error of the catalogue", () => {
  for (const code of [...engineCodes, ...verifyCodes])
    expect([code, catalogue()[code as keyof ReturnType<typeof catalogue>]?.severity]).toEqual([code, "error"]);
});
