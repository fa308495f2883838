import { type Effect, effect, joinEffects } from "./effect.ts";
import type { LibraryFile, TypeEntry } from "./library-file.ts";

/** What is known of libraries: an immutable value that an analysis is given. Every question is one or two look-ups. */
export interface Knowledge {
  /** Effect of calling a builtin or a library function by its qualified name; undefined when nothing is known. */
  functionEffect(name: string): Effect | undefined;
  /** True for a top-level package of a library that has an entry. */
  knowsPackage(name: string): boolean;
  /** True for a class of scikit-learn or of a library that follows its conventions. */
  isEstimatorClass(name: string): boolean;
  typeInfo(type: string): TypeEntry | undefined;
  /** Effect of a method call on a value of a known type. */
  methodEffect(type: string, method: string): Effect | undefined;
  /** Effect of reading an attribute of a value of a known type. */
  attributeEffect(type: string, attribute: string): Effect | undefined;
  /** The type says what this very attribute is, not only what any other one is. */
  isListedAttribute(type: string, attribute: string): boolean;
  /** The same of a method. */
  isListedMethod(type: string, method: string): boolean;
  /** Effect of `value[...]` on a known type. */
  subscriptEffect(type: string): Effect | undefined;
  isImmutable(type: string): boolean;
  /** The package of the library that describes a type. */
  packageOf(type: string): string | undefined;
  /** A table or an array: parts of it may share its elements. */
  isTable(type: string): boolean;
  /** What is stored into a value of this type is copied. */
  copies(type: string): boolean;
}

interface Rule {
  readonly fits: RegExp;
  readonly effect: string;
}

interface FunctionTable {
  readonly exact: Map<string, string>;
  readonly rules: Map<string, Rule[]>;
  readonly wholes: Map<string, string>;
}

type Texts = (table: TypeTable) => ReadonlyMap<string, string>;

interface TypeTable extends TypeEntry {
  readonly methodTexts: ReadonlyMap<string, string>;
  readonly attributeTexts: ReadonlyMap<string, string>;
}

/** Makes knowledge of library files; a later file wins over an earlier one. */
export function knowledgeOf(files: readonly LibraryFile[]): Knowledge {
  const byPackage = new Map<string, LibraryFile[]>();
  const entries = new Map<string, TypeEntry>();
  const packages = new Map<string, string>();
  for (const file of files) {
    for (const top of file.packages ?? [builtin]) byPackage.set(top, [...(byPackage.get(top) ?? []), file]);
    for (const [type, entry] of Object.entries(file.types ?? {})) {
      entries.set(type, entry);
      if (file.packages?.[0] !== undefined) packages.set(type, file.packages[0]);
    }
  }
  const functionTables = new Map<string, FunctionTable>();
  const eithers = [...entries].flatMap(([type, entry]) => (entry.either ? [type] : []));
  const tables = new Map<string, TypeTable>();

  function table(type: string): TypeTable | undefined {
    const known = tables.get(type);
    const entry = known ? undefined : entries.get(type);
    if (!entry) return known;
    const made = {
      ...entry,
      methodTexts: new Map(namesOf(entry.methods ?? {})),
      attributeTexts: new Map(namesOf(entry.attributes ?? {})),
    };
    tables.set(type, made);
    return made;
  }

  /** What the type or the nearest type that it extends says of the name; of any of the types that it may be, taken together. */
  function listed(type: string, texts: Texts, name: string): Effect | undefined {
    for (let info = table(type); info; info = info.extends === undefined ? undefined : table(info.extends)) {
      const found = texts(info).get(name);
      if (found !== undefined) return effect(found);
      if (info.either) return together(type, info.either, (one) => listed(one, texts, name));
    }
    return undefined;
  }

  /** The same; what nobody lists is as `*` says. */
  const asked = (type: string, texts: Texts, name: string): Effect | undefined =>
    listed(type, texts, name) ?? (name === "*" ? undefined : listed(type, texts, "*"));

  function together(
    type: string,
    types: readonly string[],
    ask: (type: string) => Effect | undefined,
  ): Effect | undefined {
    const found = types.map(ask).filter((one) => one !== undefined);
    return found.length === 0
      ? undefined
      : found.reduce((a, b) => joinEffects(a, b, union(type, a.returns, b.returns)));
  }

  /** The type of what is of one type or the other: the asking type, another one that may be either, or unknown. */
  function union(asking: string, a: string, b: string): string {
    if (a === b) return a;
    const parts = new Set([a, b].flatMap((type) => entries.get(type)?.either ?? [type]).map(scalarOrTable));
    const isWhole = (type: string): boolean => {
      const either = entries.get(type)?.either;
      return either !== undefined && either.length === parts.size && either.every((part) => parts.has(part));
    };
    return isWhole(asking) ? asking : (eithers.find(isWhole) ?? "unknown");
  }

  /** Numbers, texts and dates are told apart only where they stand alone. */
  const scalarOrTable = (type: string): string => {
    const entry = entries.get(type);
    return entry?.immutable === true && entry.table !== true && type !== "None" ? "unknown-scalar" : type;
  };

  /** The functions of one top-level package, put in order when first asked for: a notebook uses few of all libraries. */
  function functionTable(top: string): FunctionTable {
    const known = functionTables.get(top);
    if (known) return known;
    const made: FunctionTable = { exact: new Map(), rules: new Map(), wholes: new Map() };
    for (const file of byPackage.get(top) ?? []) fill(made, file, top);
    functionTables.set(top, made);
    return made;
  }

  function functionText(name: string): string | undefined {
    const dot = name.indexOf(".");
    const { exact: listed, rules, wholes } = functionTable(dot < 0 ? builtin : name.slice(0, dot));
    const exact = listed.get(name);
    if (exact !== undefined) return exact;
    for (let module = ownerOf(name); module; module = ownerOf(module)) {
      const rest = name.slice(module.length + 1);
      const rule = rules.get(module)?.find(({ fits }) => fits.test(rest));
      if (rule) return rule.effect;
    }
    for (let module = ownerOf(name); module; module = ownerOf(module)) {
      const whole = wholes.get(module);
      if (whole !== undefined) return whole;
    }
    return undefined;
  }

  const known = new Set(files.flatMap((file) => file.packages ?? []));
  const functionEffect = (name: string): Effect | undefined => {
    const text = functionText(name);
    return text === undefined ? undefined : effect(text);
  };
  return {
    functionEffect,
    knowsPackage: (name) => known.has(name),
    isEstimatorClass: (name) =>
      /^[A-Z]/.test(name.slice(name.lastIndexOf(".") + 1)) && functionEffect(name)?.returns === "estimator",
    typeInfo: (type) => entries.get(type),
    methodEffect: (type, method) => asked(type, (t) => t.methodTexts, method),
    attributeEffect: (type, attribute) => asked(type, (t) => t.attributeTexts, attribute),
    isListedAttribute: (type, attribute) => listed(type, (t) => t.attributeTexts, attribute) !== undefined,
    isListedMethod: (type, method) => listed(type, (t) => t.methodTexts, method) !== undefined,
    subscriptEffect: (type) => {
      for (let info = table(type); info; info = info.extends === undefined ? undefined : table(info.extends))
        if (info.subscript !== undefined) return effect(info.subscript);
      return undefined;
    },
    isImmutable: (type) => entries.get(type)?.immutable === true,
    packageOf: (type) => packages.get(type),
    isTable: (type) => entries.get(type)?.table === true,
    copies: (type) => entries.get(type)?.copies === true,
  };
}

/** The name under which Python's own functions stand. */
const builtin = "builtins";

function fill({ exact, rules, wholes }: FunctionTable, file: LibraryFile, top: string): void {
  for (const [module, names] of Object.entries(file.modules ?? {})) {
    if (module !== top && !module.startsWith(`${top}.`)) continue;
    for (const [name, text] of namesOf(names)) {
      if (name === "*") wholes.set(module, text);
      else if (name.includes("*")) pushRule(rules, module, { fits: globPattern(name), effect: text });
      else exact.set(module === builtin ? name : `${module}.${name}`, text);
    }
  }
}

/** The single names of keys that list several. */
export function* namesOf(texts: Readonly<Record<string, string>>): Generator<readonly [name: string, text: string]> {
  for (const [names, text] of Object.entries(texts)) for (const name of names.split(" ")) yield [name, text];
}

function pushRule(rules: Map<string, Rule[]>, module: string, rule: Rule): void {
  const before = rules.get(module);
  if (before) before.push(rule);
  else rules.set(module, [rule]);
}

/** A name with `*`: one without a dot is compared with the last part of the name, one with a dot with the whole rest. */
function globPattern(glob: string): RegExp {
  const body = glob.replaceAll(".", "\\.").replaceAll("*", glob.includes(".") ? ".*" : "[^.]*");
  return new RegExp(glob.includes(".") ? `^${body}$` : `(?:^|\\.)${body}$`);
}

function ownerOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}
