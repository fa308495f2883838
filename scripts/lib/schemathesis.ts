import { join } from "node:path";
import type { Workbench } from "./example.ts";
import { run } from "./run.ts";
import type { Service } from "./service.ts";

/** What schemathesis found. */
export interface Asked {
  /** It ended well: no answer was a server error. */
  readonly isClean: boolean;
  readonly cases: number;
  readonly said: string;
}

/** Lets schemathesis ask a service all that its OpenAPI document allows, and what it does not; seeded. */
export async function schemathesis(bench: Workbench, service: Service, examples: number): Promise<Asked> {
  const document = `http://127.0.0.1:${service.port}/openapi.json`;
  const options = [
    "--checks",
    "not_a_server_error",
    "--mode",
    "all",
    "--max-examples",
    String(examples),
    "--seed",
    "1",
  ];
  const ran = await run(
    join(bench.python.bin, "schemathesis"),
    ["run", document, ...options, "--no-color", "--generation-database", "none"],
    { cwd: bench.folder, env: bench.env, limit: 1800 },
  );
  const said = `${ran.stdout}${ran.stderr}`.trim();
  const cases = Number((/(\d[\d,]*) generated/.exec(said)?.[1] ?? "0").replaceAll(",", ""));
  return { isClean: ran.code === 0 && cases > 0, cases, said };
}
