import type { Host } from "../../foundation/host.ts";
import { initPython } from "../../python/engine.ts";
import { parseModule } from "../../python/parse.ts";
import { layOut, loadFormatter } from "../format.ts";
import { memoised } from "../memo.ts";
import type { Actions, Bodies } from "./declared.ts";
import { productBodies } from "./product.ts";

/** What makes products, with the parser and the formatter that it needs. */
export async function loadProductBodies(
  host: Host,
  actions: Actions,
  phase: (model: string, name: string) => void,
): Promise<Partial<Bodies>> {
  await Promise.all([initPython(host), loadFormatter()]);
  return productBodies(host, actions, { parse: memoised(parseModule), layOut: memoised(layOut) }, phase);
}
