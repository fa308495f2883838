import { entries } from "../define.ts";
import { fileEntries } from "./notebook-file.ts";
import { magicEntries } from "./notebook-magics.ts";

/** CW10xx: notebook files (to CW1039) and the IPython layer (from CW1040). */
export const notebookEntries = entries(() => ({ ...fileEntries(), ...magicEntries() }));
