import { entries } from "../define.ts";

/** CW11xx */
export const annotationEntries = entries({});
