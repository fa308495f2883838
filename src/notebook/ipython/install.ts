import type { ShellCommand } from "./shell-words.ts";

/** What an install command asks for. */
export interface Install {
  /** As in `MagicPolicy`: PEP 508, `-r FILE`, `-c FILE`, `-e PATH`, a URL or a path. */
  readonly requirements: readonly string[];
  /** Why the packages cannot be read, when they cannot. */
  readonly unreadable?: string;
  /** `>=1.5` that the shell took for a file. */
  readonly swallowed?: { readonly redirect: string; readonly requirement: string };
}

const pipValues = new Set(
  (
    "-i --index-url --extra-index-url -f --find-links -t --target --prefix --root --trusted-host --proxy --timeout " +
    "--retries --log --cache-dir --src --platform --python-version --implementation --abi --no-binary --only-binary " +
    "--upgrade-strategy --progress-bar --root-user-action --use-feature --use-deprecated -C --config-settings " +
    "--global-option --report --exists-action --cert --client-cert --python -p"
  ).split(" "),
);

const condaValues = new Set("-c --channel -n --name -p --prefix --file --solver --repodata-fn".split(" "));

/** Conda names that PyPI spells differently. Others are the same, or the environment's own list decides. */
const condaToPypi: Readonly<Record<string, string>> = {
  pytorch: "torch",
  "py-xgboost": "xgboost",
  "py-opencv": "opencv-python",
  "python-graphviz": "graphviz",
  "matplotlib-base": "matplotlib",
  "dask-core": "dask",
  "msgpack-python": "msgpack",
};

/** Reads `pip install …`, `python -m pip install …`, `conda install …`, `uv pip install …`; undefined for other commands. */
export function readInstall(command: ShellCommand): Install | undefined {
  const words = withoutLauncher(command.words);
  const tool = words[0] ?? "";
  const pip = /^pip(?:3(?:\.\d+)?)?$/.test(tool);
  const conda = /^(?:conda|mamba|micromamba)$/.test(tool);
  if (!pip && !conda) return undefined;
  const verb = words.findIndex((word, i) => i > 0 && !word.startsWith("-"));
  if (words[verb] !== "install") return undefined;
  const args = words.slice(verb + 1);
  const requirements = conda ? condaRequirements(args) : pipRequirements(args);
  const odd = requirements.find((requirement) => /[${}`]/.test(requirement));
  if (odd !== undefined) return { requirements: [], unreadable: `\`${odd}\` is only known when the line runs` };
  const redirect = command.writes.find((file) => /^=?=?\d/.test(file));
  if (redirect === undefined) return { requirements };
  const last = requirements.at(-1) ?? "";
  return { requirements, swallowed: { redirect: `>${redirect}`, requirement: `${last}>${redirect}` } };
}

/** True for package commands that change nothing: `pip list`, `conda info`. */
export function onlyShowsPackages(words: readonly string[]): boolean {
  const [tool = "", verb = ""] = withoutLauncher(words);
  return (
    (/^pip3?$/.test(tool) && /^(?:list|show|freeze|check|--version|-V|help|config|cache|index)$/.test(verb)) ||
    (/^(?:conda|mamba|micromamba)$/.test(tool) && /^(?:list|info|--version|-V|search)$/.test(verb))
  );
}

/** Drops `sudo`, `python -m`, `{sys.executable} -m`, `uv`. */
function withoutLauncher(words: readonly string[]): readonly string[] {
  let rest = words;
  if (rest[0] === "sudo" || rest[0] === "yes") rest = rest.slice(1);
  if (rest[1] === "-m" && /^(?:.*\/)?python(?:\d(?:\.\d+)?)?$|^[{$"]*\{?sys\.executable\}*$/.test(rest[0] ?? ""))
    rest = rest.slice(2);
  if (rest[0] === "uv" && rest[1] === "pip") rest = rest.slice(1);
  return rest;
}

function pipRequirements(args: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    const option = /^(-r|--requirement|-c|--constraint|-e|--editable)(?:=(.*))?$/.exec(arg);
    if (option) {
      const value = option[2] ?? args[++i];
      const short = { r: "-r", c: "-c", e: "-e" }[option[1]?.replace(/^-+/, "").charAt(0) ?? "r"];
      if (value !== undefined) found.push(`${short} ${value}`);
    } else if (/^-r./.test(arg)) found.push(`-r ${arg.slice(2)}`);
    else if (pipValues.has(arg)) i++;
    else if (!arg.startsWith("-") && arg !== "") found.push(arg);
  }
  return found;
}

function condaRequirements(args: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (condaValues.has(arg)) i++;
    else if (!arg.startsWith("-") && arg !== "") found.push(condaRequirement(arg));
  }
  return found.filter((requirement) => !/^python\b(?!-)/.test(requirement));
}

/** `numpy=1.2` means any 1.2.x; `numpy==1.2` and `numpy>=1` mean the same as in pip; a channel prefix is dropped. */
function condaRequirement(text: string): string {
  const spec = text.slice(text.lastIndexOf("::") + 1).replace(/^:/, "");
  const parts = /^([\w.-]+)(?:(=)([\w.*]+)(?:=\S*)?|([<>=!~].*))?$/.exec(spec);
  if (!parts) return spec;
  const name = parts[1] ?? spec;
  const pypi = condaToPypi[name] ?? name;
  if (parts[3] !== undefined) return `${pypi}==${parts[3].replace(/\.?\*$/, "")}.*`;
  return pypi + (parts[4] ?? "");
}
