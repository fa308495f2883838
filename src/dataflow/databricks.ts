import type { CallExpr } from "../python/ir.ts";
import type { Arguments } from "./arguments.ts";
import { fresh, type Machine, readToken, writeToken } from "./machine.ts";
import { plain, type Value } from "./value.ts";

/** Names under which `dbutils` may be imported; without an import it is simply there. */
const imported = /^(?:databricks\.sdk\.runtime\.)?(?=dbutils\.)/;
const makesFiles = /^dbutils\.(?:fs|notebook\.run)\b/;
const looksOnly = /^dbutils\.fs\.(?:ls|head|mounts|help)$/;

/**
 * A call under `dbutils`, which a Databricks runtime brings along. Widgets and secrets are noted for the lifting; what works on
 * Databricks only has the effects that matter to the rest of the program, and is refused where production needs it.
 */
export function databricks(m: Machine, expr: CallExpr, member: string, args: Arguments): Value | undefined {
  if (member === "pyspark.dbutils.DBUtils") return { ...plain("member"), member: "dbutils" };
  if (!imported.test(member)) return undefined;
  const callee = member.replace(imported, "");
  const argument = (at: number, key: string): Value | undefined => args.positional[at] ?? args.named.get(key);
  const text = (at: number, key: string): string | undefined => {
    const constant = args.open ? undefined : argument(at, key)?.constant;
    return typeof constant === "string" ? constant : undefined;
  };
  switch (callee) {
    case "dbutils.widgets.text":
    case "dbutils.widgets.dropdown":
    case "dbutils.widgets.combobox":
    case "dbutils.widgets.multiselect":
      declare(m, text(0, "name"), text(1, "defaultValue"));
      return plain("None");
    case "dbutils.widgets.get":
    case "dbutils.widgets.getArgument":
      return read(m, expr, text(0, "name"));
    case "dbutils.widgets.remove": {
      const name = text(0, "name");
      if (name === undefined) m.widgets.clear();
      else m.widgets.delete(name);
      m.trace.display = false;
      return plain("None");
    }
    case "dbutils.widgets.removeAll":
      m.widgets.clear();
      m.trace.display = false;
      return plain("None");
    case "dbutils.secrets.get": {
      const [scope, key] = [text(0, "scope"), text(1, "key")];
      if (scope !== undefined && key !== undefined && m.stack.length === 0)
        m.trace.secrets.push({ span: expr.span, scope, key });
      return plain("str");
    }
    case "dbutils.library.restartPython":
      restart(m);
      return plain("None");
    case "dbutils.notebook.exit":
      m.trace.exits.push(expr.span);
      return plain("None");
    case "dbutils.data.summarize":
    case "dbutils.help":
      return plain("figure");
  }
  if (looksOnly.test(callee)) readToken(m, "files");
  else if (makesFiles.test(callee)) writeToken(m, "files");
  else m.trace.display = false;
  return { type: "unknown", objs: new Set([fresh(m, expr.span, "unknown", args.all).id]), tags: 0 };
}

/** A widget that two cells declare with different defaults has none that is sure. */
function declare(m: Machine, name: string | undefined, value: string | undefined): void {
  m.trace.display = false;
  if (name === undefined) return;
  const before = m.widgets.get(name);
  const isSure = m.stack.length === 0 && value !== undefined && (before === undefined || before.value === value);
  m.widgets.set(name, { unit: before?.unit ?? m.unit, value: isSure ? value : undefined });
  m.trace.declares.push(name);
}

function read(m: Machine, expr: CallExpr, name: string | undefined): Value {
  const widget = name === undefined ? undefined : m.widgets.get(name);
  const { value } = widget ?? {};
  if (name === undefined || widget === undefined || value === undefined || m.stack.length > 0) return plain("str");
  m.trace.widgets.push({ span: expr.span, name, value, unit: widget.unit });
  return { ...plain("str"), constant: value };
}

/** A new Python process: files are still there, widgets too; names, settings and random states are not. */
function restart(m: Machine): void {
  m.trace.display = false;
  if (m.stack.length > 0 || m.depth > 0) {
    writeToken(m, "namespace");
    return;
  }
  for (const name of [...m.names.keys()]) m.names.delete(name);
  for (const token of [...m.tokens.keys()]) if (!token.startsWith("file")) m.tokens.delete(token);
}
