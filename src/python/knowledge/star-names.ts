import file from "./star-names.json" with { type: "json" };

/** What `from module import *` brings. */
export interface StarNames {
  /** For each name the import statement that brings just that one: `from numpy import sin`, `import numpy as np`. */
  readonly imports: ReadonlyMap<string, string>;
  /** Names that Python has too, and that only some versions of the library bring. */
  readonly unsure: ReadonlySet<string>;
}

interface Listed {
  readonly names: Readonly<Record<string, string>>;
  readonly unsure?: string;
}

const modules: Readonly<Record<string, Listed>> = file.modules;
const known = new Map<string, StarNames>();

/** The names of a module whose names are listed; made from the library itself by scripts/oracle/star_names.py. */
export function starNames(module: string): StarNames | undefined {
  const listed = Object.hasOwn(modules, module) ? modules[module] : undefined;
  const before = known.get(module);
  if (!listed || before) return before;
  const imports = new Map<string, string>();
  for (const [from, names] of Object.entries(listed.names))
    for (const written of names.split(" ")) {
      const [name = "", source] = written.split("=");
      const plain = source === name ? `import ${name}` : `import ${source} as ${name}`;
      imports.set(name, source === undefined ? `from ${from} import ${name}` : plain);
    }
  const made = { imports, unsure: new Set(listed.unsure?.split(" ") ?? []) };
  known.set(module, made);
  return made;
}
