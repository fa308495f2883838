import * as fs from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { type FileStat, type GitAnswer, type Host, HostError, type HostErrorKind } from "./host.ts";
import { byText } from "./order.ts";

const kinds: Readonly<Record<string, HostErrorKind>> = {
  ENOENT: "missing",
  ENOTDIR: "missing",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "read-only",
  ENOSPC: "full",
  EDQUOT: "full",
  EISDIR: "not-a-file",
  EEXIST: "exists",
};

const noThrow = { throwIfNoEntry: false } as const;

function hostError(path: string, error: unknown): HostError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new HostError(kinds[code ?? ""] ?? "other", path, message);
}

function kindOf(found: fs.Stats): FileStat["kind"] {
  if (found.isFile()) return "file";
  return found.isDirectory() ? "folder" : found.isSymbolicLink() ? "link" : "other";
}

const { S_IFMT: kindBits, S_IFREG: plainFile, S_IFDIR: folder } = fs.constants;

/** The system's own way is one call. Elsewhere than on Linux it also changes how a name is written, where case does not count. */
const realPath: (path: string) => string = process.platform === "linux" ? fs.realpathSync.native : fs.realpathSync;

/** Waits until the disk has a file, or what is in a folder. */
function flush(path: string): void {
  const handle = fs.openSync(path, "r");
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Does what makes a file; its folder is made only where it is missing, which costs as much as the file. */
function inFolder<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    fs.mkdirSync(dirname(path), { recursive: true });
    return make();
  }
}

/** What a repository's own settings could start is switched off: a build runs no code of a repository. */
const quietGit = [
  "--no-optional-locks",
  "--no-pager",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.quotePath=false",
];

/** Runs git, and waits for it. The part of Node that starts programs is loaded here only. */
function git(folder: string, args: readonly string[]): GitAnswer {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const made = spawnSync("git", [...quietGit, ...args], { cwd: folder, encoding: "utf8", maxBuffer: 256 * 2 ** 20 });
  if (made.error) {
    const isMissing = (made.error as NodeJS.ErrnoException).code === "ENOENT";
    return { ok: false, reason: isMissing ? "no-git" : "failed", message: made.error.message };
  }
  if (made.status !== 0) return { ok: false, reason: "failed", message: made.stderr.trim() };
  return { ok: true, text: made.stdout };
}

/** The real file system, environment and current folder. */
export function nodeHost(cwd: string = process.cwd(), env: Host["env"] = process.env): Host {
  // `resolve` costs as much as the call to the system; a plain absolute path does not need it.
  const at = (path: string): string =>
    sep === "/" && path.charCodeAt(0) === 47 && !path.includes("..") ? path : resolve(cwd, path);
  // The system walks a long path from the top at each call; this process never changes its folder.
  const here = sep === "/" ? `${process.cwd()}/` : "\0";
  const isHere = here === `${cwd}/`;
  const short = (path: string): string => {
    if (path.charCodeAt(0) !== 47) return isHere ? path : at(path);
    return path.startsWith(here) ? path.slice(here.length) : at(path);
  };
  let serial = 0;
  const guard = <T>(path: string, work: (absolute: string) => T): T => {
    try {
      return work(at(path));
    } catch (error) {
      throw hostError(path, error);
    }
  };
  return {
    cwd,
    env,
    stat(path) {
      let found: fs.Stats | undefined;
      try {
        found = fs.lstatSync(at(path), noThrow);
      } catch (error) {
        throw hostError(path, error);
      }
      return (
        found && { kind: kindOf(found), size: found.size, mtime: found.mtimeMs, ctime: found.ctimeMs, inode: found.ino }
      );
    },
    isAsBefore(path, mtime, ctime, size, inode) {
      try {
        const found = fs.lstatSync(short(path), noThrow);
        if (found === undefined || found.mtimeMs !== mtime || found.ctimeMs !== ctime) return false;
        const kind = found.mode & kindBits;
        return found.size === size && found.ino === inode && (kind === plainFile || kind === folder);
      } catch {
        return false;
      }
    },
    readBytes: (path) => guard(path, (absolute) => fs.readFileSync(absolute)),
    readPieces: (path, take) =>
      guard(path, (absolute) => {
        const file = fs.openSync(absolute, "r");
        try {
          const buffer = new Uint8Array(2 ** 20);
          for (let size = fs.readSync(file, buffer); size > 0; size = fs.readSync(file, buffer))
            take(buffer.subarray(0, size));
        } finally {
          fs.closeSync(file);
        }
      }),
    list: (path) => guard(path, (absolute) => fs.readdirSync(absolute).sort(byText)),
    realPath(path) {
      try {
        return realPath(at(path));
      } catch {
        return undefined;
      }
    },
    writeAtomic: (path, content, options) =>
      guard(path, (absolute) => {
        const temporary = `${absolute}.${process.pid}.${serial++}.cw-tmp`;
        try {
          const how = {
            mode: options?.executable ? 0o755 : 0o644,
            ...(options?.flush ? { flush: true } : {}),
          };
          inFolder(temporary, () => fs.writeFileSync(temporary, content, how));
          fs.renameSync(temporary, absolute);
          // Windows cannot flush a folder, and does not need it.
          if (options?.flush && sep === "/") flush(dirname(absolute));
        } catch (error) {
          fs.rmSync(temporary, { force: true });
          throw error;
        }
      }),
    createExclusive: (path, content) =>
      guard(path, (absolute) => {
        const file = inFolder(absolute, () => fs.openSync(absolute, "wx", 0o644));
        try {
          fs.writeFileSync(file, content);
        } catch (error) {
          fs.rmSync(absolute, { force: true }); // A full disk must not leave an empty lock behind.
          throw error;
        } finally {
          fs.closeSync(file);
        }
      }),
    appendText: (path, text) => guard(path, (absolute) => fs.appendFileSync(absolute, text)),
    appendBytes: (path, bytes) => guard(path, (absolute) => fs.appendFileSync(absolute, bytes)),
    rename: (from, to) => guard(from, (absolute) => fs.renameSync(absolute, at(to))),
    remove: (path) => guard(path, (absolute) => fs.unlinkSync(absolute)),
    removeEmptyFolder(path) {
      try {
        fs.rmdirSync(at(path));
        return true;
      } catch {
        return false;
      }
    },
    now: () => Date.now(),
    freeMemory() {
      // Without it V8 lets its heap grow by what it has needed once.
      process.getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
      const collect: unknown = process.getBuiltinModule("node:vm").runInNewContext("gc");
      if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor: "last-resort" });
    },
    git,
    pid: process.pid,
    get machine() {
      return process.getBuiltinModule("node:os").hostname();
    },
    pidAlive(pid) {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    },
    sleep: (milliseconds) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    },
  };
}
