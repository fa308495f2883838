import type { FSWatcher } from "chokidar";
import { sorted } from "./order.ts";

/** Something happened at a path. What it was is a hint: what is true stands on disk. */
export interface FileEvent {
  readonly kind: "add" | "change" | "unlink" | "addDir" | "unlinkDir";
  /** Absolute, with forward slashes. */
  readonly path: string;
}

/** Why the system does not watch: a limit of the machine was reached, or something else went wrong. */
export interface WatchProblem {
  /** `watches`: too many folders (Linux' inotify). `files`: too many open files. */
  readonly limit?: "watches" | "files";
  readonly message: string;
}

export interface WatchListener {
  event(event: FileEvent): void;
  problem(problem: WatchProblem): void;
}

/** Watches folders: what stands directly in each of them, not what lies deeper. A folder that is deleted and made again stays watched. */
export interface FolderWatcher {
  /** Asks the disk again and again, instead of being told. */
  readonly isPolling: boolean;
  /** Watches just these folders from now on; ends when events of new ones will be seen. Says whether they are others than before. */
  watch(folders: ReadonlySet<string>): Promise<boolean>;
  close(): Promise<void>;
}

/** Makes a watcher; `polling` where the system's own events cannot be had. */
export type OpenWatcher = (listener: WatchListener, polling: boolean) => Promise<FolderWatcher>;

/** What never counts: state of tools, caches, and the files that editors keep beside the one that is edited. */
const ignoredFolders: ReadonlySet<string> = new Set([
  ".git",
  ".crosswalk",
  ".ipynb_checkpoints",
  "node_modules",
  ".venv",
  "__pycache__",
]);
const ignoredNames = /~$|^\..*\.sw.$|^4913$|^\.~|\.tmp\.|\.cw-tmp$/;

/** True for a path below `folder` that is never looked at, wherever the folder itself stands. */
export function isIgnored(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return ignoredFolders.has(name) || ignoredNames.test(name);
}

/** Whether a variable asks for polling (`CHOKIDAR_USEPOLLING`, which chokidar obeys by itself). */
function isPollingAsked(env: NodeJS.ProcessEnv): boolean | undefined {
  const value = env.CHOKIDAR_USEPOLLING?.toLowerCase();
  if (value === undefined) return undefined;
  return value !== "" && value !== "false" && value !== "0";
}

/**
 * The real watcher: chokidar, once for each folder. (One watcher for many folders does not see into a folder that was deleted and made
 * again, and does not say when an added one is ready; and it costs more.) Editors' ways of saving are left to the caller, who looks at
 * contents.
 */
export const watchFolders: OpenWatcher = async (listener, polling) => {
  const { watch } = await import("chokidar");
  const isPolling = isPollingAsked(process.env) ?? polling;
  const open = new Map<string, FSWatcher>();
  /** Called when a watcher that is not ready yet never will be. */
  const waiting = new Map<string, () => void>();
  const closing = new Set<Promise<void>>();
  let isClosed = false;

  const close = (folder: string): void => {
    const ended = open.get(folder)?.close();
    open.delete(folder);
    waiting.get(folder)?.();
    if (!ended) return;
    closing.add(ended);
    void ended.finally(() => closing.delete(ended));
  };
  const start = (folder: string): Promise<void> =>
    new Promise((resolve) => {
      const made = watch(folder, {
        depth: 0,
        ignoreInitial: true,
        atomic: false,
        awaitWriteFinish: false,
        followSymlinks: false,
        ignorePermissionErrors: true,
        ignored: (path) => slashed(path) !== folder && isIgnored(slashed(path)),
        ...(isPolling ? { backend: "polling" as const } : {}),
      });
      open.set(folder, made);
      const settle = (): void => {
        if (waiting.get(folder) === settle) waiting.delete(folder);
        resolve();
      };
      waiting.set(folder, settle);
      for (const kind of kinds) {
        made.on(kind, (found: string) => {
          const path = slashed(found);
          listener.event({ kind, path });
          // It, or a folder above it, was made again: what stands in it is seen by a new watcher only, and may come before that is ready.
          if (kind === "addDir" && `${folder}/`.startsWith(`${path}/`) && open.get(folder) === made && !isClosed) {
            close(folder);
            void start(folder).then(() => listener.event({ kind, path }));
          }
        });
      }
      made.on("error", (error) => {
        listener.problem(problemOf(error));
        settle(); // A watcher that failed at its start may never be ready.
      });
      made.on("ready", settle);
    });

  return {
    isPolling,
    async watch(folders) {
      const gone = [...open.keys()].filter((folder) => !folders.has(folder));
      const added = sorted([...folders].filter((folder) => !open.has(folder)));
      for (const folder of gone) close(folder);
      await Promise.all(added.map(start));
      return added.length + gone.length > 0;
    },
    async close() {
      isClosed = true;
      for (const folder of [...open.keys()]) close(folder);
      await Promise.all(closing);
    },
  };
};

const kinds = ["add", "change", "unlink", "addDir", "unlinkDir"] as const;

function slashed(path: string): string {
  return path.includes("\\") && process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

function problemOf(error: unknown): WatchProblem {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC") return { limit: "watches", message };
  if (code === "EMFILE" || code === "ENFILE") return { limit: "files", message };
  return { message: message ?? String(error) };
}
