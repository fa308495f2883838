import { entries } from "../define.ts";

/** CW30xx */
export const blueprintEntries = entries({});
