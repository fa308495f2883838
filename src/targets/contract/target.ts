import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../foundation/span.ts";

/** A target turns one blueprint into files. It is pure: no file system, no clock, no network, no randomness. */
export interface Target<Options extends object = Record<string, never>> {
  readonly name: string;
  /** Raised by hand whenever the output changes for the same blueprint: every file of the target goes stale. */
  readonly version: number;
  readonly options: { readonly schema: object; readonly defaults: Options };
  check?(blueprint: Blueprint, options: Options): Iterable<Diagnostic>;
  files(blueprint: Blueprint, options: Options): Iterable<FileAction>;
}

/** `render` never sees the blueprint, only the slice it selected: the digest of the slice is the exact cache key. */
export interface FileAction {
  /** Relative to the product folder, with forward slashes. */
  readonly path: string;
  readonly slice: unknown;
  /** The text is laid out and checked already: it is one of our own files, not printed from the notebook. */
  readonly finished?: true;
  render(): Rendered;
}

/** Text plus where each part of it came from. */
export interface Rendered {
  readonly text: string;
  readonly origins: readonly Origin[];
}

/** Lines `line`..`endLine` (1-based) of the output came from a span of a cell. */
export interface Origin {
  readonly line: number;
  readonly endLine: number;
  readonly notebook: string;
  readonly cellId: string;
  readonly cell: number;
  readonly span: Span;
}

export function file<S>(path: string, slice: S, render: (slice: S) => Rendered | string): FileAction {
  return {
    path,
    slice,
    render() {
      const out = render(slice);
      return typeof out === "string" ? { text: out, origins: [] } : out;
    },
  };
}

/** A file whose text is ours and stands as it is. */
export function finishedFile<S>(path: string, slice: S, render: (slice: S) => string): FileAction {
  return { path, slice, finished: true, render: () => ({ text: render(slice), origins: [] }) };
}
