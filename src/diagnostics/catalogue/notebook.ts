import { entries } from "../define.ts";

/** CW10xx */
export const notebookEntries = entries({});
