/** One figure of the issues: what it is, what came out, what was asked, and whether that holds. */
export interface Row {
  readonly what: string;
  readonly value: string;
  readonly goal: string;
  readonly holds: boolean;
}

/** What a group measures, with the sizes that were asked for on the command line. */
export interface Context {
  readonly log: (line: string) => void;
  /** How many inputs to try where a group has a size; undefined for the full size of the issue. */
  readonly count: number | undefined;
}

/** A group of figures that are measured together: `npm run numbers -- NAME`. */
export interface Group {
  readonly name: string;
  readonly title: string;
  /** Why it cannot be measured here; its section of the page then stays. Without it, it always can. */
  wants?(): string | undefined;
  measure(context: Context): Promise<readonly Row[]>;
}
