"use strict";
// Node's own cache of compiled code holds what is compiled at once, and most functions are compiled when they are first called: they
// would be at each start. This keeps them too, in Node's folder and under its switches (NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE).
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const nodeModule = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

/** The kept code stands behind a digest and the milliseconds that its run took. */
const [digestLength, headLength] = [32, 40];
/** A run that took so much less than the one that the kept code is of keeps its own: a long run drops what is used at the start only. */
const shorter = 3;

/** Loads a CommonJS file as `require` does, with the functions that an earlier run of the same command has compiled. */
function loadCompiled(file) {
  const folder = process.env.NODE_V8_COVERAGE ? undefined : nodeModule.getCompileCacheDir?.();
  if (folder === undefined) return require(file);
  const source = fs.readFileSync(file);
  const command = /^[a-z-]{1,20}$/.test(process.argv[2] ?? "") ? process.argv[2] : "other";
  const name = createHash("sha256").update(file).digest("hex").slice(0, 16);
  const place = path.join(folder, `crosswalk-${name}-${command}`);
  const kept = readKept(place, source);
  const script = new vm.Script(nodeModule.wrap(source.toString()), { filename: file, cachedData: kept?.code });
  const made = new nodeModule(file, module);
  made.filename = file;
  // Where other files of the bundle ask for this one, they get the same.
  require.cache[file] = made;
  const run = script.runInThisContext();
  run.call(made.exports, made.exports, nodeModule.createRequire(file), made, file, path.dirname(file));
  made.loaded = true;
  process.once("exit", () => {
    const took = performance.now();
    if (!kept || script.cachedDataRejected || took * shorter < kept.took)
      keep(place, source, took, script.createCachedData());
  });
  return made.exports;
}

/** V8 knows whether compiled code is of its kind, but of its source only the length: the digest is of all. */
function digestOf(source, rest) {
  return createHash("sha256").update(source).update(rest).digest();
}

/** What somebody else could have written is not run: the folder may be one that all users share. */
function isOurs(file) {
  if (process.getuid === undefined) return true;
  const { uid, mode } = fs.fstatSync(file);
  return uid === process.getuid() && (mode & 0o077) === 0;
}

function readKept(place, source) {
  let file;
  try {
    file = fs.openSync(place, "r");
    if (!isOurs(file)) return undefined;
    const bytes = fs.readFileSync(file);
    const rest = bytes.subarray(digestLength);
    if (!digestOf(source, rest).equals(bytes.subarray(0, digestLength))) return undefined;
    return { took: bytes.readDoubleLE(digestLength), code: bytes.subarray(headLength) };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** Nothing is lost where this fails: the next run compiles again. */
function keep(place, source, took, code) {
  const temporary = `${place}.${process.pid}`;
  try {
    const head = Buffer.alloc(headLength - digestLength);
    head.writeDoubleLE(took);
    const rest = Buffer.concat([head, code]);
    fs.writeFileSync(temporary, Buffer.concat([digestOf(source, rest), rest]), { mode: 0o600, flag: "wx" });
    fs.renameSync(temporary, place);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}

module.exports = { loadCompiled };
