export function nodeIsNewEnough(version: string): boolean;
export function installedMatches(root: string): boolean;
export function findRuntime(root: string, running?: { readonly path: string; readonly version: string }): string | undefined;
