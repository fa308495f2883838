// Starts every command of the repository on a fresh machine: `node scripts/bootstrap.mjs NAME [arguments]` runs scripts/NAME.ts.
// No dependency and no new syntax: it runs on Node 20, installs what the lock file says, and hands over to the project's own Node.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const windows = process.platform === "win32";
const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether a Node version such as "v22.22.2" is one that the dependencies accept: ^22.22.2 || ^24.15.0 || >=26. */
export function nodeIsNewEnough(version) {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, "").split(".").map(Number);
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 2);
  if (major === 24) return minor >= 15;
  return major >= 26;
}

function digestOf(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** Whether npm's own record of what is installed says the same as the lock file, optional packages of other machines left out. */
function recordMatches(root) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  let installed;
  let wanted;
  try {
    installed = JSON.parse(readFileSync(record, "utf8")).packages;
    wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  } catch {
    return false;
  }
  const same = (name) =>
    installed[name].version === wanted[name]?.version &&
    (!installed[name].integrity || !wanted[name].integrity || installed[name].integrity === wanted[name].integrity);
  const missing = (name) => name !== "" && !wanted[name].optional && !wanted[name].peer && !installed[name];
  return Object.keys(installed).every(same) && !Object.keys(wanted).some(missing);
}

/** Whether node_modules is what package-lock.json says; a digest is kept there so that the second question is cheap. */
export function installedMatches(root) {
  const kept = join(root, "node_modules", ".crosswalk-lock");
  const digest = digestOf(join(root, "package-lock.json"));
  if (existsSync(kept) && readFileSync(kept, "utf8").trim() === digest) return true;
  if (!recordMatches(root)) return false;
  writeFileSync(kept, `${digest}\n`);
  return true;
}

/** The version of the Node at this path; undefined when it is not there or does not run. */
function versionAt(node) {
  const out = existsSync(node) ? spawnSync(node, ["--version"], { encoding: "utf8" }) : undefined;
  return out?.status === 0 ? out.stdout.trim() : undefined;
}

/** The absolute path of the Node that runs the project: its own, else the running one; undefined when neither will do. */
export function findRuntime(root, running = { path: process.execPath, version: process.version }) {
  const own = join(root, "node_modules", ...(windows ? ["node", "bin", "node.exe"] : [".bin", "node"]));
  const version = versionAt(own);
  if (version && nodeIsNewEnough(version)) return windows ? own : realpathSync(own);
  return nodeIsNewEnough(running.version) ? running.path : undefined;
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  return 2;
}

function main(name, rest) {
  const script = join(repository, "scripts", `${name}.ts`);
  if (!/^[a-z][a-z-]*$/.test(name) || !existsSync(script)) {
    return fail(
      "usage: node scripts/bootstrap.mjs NAME [arguments]   (NAME is a file scripts/NAME.ts: test, demo, build, numbers, …)",
    );
  }
  const binaries = join(repository, "node_modules", ".bin");
  if (!installedMatches(repository) || !findRuntime(repository)) {
    process.stderr.write("installing the packages of package-lock.json (npm ci) …\n");
    // npm removes node_modules first, so the Node that runs it must not be the one in there.
    const outside = (process.env.PATH ?? "").split(delimiter).filter((folder) => resolve(folder) !== binaries);
    const env = { ...process.env, PATH: outside.join(delimiter) };
    const npm = spawnSync("npm", ["ci", "--loglevel", "error"], {
      cwd: repository,
      stdio: ["ignore", 2, 2],
      shell: windows,
      env,
    });
    if (npm.error)
      return fail(
        `npm could not be started (${npm.error.message}); install npm, which comes with Node.js, and try again.`,
      );
    if (npm.status !== 0) return fail("npm ci failed; what it said stands above.");
    writeFileSync(
      join(repository, "node_modules", ".crosswalk-lock"),
      `${digestOf(join(repository, "package-lock.json"))}\n`,
    );
  }
  const runtime = findRuntime(repository);
  if (!runtime) {
    return fail(
      `Crosswalk needs Node 22.22.2, 24.15 or 26 and later, and this is ${process.version}: the npm package node of package-lock.json should have brought one, but ${join("node_modules", ".bin", "node")} does not run; install a newer Node and try again.`,
    );
  }
  const out = spawnSync(runtime, [script, ...rest], {
    cwd: repository,
    stdio: "inherit",
    env: { ...process.env, PATH: [dirname(runtime), binaries, process.env.PATH ?? ""].join(delimiter) },
  });
  if (out.error) return fail(`${runtime} could not be started: ${out.error.message}`);
  return out.status ?? (out.signal === "SIGINT" ? 130 : 1);
}

const started = process.argv[1] ? resolve(process.argv[1]) : "";
if (existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url))) {
  process.exitCode = main(process.argv[2] ?? "", process.argv.slice(3));
}
