"use strict";
// Read only on a Node that is new enough: loads the bundled command line, compiled code from the cache where there is one.
const nodeModule = require("node:module");
const { pathToFileURL } = require("node:url");

module.exports = function load(entry) {
  // The parser and the formatter are WebAssembly and run for a moment only: optimising their code costs more than it saves.
  const v8 = require("node:v8");
  for (const flag of ["--liftoff-only", "--no-wasm-dynamic-tiering", "--no-wasm-tier-up"]) v8.setFlagsFromString(flag);
  if (typeof nodeModule.enableCompileCache === "function") nodeModule.enableCompileCache();
  import(pathToFileURL(entry).href).catch((error) => {
    const why = error?.code ?? error;
    process.stderr.write(`crosswalk: dist/cli.js could not be loaded (${why}); run \`npm run build\`.\n`);
    process.exit(70);
  });
};
