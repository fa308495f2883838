/**
 * An action's parameters as a person would name them: a model by its name, anything else by its paths within the workspace and its words; which
 * cells of a notebook are looked at says nothing to anyone.
 */
export function namedBy(params: unknown, root: string): string {
  if (Array.isArray(params)) return params.map((one) => namedBy(one, root)).join(" ");
  if (typeof params !== "object" || params === null) return within(String(params), root);
  const { root: _, cells: __, file, ...rest } = params as Readonly<Record<string, unknown>>;
  const named = "name" in rest ? rest : { file, ...rest };
  return Object.values(named)
    .filter((one) => one !== undefined)
    .map((one) => namedBy(one, root))
    .join(" ");
}

function within(path: string, root: string): string {
  return path === root ? "." : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
