/** The command line from its sources; the bundle is begun by bin/load.js. */

import { runProcess } from "./process.ts";

runProcess();
