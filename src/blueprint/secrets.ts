import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { remembered } from "../foundation/remembered.ts";
import type { Span } from "../foundation/span.ts";
import { codeText } from "../python/code-text.ts";
import type { Expr } from "../python/ir.ts";
import type { Secret } from "./blueprint.ts";
import { citeSpan, placeOf } from "./cite.ts";
import { kindOf } from "./definitions.ts";
import type { Edit } from "./edits.ts";
import { identifier, unique } from "./identifiers.ts";
import type { Located } from "./intake.ts";

const telling = /(?:^|_)(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|access_?key|private_?key|credentials?)$/i;
/** For names that are no variables: `token="word"` of a dict or a call is seldom a credential. */
const clearlyTelling =
  /(?:^|_)(?:pass(?:word|wd|phrase)|pwd|secret|api_?key|access_?key|private_?key|(?:access|auth|bearer|api)_?token|credentials?)$/i;
const shaped =
  /^(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{20,}|xox[baprs]-[A-Za-z0-9-]{10,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+)$|^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s:@]+@/i;

/** A credential that stands in the code as a literal. */
export interface Credential {
  readonly unit: Unit;
  /** What a secret's argument takes the place of: a literal, or a call that asks a vault for it. */
  readonly literal: { readonly span: Span };
  readonly name: string;
  readonly doc?: string;
  readonly declared: boolean;
}

/** Credentials of the program: those that `secret` names, and those that look like one by name or by shape. */
export function findCredentials(flow: Dataflow, declared: readonly Located<"secret">[]): readonly Credential[] {
  const out: Credential[] = [];
  for (const unit of flow.program.units) {
    const secret = declared.find((d) => d.unit === unit.id);
    const { stmt } = unit;
    const vaulted = vaultedSecrets(flow, unit, secret);
    if (vaulted.length > 0) {
      out.push(...vaulted);
      continue;
    }
    if (secret) {
      const literal = stringsOf(stmt)[0];
      const { doc } = secret.directive;
      if (literal)
        out.push({
          unit,
          literal,
          name: secret.directive.name.name,
          ...(doc ? { doc: doc.value } : {}),
          declared: true,
        });
      continue;
    }
    if (stmt.kind !== "assign" && stmt.kind !== "expr") continue;
    const target = stmt.kind === "assign" && stmt.targets[0]?.kind === "name" ? stmt.targets[0].id : undefined;
    for (const literal of stringsOf(stmt)) {
      const value = literal.kind === "constant" && typeof literal.value === "string" ? literal.value : "";
      const byName =
        target !== undefined &&
        telling.test(target) &&
        stmt.kind === "assign" &&
        stmt.value === literal &&
        value.length >= 4;
      if (byName || shaped.test(value))
        out.push({ unit, literal, name: (target ?? "credential").toUpperCase(), declared: false });
    }
  }
  return out;
}

/** What `dbutils.secrets.get(scope, key)` gives: secrets of the product, named like the key. */
function vaultedSecrets(flow: Dataflow, unit: Unit, said: Located<"secret"> | undefined): readonly Credential[] {
  if (kindOf(unit) !== "variable") return [];
  const { secrets } = flow.facts[unit.id]?.trace ?? { secrets: [] };
  return [...new Map(secrets.map((s) => [s.span.start, s])).values()].map(({ span, scope, key }) => {
    const { name, doc } = said?.directive ?? {};
    const isShared = flow.facts.some(({ trace }) => trace.secrets.some((s) => s.key === key && s.scope !== scope));
    const own = identifier(isShared ? `${scope}_${key}` : key, "secret").toUpperCase();
    return { unit, literal: { span }, name: name?.name ?? own, ...(doc ? { doc: doc.value } : {}), declared: true };
  });
}

/** Secrets and edits for the credentials in kept code. */
export function liftSecrets(
  credentials: readonly Credential[],
  kept: ReadonlySet<number>,
  names: Set<string>,
): {
  readonly secrets: readonly Secret[];
  readonly edits: readonly Edit[];
  readonly argumentsOf: ReadonlyMap<number, readonly string[]>;
} {
  const secrets = new Map<string, Secret>();
  const edits: Edit[] = [];
  const argumentsOf = new Map<number, string[]>();
  for (const credential of credentials) {
    const { unit, literal } = credential;
    if (!kept.has(unit.id)) continue;
    const known = secrets.get(credential.name) ?? {
      name: credential.name,
      ...(credential.doc === undefined ? {} : { doc: credential.doc }),
      argument: unique(`${identifier(credential.name, "secret")}_secret`, names),
      cite: citeSpan(unit.cell, literal.span),
    };
    secrets.set(credential.name, known);
    edits.push({ cell: unit.cell, start: literal.span.start, end: literal.span.end, text: known.argument });
    argumentsOf.set(unit.id, [...(argumentsOf.get(unit.id) ?? []), known.argument]);
  }
  return { secrets: [...secrets.values()], edits, argumentsOf };
}

/** The string literals of a statement, docstrings and f-strings left out. */
const stringsOf = remembered((node: object): readonly Expr[] => {
  const out: Expr[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (value === null || typeof value !== "object") return;
    const { kind, type } = value as { kind?: string; type?: string };
    if (kind === "function" || kind === "class" || kind === "fstring" || kind === "comprehension") return;
    if (kind === "constant" && type === "str") out.push(value as Expr);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(node);
  return out;
});

/**
 * Credentials in code that reaches the product and that no edit has taken out: in functions, classes, branches, defaults, dict
 * entries, keyword arguments and stores. Each is an error: the product must not hold them.
 */
export function unliftedCredentials(units: readonly Unit[], edits: readonly Edit[]): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  for (const unit of units) {
    const said = new Set<number>();
    const judge = (name: string | undefined, value: unknown, words = telling): void => {
      const literal = value as { kind?: string; type?: string; value?: unknown; span?: Span } | undefined;
      if (literal?.kind !== "constant" || literal.type !== "str" || typeof literal.value !== "string" || !literal.span)
        return;
      const { span, value: text } = literal;
      const isTold = name !== undefined && words.test(name) && text.length >= 4;
      if ((!isTold && !shaped.test(text)) || said.has(span.start)) return;
      if (edits.some((e) => e.cell === unit.cell && e.start === span.start)) return;
      said.add(span.start);
      out.push(
        report("CW4004", hiddenPlace(unit, span), {
          name: name ?? "a text",
          env: (name ?? "CREDENTIAL").toUpperCase(),
        }),
      );
    };
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) return node.forEach(visit);
      if (node === null || typeof node !== "object") return;
      const n = node as Record<string, unknown> & { kind?: string };
      if (n.kind === "assign") for (const target of n.targets as readonly unknown[]) judge(targetName(target), n.value);
      if (n.kind === "annassign") judge(targetName(n.target), n.value);
      if (n.kind === "dict")
        for (const item of n.items as readonly { key?: { value?: unknown }; value: unknown }[])
          judge(typeof item.key?.value === "string" ? item.key.value : undefined, item.value, clearlyTelling);
      if (n.kind === "call")
        for (const k of n.keywords as readonly { name?: string; value: unknown }[])
          judge(k.name, k.value, clearlyTelling);
      if ("default" in n && typeof n.name === "string") judge(n.name, n.default);
      judge(undefined, n);
      for (const inner of Object.values(n)) visit(inner);
    };
    visit(unit.stmt);
  }
  return out;
}

/** `x`, `self.x` and `d["x"]` as a name that may tell what is stored. */
function targetName(target: unknown): string | undefined {
  const t = target as { kind?: string; id?: string; attr?: string; index?: { value?: unknown } };
  if (t.kind === "name") return t.id;
  if (t.kind === "attribute") return t.attr;
  return t.kind === "subscript" && typeof t.index?.value === "string" ? t.index.value : undefined;
}

/** A unit's text as documents may show it: string literals that may be credentials are blotted out. */
export function shownText(unit: Unit): string {
  return shown(unit, unit.cell.module.text.slice(unit.stmt.span.start, unit.stmt.span.end));
}

/** The first line of a unit without the comment at its end, as lists show it. */
export function shownLine(unit: Unit): string {
  const text = codeText(unit.cell.module, unit.stmt.span);
  return shown(unit, text).split("\n")[0]?.trimEnd().slice(0, 80) ?? "";
}

/** Blots out literals of a unit in its text, or in one of the same length. */
function shown({ stmt }: Unit, written: string): string {
  const target = stmt.kind === "assign" ? targetName(stmt.targets[0]) : undefined;
  let text = written;
  for (const literal of [...stringsOf(stmt)].reverse()) {
    const value = literal.kind === "constant" && typeof literal.value === "string" ? literal.value : "";
    if (!(target !== undefined && telling.test(target)) && !shaped.test(value)) continue;
    text = `${text.slice(0, literal.span.start - stmt.span.start)}"…"${text.slice(literal.span.end - stmt.span.start)}`;
  }
  return text;
}

/** The place of a credential without its line of code: no message, log or report may show it. */
export function hiddenPlace(unit: Unit, span: Span): Place {
  const { excerpt: _excerpt, ...place } = placeOf(unit, span);
  return place;
}
