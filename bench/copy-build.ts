/** One build of the bench: copies every file of `src` to `out` through the engine, its store and its check for drift. */
import { writeSync } from "node:fs";
import { commitKnown } from "../src/engine/commit-known.ts";
import { digestOf } from "../src/engine/digest.ts";
import { createEngine } from "../src/engine/engine.ts";
import type { Action } from "../src/engine/query.ts";
import { openStore } from "../src/engine/store/file-store.ts";
import { sha256 } from "../src/foundation/hash.ts";
import { nodeHost } from "../src/foundation/host-node.ts";

const [root = "."] = process.argv.slice(2);

const copy: Action<string, Uint8Array> = {
  kind: "copy",
  version: 1,
  compute(name, read) {
    const found = read.file(`${root}/src/${name}`);
    if (!found.ok) throw new Error(`${name}: ${found.reason}`);
    return found.bytes;
  },
};
const tree: Action<null, readonly (readonly [name: string, sha256: string])[]> = {
  kind: "tree",
  version: 1,
  compute: (_, read) => (read.list(`${root}/src`) ?? []).map((name) => [name, sha256(read.get(copy, name))] as const),
};

/** Called by bin/load.js, as the command line is. */
export function runProcess(): void {
  const host = nodeHost(root, {});
  const store = openStore(host, root);
  const engine = createEngine({ host, store, actions: [copy, tree] as readonly Action<never, unknown>[] as never });
  const { value } = engine.settle(tree, null);
  if (!value) throw new Error("no tree");
  const result = commitKnown(host, store.outputs, {
    root,
    folder: "out",
    key: digestOf(["copy", value.digest]),
    request: () => ({
      root,
      folder: "out",
      tool: "bench",
      files: value.load().map(([name]) => {
        const { value: content } = engine.query(copy, name);
        if (!content) throw new Error(name);
        return { path: name, content, origin: [] };
      }),
    }),
  });
  const told = [...store.diagnostics, ...("diagnostics" in result ? result.diagnostics : []), ...store.save()];
  const lines = [...told.map(({ code, message }) => `${code} ${message}`), result.outcome];
  writeSync(1, `${lines.join("\n")}\n`);
}
