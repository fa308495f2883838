import type { ColumnType, LockColumn } from "../lock-file.ts";

/** What pandas takes for a missing value when nothing else is said. */
const missing: ReadonlySet<string> = new Set([
  "",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "-1.#IND",
  "-1.#QNAN",
  "-NaN",
  "-nan",
  "1.#IND",
  "1.#QNAN",
  "<NA>",
  "N/A",
  "NA",
  "NULL",
  "NaN",
  "None",
  "n/a",
  "nan",
  "null",
]);

const integer = /^\s*[+-]?\d+\s*$/;
const float = /^\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf|infinity)\s*$/i;
const truth = /^(?:true|false)$/i;
const moment =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** Learns the type of one column from all of its values, and keeps none of them. */
export interface ColumnLearner {
  see(value: string): void;
  column(): LockColumn;
}

export function columnLearner(name: string): ColumnLearner {
  const may = { bool: true, int: true, float: true, datetime: true };
  let hasValue = false;
  let hasGap = false;
  return {
    see(value) {
      if (missing.has(value)) {
        hasGap = true;
        return;
      }
      hasValue = true;
      // Most columns are settled after a few values: then nothing is left to ask.
      if (may.bool && !truth.test(value)) may.bool = false;
      if (may.int && !(integer.test(value) && isShort(value))) may.int = false;
      if (may.float && !(float.test(value) && !(integer.test(value) && !isShort(value)))) may.float = false;
      if (may.datetime && !moment.test(value)) may.datetime = false;
    },
    column() {
      const type: ColumnType = !hasValue
        ? "empty"
        : may.bool
          ? "bool"
          : may.int
            ? "int"
            : may.float
              ? "float"
              : may.datetime
                ? "datetime"
                : "str";
      return { name, type, nullable: hasGap };
    },
  };
}

/** Whole numbers beyond 64 bits are no numbers to pandas. */
function isShort(value: string): boolean {
  const digits = value.trim().replace(/^[+-]?0*/, "");
  if (digits.length < 19) return true;
  if (digits.length > 20) return false;
  const limit = value.trim().startsWith("-") ? 2n ** 63n : 2n ** 64n - 1n;
  return BigInt(digits) <= limit;
}
