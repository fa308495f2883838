import { entries } from "../define.ts";

/** CW20xx */
export const dataflowEntries = entries({});
