import { libraryFiles } from "./data.ts";
import { type Knowledge, knowledgeOf } from "./knowledge.ts";

/** Types of which nothing need be known, or that take after an argument. */
export const bareTypes: ReadonlySet<string> = new Set([
  "unknown",
  "same",
  "elementwise",
  "object",
  "module",
  "member",
  "bytearray",
]);

let known: Knowledge | undefined;

/** What Crosswalk itself knows of libraries. Made once, when first asked for. */
export function commonKnowledge(): Knowledge {
  known ??= knowledgeOf(libraryFiles);
  return known;
}
