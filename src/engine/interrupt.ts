/** Unwinds to the outermost query when an action asks for itself. */
export class Cycle extends Error {
  readonly path: readonly string[];
  constructor(path: readonly string[]) {
    super(path.join(" → "));
    this.path = path;
  }
}

/** Unwinds to the outermost query when something is no longer what this revision took it for: it begins again. */
export class Moved extends Error {}
