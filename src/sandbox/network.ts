import { run } from "./process.ts";

/** How the user's code is kept from the network. */
export interface Network {
  /** Words before the command. */
  readonly before: readonly string[];
  readonly isOff: boolean;
  /** What the record says. */
  readonly how: string;
}

/**
 * Looks for a way to run without a network: on Linux a network namespace that holds nothing but 127.0.0.1, made in a user
 * namespace so that nobody has to be root. Elsewhere, and where the machine forbids it, the network stays on.
 */
export async function findNetwork(
  isWanted: boolean,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Network> {
  if (!isWanted) return { before: [], isOff: false, how: "left on as asked" };
  if (process.platform !== "linux")
    return { before: [], isOff: false, how: `left on: ${process.platform} has no network namespaces` };
  const before = ["unshare", "--map-root-user", "--net", "--"];
  const tried = await run([...before, "true"], { cwd, env, seconds: 20 });
  if (tried.code === 0) return { before, isOff: true, how: "a network namespace (unshare --net)" };
  const why = tried.stderr.trim().split("\n").at(-1) ?? "";
  return { before: [], isOff: false, how: `left on: unshare failed (${why.slice(0, 200)})` };
}
