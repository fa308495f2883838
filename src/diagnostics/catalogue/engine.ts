import { entries } from "../define.ts";

/** CW60xx */
export const engineEntries = entries({});
