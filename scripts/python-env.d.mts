/** What to say to a person; printed without a stack. */
export class EnvironmentError extends Error {}

/** A Python environment: absolute paths, and whether this call made it. */
export interface PythonEnv {
  readonly python: string;
  readonly bin: string;
  readonly folder: string;
  readonly made: boolean;
}

type Log = (line: string) => void;
type Env = Readonly<Record<string, string | undefined>>;

export function pythonOf(yaml: string): string | undefined;
export function satisfies(version: string, specifier: string): boolean;
export function findPython(wanted?: string): { readonly python: string; readonly version: string; readonly uv: boolean };
export function pythonEnv(options: {
  readonly root: string;
  readonly requirements: readonly string[];
  readonly constraints?: readonly string[];
  readonly python?: string | undefined;
  readonly log?: Log | undefined;
}): PythonEnv;
export function exampleEnv(root: string, example: string, log?: Log): PythonEnv;
export function envFor(env: PythonEnv, base?: Env): Record<string, string | undefined>;
