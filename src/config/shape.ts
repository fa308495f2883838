import type { Json } from "./project.ts";
import type { TextRule } from "./text-rules.ts";

/**
 * The small language in which the form of crosswalk.yaml is written once. From one `Shape` come the validator
 * (check-shape.ts), the JSON schema (json-schema.ts) and what an editor shows beside a key.
 */
export type Shape =
  | TextShape
  | WordShape
  | NumberShape
  | FlagShape
  | ListShape
  | RecordShape
  | MapShape
  | EitherShape
  | AnyShape;

export interface About {
  /** One or two sentences for people; Markdown is allowed. */
  readonly about: string;
  readonly examples?: readonly Json[];
  /** What holds when the key is not written. */
  readonly standard?: Json;
  /** What an editor offers to write. */
  readonly snippets?: readonly Snippet[];
  /** Its name among the definitions of the JSON schema, for what stands in several places. */
  readonly named?: string;
}

export interface Snippet {
  readonly label: string;
  readonly description?: string;
  readonly body: Json;
}

export interface TextShape extends About {
  readonly kind: "text";
  readonly rule: TextRule;
  /** How to write it when something else stands there, e.g. a number: an example. */
  readonly instead?: string;
}

export interface WordShape extends About {
  readonly kind: "word";
  readonly words: readonly (string | number)[];
}

export interface NumberShape extends About {
  readonly kind: "number";
  readonly whole: boolean;
  readonly min?: number;
  readonly max?: number;
}

export interface FlagShape extends About {
  readonly kind: "flag";
}

export interface ListShape extends About {
  readonly kind: "list";
  readonly item: Shape;
  readonly minimum?: number;
  /** The same item twice is a mistake. */
  readonly unique?: boolean;
  readonly instead?: string;
}

export interface RecordShape extends About {
  readonly kind: "record";
  /** What it is called in a message: "a model", "a dataset". */
  readonly called: string;
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  /** Exactly one of these keys must be written. */
  readonly exactlyOne?: readonly string[];
  /** When the first is written, so must be the second. */
  readonly needs?: readonly (readonly [string, string])[];
  /** Pairs of keys that exclude each other, with how to mend it. */
  readonly excludes?: readonly (readonly [string, string, string])[];
  /** At least one key must be written. */
  readonly filled?: boolean;
  /** What stands here by mistake may be a secret: it is never shown. */
  readonly hidden?: boolean;
  /** Other keys may stand too, with any value. */
  readonly open?: boolean;
}

export interface MapShape extends About {
  readonly kind: "map";
  /** What a key is called in a message: "the name of a dataset". */
  readonly called: string;
  readonly key: TextRule;
  readonly value: Shape;
  readonly instead?: string;
}

export interface EitherShape extends About {
  readonly kind: "either";
  /** Tried by the kind of the value that is written; there is at most one map among them. */
  readonly options: readonly Shape[];
}

export interface AnyShape extends About {
  readonly kind: "any";
}
