"use strict";
// Read only on a Node that is new enough: runs the bundled command line, compiled code from the cache where there is one.
const nodeModule = require("node:module");
const { loadCompiled } = require("./load-compiled.js");

module.exports = function load(entry) {
  // The parser and the formatter are WebAssembly and run for a moment only: checking all of their code ahead, and optimising it,
  // costs more than it saves.
  const v8 = require("node:v8");
  const flags = ["--liftoff-only", "--no-wasm-dynamic-tiering", "--no-wasm-tier-up", "--wasm-lazy-validation"];
  // So does optimising our own code early; what runs long is optimised all the same, a little later. V8 complains aloud about a
  // flag that it does not know, so only the line that has been tried gets them.
  if (process.versions.node.startsWith("24."))
    flags.push("--invocation-count-for-maglev=4000", "--invocation-count-for-turbofan=12000");
  for (const flag of flags) v8.setFlagsFromString(flag);
  if (typeof nodeModule.enableCompileCache === "function") nodeModule.enableCompileCache();
  try {
    loadCompiled(require.resolve(entry)).runProcess();
  } catch (error) {
    const why = error?.code ?? error;
    process.stderr.write(`crosswalk: dist/cli.cjs could not be loaded (${why}); run \`npm run build\`.\n`);
    process.exit(70);
  }
};
