import { entries } from "../define.ts";

/** CW40xx */
export const checkEntries = entries({});
