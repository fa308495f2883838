import type { Scope } from "../../../src/python/scopes.ts";

/** A scope in the shape that symtable_dump.py prints. */
export function dumpScope(scope: Scope): unknown {
  const names = [...scope.names.values()].map((one) => {
    const flags = [
      one.assigned ? "a" : "",
      one.imported ? "i" : "",
      one.parameter ? "p" : "",
      one.read ? "r" : "",
      one.annotated ? "t" : "",
      one.declared === "global" ? "g" : "",
      one.declared === "nonlocal" ? "n" : "",
    ];
    return [one.name, flags.join(""), one.lives];
  });
  const type = scope.kind === "module" || scope.kind === "class" ? scope.kind : "function";
  const order = (a: readonly unknown[], b: readonly unknown[]) => compareText(String(a[0]), String(b[0]));
  return [type, scope.name, names.sort(order), scope.children.map(dumpScope)];
}

/** By code points, as Python sorts. */
function compareText(a: string, b: string): number {
  const left = [...a].map((c) => c.codePointAt(0) ?? 0);
  const right = [...b].map((c) => c.codePointAt(0) ?? 0);
  for (let i = 0; i < Math.min(left.length, right.length); i++)
    if (left[i] !== right[i]) return (left[i] ?? 0) - (right[i] ?? 0);
  return left.length - right.length;
}

/** The first difference of two dumps as text, or undefined. */
export function firstDifference(expected: unknown, actual: unknown, path = "module"): string | undefined {
  const [type, name, names, children] = expected as [string, string, unknown[], unknown[]];
  const [type2, name2, names2, children2] = actual as [string, string, unknown[], unknown[]];
  const here = `${path}/${name}`;
  if (type !== type2 || name !== name2) return `${here}: ${type} ${name} is ${type2} ${name2}`;
  const missing = names.filter((one) => !names2.some((other) => JSON.stringify(other) === JSON.stringify(one)));
  const extra = names2.filter((one) => !names.some((other) => JSON.stringify(other) === JSON.stringify(one)));
  if (missing.length + extra.length > 0)
    return `${here}: CPython ${JSON.stringify(missing.slice(0, 4))}, ours ${JSON.stringify(extra.slice(0, 4))}`;
  if (children.length !== children2.length)
    return `${here}: ${children.length} scopes inside, ours ${children2.length}`;
  for (let i = 0; i < children.length; i++) {
    const found = firstDifference(children[i], children2[i], here);
    if (found !== undefined) return found;
  }
  return undefined;
}
