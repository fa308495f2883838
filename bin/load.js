"use strict";
// Read only on a Node that is new enough: runs the bundled command line, compiled code from the cache where there is one.
// Node's own cache of compiled code holds what is compiled at once, and most functions are compiled when they are first called: they
// would be at each start. This keeps them too, in Node's folder and under its switches (NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE).
const { isAscii } = require("node:buffer");
const { hash } = require("node:crypto");
const fs = require("node:fs");
const nodeModule = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");

/**
 * The parser and the formatter are WebAssembly and run for a moment only: checking all of their code ahead, and optimising it, costs more
 * than it saves. So does optimising our own code early; what runs long is optimised all the same, a little later. V8 complains aloud about
 * a flag that it does not know, so only the line that has been tried gets those of our own code.
 */
const always = ["--liftoff-only", "--no-wasm-dynamic-tiering", "--no-wasm-tier-up", "--wasm-lazy-validation"];
const isTried = process.versions.node.startsWith("24.");
if (isTried) always.push("--invocation-count-for-maglev=4000", "--invocation-count-for-turbofan=12000");
/** The second optimiser takes longer over the loops of a build with nothing to do than they run: it comes when there is more to do. */
const atStart = isTried ? ["--no-turbofan"] : [];
const forMore = isTried ? ["--turbofan"] : [];
const setFlags = (flags) => {
  for (const flag of flags) v8.setFlagsFromString(flag);
};

module.exports = function load(entry) {
  setFlags([...always, ...atStart]);
  if (typeof nodeModule.enableCompileCache === "function") nodeModule.enableCompileCache();
  try {
    loadCompiled(entry).runProcess();
  } catch (error) {
    const why = error?.code ?? error;
    process.stderr.write(`crosswalk: dist/cli.cjs could not be loaded (${why}); run \`npm run build\`.\n`);
    process.exit(70);
  }
};

/** The kept code stands behind a digest, whether its run loaded more than the start, and what its source was (see `identityOf`). */
const [digestLength, numbers] = [64, 5];
const headLength = digestLength + numbers * 8;

/** Loads a CommonJS file as `require` does, with the functions that an earlier run of the same command has compiled. */
function loadCompiled(file) {
  const folder = process.env.NODE_V8_COVERAGE ? undefined : nodeModule.getCompileCacheDir?.();
  if (folder === undefined) {
    setFlags(forMore);
    return require(file);
  }
  const identity = identityOf(file);
  const command = /^[a-z-]{1,20}$/.test(process.argv[2] ?? "") ? process.argv[2] : "other";
  const place = path.join(folder, `crosswalk-${hash("sha256", file).slice(0, 16)}-${command}`);
  const kept = readKept(place, identity);
  const script = new vm.Script(wrapped(file, identity), { filename: file, cachedData: kept?.code });
  const made = new nodeModule(file, module);
  made.filename = file;
  // Where other files of the bundle ask for this one, they get the same.
  require.cache[file] = made;
  const run = script.runInThisContext();
  let isMore = false;
  const ask = (id) => {
    if (id.startsWith(".") && !isMore) {
      isMore = true;
      setFlags(forMore);
    }
    return made.require(id);
  };
  run.call(made.exports, made.exports, ask, made, file, path.dirname(file));
  made.loaded = true;
  process.once("exit", () => {
    // Compiled code is taken under the flags only under which it was kept.
    if (isMore) setFlags(atStart);
    if (!kept || script.cachedDataRejected)
      keep(place, [Number(isMore), ...Object.values(identity)], script.createCachedData());
    // What a start alone needs is read quicker than all that a long run compiled. This run has that too, having taken it: the next keeps its own.
    else if (kept.isMore && !isMore) fs.rmSync(place, { force: true });
  });
  return made.exports;
}

/** The text of a file in the function that a CommonJS module is: put together before it is a text, which saves copies of it. */
function wrapped(file, { size }) {
  const [front, back] = nodeModule.wrapper;
  const bytes = Buffer.allocUnsafeSlow(front.length + size + back.length);
  const source = fs.openSync(file, "r");
  try {
    let end = bytes.write(front, "latin1");
    for (let more = size; more > 0; ) {
      const read = fs.readSync(source, bytes, end, more, null);
      if (read === 0) throw new Error("it became shorter while it was read");
      end += read;
      more -= read;
    }
    bytes.write(back, end, "latin1");
  } finally {
    fs.closeSync(source);
  }
  return isAscii(bytes) ? bytes.latin1Slice() : bytes.utf8Slice();
}

/** V8 knows whether compiled code is of its kind, but of its source only the length: a source that was written anew has another of these. */
function identityOf(file) {
  const { mtimeMs, ctimeMs, size, ino } = fs.statSync(file);
  return { mtimeMs, ctimeMs, size, ino };
}

/** What somebody else could have written is not run: the folder may be one that all users share. */
function isOurs(file) {
  if (process.getuid === undefined) return true;
  const { uid, mode } = fs.fstatSync(file);
  return uid === process.getuid() && (mode & 0o077) === 0;
}

function readKept(place, identity) {
  let file;
  try {
    file = fs.openSync(place, "r");
    if (!isOurs(file)) return undefined;
    const bytes = fs.readFileSync(file);
    if (Object.values(identity).some((one, i) => bytes.readDoubleLE(digestLength + 8 + i * 8) !== one))
      return undefined;
    if (hash("sha256", bytes.subarray(digestLength)) !== bytes.latin1Slice(0, digestLength)) return undefined;
    return { isMore: bytes.readDoubleLE(digestLength) !== 0, code: bytes.subarray(headLength) };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** Nothing is lost where this fails: the next run compiles again. */
function keep(place, head, code) {
  const temporary = `${place}.${process.pid}`;
  try {
    const front = Buffer.alloc(numbers * 8);
    for (const [i, number] of head.entries()) front.writeDoubleLE(number, i * 8);
    const rest = Buffer.concat([front, code]);
    fs.writeFileSync(temporary, Buffer.concat([Buffer.from(hash("sha256", rest)), rest]), { mode: 0o600, flag: "wx" });
    fs.renameSync(temporary, place);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}
