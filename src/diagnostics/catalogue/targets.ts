import { entries } from "../define.ts";

/** CW50xx */
export const targetEntries = entries({});
