import type { ConstantExpr } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import { LowerError, type Lowering, spanOf, textOf } from "./context.ts";

const decimal = /^(?:0(?:_?0)*|[1-9](?:_?[0-9])*)$/;
const based = /^0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)$/;
const digits = "[0-9](?:_?[0-9])*";
const exponent = `[eE][+-]?${digits}`;
const float = new RegExp(`^(?:(?:(?:${digits})?\\.${digits}|${digits}\\.)(?:${exponent})?|${digits}${exponent})$`);
const imaginary = new RegExp(`^${digits}$`);

/** An int, float or imaginary literal; Python 2's forms are refused. */
export function lowerNumber(cx: Lowering, node: RawNode): ConstantExpr {
  const text = textOf(cx, node);
  const span = spanOf(node);
  if (decimal.test(text) || based.test(text)) return integer(text.replaceAll("_", ""), node);
  const number = text.slice(0, -1);
  if (/[jJ]$/.test(text) && (float.test(number) || imaginary.test(number)))
    return { kind: "constant", type: "complex", value: undefined, detail: number.replaceAll("_", ""), span };
  if (float.test(text)) return { kind: "constant", type: "float", value: Number(text.replaceAll("_", "")), span };
  if (/^0[0-9_]+$/.test(text))
    throw new LowerError(node, `${text} has a leading zero; write 0o… for an octal number, or drop the zeros`);
  if (/[lL]$/.test(text))
    throw new LowerError(node, `${text} is a long integer of Python 2; drop the ${text.slice(-1)}`);
  throw new LowerError(node, `${text} is not a number`);
}

function integer(text: string, node: RawNode): ConstantExpr {
  if (decimal.test(text) && text.length > 4300)
    throw new LowerError(node, "this integer has more than 4300 digits, which Python refuses");
  const value = Number(text);
  const base = { kind: "constant", type: "int", span: spanOf(node) } as const;
  if (Number.isSafeInteger(value)) return { ...base, value };
  return { ...base, value: undefined, detail: text.length > 5000 ? text : BigInt(text).toString() };
}
