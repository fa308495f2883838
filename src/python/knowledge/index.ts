import { libraryFiles } from "./data.ts";
import { type Knowledge, knowledgeOf } from "./knowledge.ts";

let known: Knowledge | undefined;

/** What Crosswalk itself knows of libraries. Made once, when first asked for. */
export function commonKnowledge(): Knowledge {
  known ??= knowledgeOf(libraryFiles);
  return known;
}
