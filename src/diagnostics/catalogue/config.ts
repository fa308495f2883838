import { entries } from "../define.ts";

/** CW00xx */
export const configEntries = entries({});
