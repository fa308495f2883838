import type { TypeName } from "../../grammar/words.ts";
import type { Bound, Bounds, Domain, Literal, Type } from "./directive.ts";
import { compareBounds } from "./values.ts";

/** Which values and checks suit which type. Only what is certainly wrong is wrong: a union fits when one alternative does. */

const numeric: readonly TypeName[] = ["int", "float", "decimal", "category"];
const dated: readonly TypeName[] = ["date", "datetime"];
const textual: readonly TypeName[] = ["str", "category"];

const named = (type: Type): readonly TypeName[] => type.atoms.map((atom) => atom.name);
const anyOf = (type: Type, names: readonly TypeName[]): boolean => named(type).some((name) => names.includes(name));

/** Undefined when values of `type` can be compared with the bound, else why not. */
export function boundMisfit(type: Type, bound: Bound): string | undefined {
  const inner = itemType(type);
  if (inner.atoms.length === 0) return undefined;
  if (bound.kind === "number") return anyOf(inner, numeric) ? undefined : "only numbers can be compared with a number";
  if (bound.kind === "date") return anyOf(inner, dated) ? undefined : "only dates can be compared with a date";
  return anyOf(inner, ["duration"]) ? undefined : "only durations can be compared with a duration";
}

/** A list is checked item by item. */
function itemType(type: Type): Type {
  const list = type.atoms.find((atom) => atom.name === "list");
  return list?.args[0] ?? type;
}

/** Undefined when `bounds` can hold for values of `type`, else why not. */
export function boundsMisfit(type: Type, bounds: Bounds): string | undefined {
  if (bounds.kind === "compare") return boundMisfit(type, bounds.bound);
  if (bounds.kind === "range" && bounds.low.kind !== bounds.high.kind) return undefined;
  if (bounds.kind === "range") return boundMisfit(type, bounds.low) ?? boundMisfit(type, bounds.high);
  const inner = itemType(type);
  const odd = bounds.values.find((value) => value.kind !== "none" && valueMisfit(inner, value) !== undefined);
  return odd === undefined ? undefined : `\`${odd.text}\` is no ${inner.text}`;
}

/** Undefined when a text pattern suits the type. */
export function patternMisfit(type: Type): string | undefined {
  return type.atoms.length === 0 || anyOf(type, textual) ? undefined : "only texts can match a regular expression";
}

/** Undefined when a greatest age suits the type. */
export function freshMisfit(type: Type): string | undefined {
  return type.atoms.length === 0 || anyOf(type, dated) ? undefined : "only dates and times have an age";
}

const scalarTypes: Readonly<Record<string, readonly TypeName[]>> = {
  int: ["int", "float", "decimal", "category"],
  float: ["float", "decimal", "category"],
  // A date, a time or an exact number is often written as a text.
  str: ["str", "category", "date", "datetime", "time", "duration", "decimal"],
  bool: ["bool", "category"],
  none: ["None"],
  date: ["date", "datetime"],
  duration: ["duration"],
};

/** Undefined when the literal is a value of the type, else what it is not. */
export function valueMisfit(type: Type, value: Literal): string | undefined {
  if (type.atoms.length === 0) return undefined;
  const fits = type.atoms.some((atom) => {
    if (value.kind === "dict") {
      const [key, item] = atom.args;
      if (atom.name !== "dict") return false;
      return value.items.every(
        (entry) =>
          (key === undefined || fitsType(key, entry.key)) && (item === undefined || fitsType(item, entry.value)),
      );
    }
    if ("items" in value) {
      const [item] = atom.args;
      return atom.name === "list" && (item === undefined || value.items.every((entry) => fitsType(item, entry)));
    }
    return scalarTypes[value.kind]?.includes(atom.name) ?? false;
  });
  return fits ? undefined : `the type ${type.text}`;
}

/** A missing item passes: whether items may be missing is the contract's question. */
const fitsType = (type: Type, value: Literal): boolean =>
  value.kind === "none" || valueMisfit(type, value) === undefined;

/** Undefined when the literal (each item of a list) lies in the domain, else the domain in words. */
export function domainMisfit(domain: Domain, value: Literal): string | undefined {
  if ("items" in value) {
    if (value.kind === "dict") return undefined;
    return value.items.map((item) => domainMisfit(domain, item)).find((misfit) => misfit !== undefined);
  }
  if (value.kind === "none") return undefined;
  if (domain.kind === "set") {
    const isIn = domain.values.some(
      (other) => "value" in other && other.value === value.value && typeof other.value === typeof value.value,
    );
    return isIn ? undefined : `the set {${domain.values.map((v) => v.text).join(", ")}}`;
  }
  const low = compareWith(value, domain.low);
  const high = compareWith(value, domain.high);
  const range = `the range ${domain.lowOpen ? "(" : ""}${domain.low.text}..${domain.high.text}${domain.highOpen ? ")" : ""}`;
  if (low === undefined || high === undefined) return range;
  const inside = (domain.lowOpen ? low > 0 : low >= 0) && (domain.highOpen ? high < 0 : high <= 0);
  return inside ? undefined : range;
}

function compareWith(value: Literal, bound: Bound): number | undefined {
  if (bound.kind === "number") {
    return (value.kind === "int" || value.kind === "float") && typeof value.value === "number"
      ? value.value - bound.value
      : undefined;
  }
  if (bound.kind === "date") {
    const isDate = value.kind === "date" || (value.kind === "str" && /^\d{4}-\d\d-\d\d/.test(String(value.value)));
    if (!isDate || !("value" in value)) return undefined;
    const day = String(value.value).slice(0, 10);
    return compareBounds({ kind: "date", value: day, text: day, span: value.span }, bound);
  }
  if (value.kind !== "duration") return undefined;
  const [, amount = "0", unit = "d"] = /^(\d+)(\D+)$/.exec(String(value.value)) ?? [];
  const own = {
    kind: "duration",
    amount: Number(amount),
    unit: unit as typeof bound.unit,
    text: value.text,
    span: value.span,
  } as const;
  return compareBounds(own, bound);
}
