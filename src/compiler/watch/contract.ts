import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Wait } from "../../engine/watch/coalescer.ts";
import type { LoopParts } from "../../engine/watch/loop.ts";
import type { BuiltModel, OpenOptions } from "../session-contract.ts";

export interface WatchOptions extends Pick<OpenOptions, "host" | "folder" | "toolVersion" | "signal"> {
  /** Names of models; empty for all. */
  readonly models: readonly string[];
  /** Called as things happen; awaited, so that what is said of one build is not mixed with the next. */
  tell(event: WatchEvent): Promise<void>;
  /** The parts of the loop that tests replace. */
  readonly parts?: Partial<Pick<LoopParts, "open" | "clock" | "pace" | "rescan">> & { readonly quick?: number };
}

/** Why a build was begun. */
export type WatchCause =
  /** The watch was started. */
  | "start"
  /** Files changed. */
  | "change"
  /** Something changed that no event told of; it was found by looking at everything again. */
  | "rescan";

/** A file that is another than before. */
export interface FileChange {
  /** Relative to the root. */
  readonly path: string;
  /** `touched`: a generated file that somebody else changed or removed. */
  readonly how: "changed" | "added" | "removed" | "touched";
  /** Of a notebook: the numbers of the cells that are new or have another text. Empty where it was only run again or laid out anew. */
  readonly cells?: readonly number[];
}

/** Why a build was begun, and what changed. */
export interface Occasion {
  readonly cause: WatchCause;
  readonly changes: readonly FileChange[];
  /** What was waited for beyond the usual. */
  readonly waited: readonly Wait[];
}

export type WatchEvent =
  | {
      readonly kind: "begin";
      /** Absolute folder that places are relative to. */
      readonly root: string;
      readonly occasion: Occasion;
    }
  | {
      readonly kind: "end";
      readonly root: string;
      readonly occasion: Occasion;
      readonly models: readonly WatchedModel[];
      /** Everything there is to say about the workspace as it is now, also what was said before. */
      readonly diagnostics: readonly Diagnostic[];
      readonly milliseconds: number;
      /** Actions of the compiler that were run; all others were fresh. */
      readonly actions: number;
    }
  /** Waits for changes from now on. */
  | { readonly kind: "idle"; readonly root: string; readonly folders: number; readonly polling: boolean }
  | { readonly kind: "problem"; readonly root: string; readonly diagnostic: Diagnostic };

export interface WatchedModel extends BuiltModel {
  /** Why it was compiled: the first thing it depends on that is another than before. Absent where it was not. */
  readonly why?: string;
}
