/**
 * A process that builds one product with the engine and its store, for tests that kill it and that start two at once:
 * `node engine-build.ts ROOT build|recover [N]`. With N it kills itself at its N-th call to the host, in the midst of a write.
 */
import { commitKnown } from "../../src/engine/commit-known.ts";
import { digestOf } from "../../src/engine/digest.ts";
import { createEngine } from "../../src/engine/engine.ts";
import type { Action } from "../../src/engine/query.ts";
import { recoverCommits } from "../../src/engine/recover.ts";
import { openStore } from "../../src/engine/store/file-store.ts";
import type { Host } from "../../src/foundation/host.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { type Product, productFolder, productOf, requestOf } from "./engine-product.ts";

const [root = ".", mode = "build", nth] = process.argv.slice(2);

const source: Action<string, string> = {
  kind: "source",
  version: 1,
  compute(name, read) {
    const found = read.file(`${root}/src/${name}`);
    return found.ok ? Buffer.from(found.bytes).toString() : "";
  },
};
const product: Action<null, Product> = {
  kind: "product",
  version: 1,
  compute: (_, read) =>
    productOf(Object.fromEntries((read.list(`${root}/src`) ?? []).map((name) => [name, read.get(source, name)]))),
};

let calls = 0;
/** The calls between which the product was put in place. */
const commit = { from: 0, to: 0 };
/** The host, which ends this process at a call; where that call writes, when half is written. */
function mortal(host: Host, at: number): Host {
  const die = (): never => {
    process.kill(process.pid, "SIGKILL");
    throw new Error("unreachable");
  };
  const half = (content: string | Uint8Array): Uint8Array => {
    const bytes = Buffer.from(content);
    return bytes.subarray(0, bytes.length >> 1);
  };
  const out: Record<string, unknown> = { ...host };
  for (const [name, work] of Object.entries(host)) {
    if (typeof work !== "function" || name === "now" || name === "sleep" || name === "pidAlive") continue;
    out[name] = (...args: unknown[]) => {
      const [path, content] = args;
      if (/\/commit-\w+\.json$/.test(String(path)) && name === "writeAtomic") commit.from ||= calls;
      if (/\/commit-\w+\.json$/.test(String(path)) && name === "remove") commit.to = calls;
      if (calls++ !== at) return (work as (...all: unknown[]) => unknown)(...args);
      if (name === "writeAtomic") host.appendBytes?.(`${path}.${process.pid}.0.cw-tmp`, half(content as string));
      if (name === "appendBytes") host.appendBytes?.(String(path), half(content as Uint8Array));
      return die();
    };
  }
  return out as unknown as Host;
}

const host = mortal(nodeHost(root, {}), nth === undefined ? -1 : Number(nth));
const told: string[] = recoverCommits(host, root).map(({ code }) => code);
let outcome = "recovered";
if (mode === "build") {
  const store = openStore(host, root);
  const engine = createEngine({
    host,
    store,
    actions: [source, product] as readonly Action<never, unknown>[] as never,
  });
  const { value } = engine.settle(product, null);
  if (!value) throw new Error("no product");
  const result = commitKnown(host, store.outputs, {
    root,
    folder: productFolder,
    key: digestOf(["product", value.digest]),
    request: () => requestOf(root, value.load()),
  });
  outcome = result.outcome;
  const said = "diagnostics" in result ? result.diagnostics : [];
  for (const { code } of [...store.diagnostics, ...said, ...store.save()]) told.push(code);
}
process.stdout.write(`${JSON.stringify({ outcome, codes: told, calls, commit })}\n`);
