import { type Compiled, compileModel } from "../../../src/compiler/compile.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";

/** Compiles a percent script `train.py`. */
export async function compiled(text: string, config = ""): Promise<Compiled> {
  const files = { "/repo/crosswalk.yaml": `model: m\nnotebooks: [train.py]\n${config}`, "/repo/train.py": text };
  const host = memoryHost(files, {}, "/repo");
  const { value } = loadWorkspace(host, "/repo");
  const model = value?.models[0];
  if (!value || !model) throw new Error("crosswalk.yaml is not valid");
  return compileModel({ host, root: value.root, model, pins: new Map() });
}
