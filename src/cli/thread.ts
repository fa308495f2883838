/** Where another thread of the compiler begins; see compiler/jobs. */

import type { ToThread } from "../compiler/jobs/messages.ts";
import { compilingThread } from "../compiler/jobs/thread-work.ts";
import { nodeHost } from "../foundation/host-node.ts";
import { parentThread } from "../foundation/host-threads.ts";

const parent = parentThread();
if (parent) {
  const compile = compilingThread(nodeHost(), parent.post);
  parent.listen((model) => void compile(model as ToThread));
}
