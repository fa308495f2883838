import { isUtf8 } from "node:buffer";

/** The outside world as the rest of Crosswalk sees it. Nothing else touches files, the clock or the environment. */
export interface FileStat {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly size: number;
  /** When the content, and when anything of the file, was last changed (milliseconds by the disk's clock), and which file it is. */
  readonly mtime?: number;
  readonly ctime?: number;
  readonly inode?: number;
}

export type HostErrorKind = "missing" | "denied" | "read-only" | "full" | "not-a-file" | "exists" | "other";

/** A failed file operation. Callers turn it into a diagnostic; it never reaches a person as a stack trace. */
export class HostError extends Error {
  readonly kind: HostErrorKind;
  readonly path: string;
  constructor(kind: HostErrorKind, path: string, detail: string) {
    super(detail);
    this.kind = kind;
    this.path = path;
  }
}

/** An interrupt ended work in the middle: what it was at must not be used any more, and nothing is to be said of it. */
export class Interrupted extends Error {}

/** Paths are absolute or relative to `cwd`; all calls are synchronous (sync fs is faster for small files) and throw HostError. */
export interface Host {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** undefined when nothing is there; links are not followed. */
  stat(path: string): FileStat | undefined;
  /**
   * True when a plain file or folder stands there with these times, size and number. The same as `stat` and a comparison, and half its
   * price: a build with nothing to do asks this of every file. It never throws; what cannot be looked at is not as it was. A path that
   * is relative to `cwd` must hold no `..`; the system walks it in less time.
   */
  isAsBefore?(path: string, mtime: number, ctime: number, size: number, inode: number): boolean;
  readBytes(path: string): Uint8Array;
  /** Hands the bytes of a large file over piece by piece; a piece may be used during the call only. Without it: `readBytes`. */
  readPieces?(path: string, take: (piece: Uint8Array) => void): void;
  /** Sorted names of a folder's entries. */
  list(path: string): readonly string[];
  /** The real path with links resolved; undefined when nothing is there. */
  realPath(path: string): string | undefined;
  /** Writes to a temporary file beside `path` and renames it: readers see the old or the new bytes. Creates folders. */
  writeAtomic(path: string, content: string | Uint8Array, options?: WriteOptions): void;
  /** Creates the file with its content, or throws HostError("exists"). For locks, and where no reader can see it half-written. */
  createExclusive(path: string, content: string | Uint8Array): void;
  appendText(path: string, text: string): void;
  /** Adds bytes to the end of a file; makes it where there is none. */
  appendBytes?(path: string, bytes: Uint8Array): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Removes a folder when it is empty; says whether it did. */
  removeEmptyFolder(path: string): boolean;
  /**
   * Runs git in a folder, for reading only, and gives what it prints. No hook, monitor or pager of the repository is run. Absent where no
   * program may be started.
   */
  git?(folder: string, args: readonly string[]): GitAnswer;
  /** How this program is started, for who writes it down: absolute paths, the interpreter first. Absent where it is none. */
  readonly program?: readonly string[];
  /** This process, the machine it runs on, and whether another process of that machine still lives: for locks. */
  readonly pid?: number;
  readonly machine?: string;
  pidAlive?(pid: number): boolean;
  /** Waits without burning CPU: for locks. */
  sleep?(milliseconds: number): void;
  /**
   * Does work that writes nothing to products at one go, so that an interrupt ends it in the middle: `Interrupted` is thrown. Absent where
   * nobody interrupts.
   */
  interruptible?<T>(work: () => T): T;
  /** Gives memory back that is not in use any more. Takes some tens of milliseconds: for a process that stays. */
  freeMemory?(): void;
  /** Milliseconds since 1970, by a clock that may jump: to decide what to keep, never what is true. */
  now?(): number;
}

export interface WriteOptions {
  readonly executable?: boolean;
  /** Waits until the disk has the bytes. */
  readonly flush?: boolean;
}

/** What git printed, or why it did not. */
export type GitAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: "no-git" | "failed"; readonly message: string };

/** UTF-8 text of a file; undefined where the bytes are not UTF-8. A BOM is kept for the reader to judge. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    // Several times as quick as a decoder that is made for each text.
    if (!isUtf8(bytes)) return undefined;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  } catch {
    return undefined;
  }
}
