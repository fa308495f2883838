import { report } from "../../diagnostics/catalogue.ts";
import { nearest } from "../../foundation/nearest.ts";
import { cellMagics } from "./cell-magics.ts";
import { lineMagics } from "./line-magics.ts";
import { type Outcome, opaqueOutcome, type PolicyRow, pythonString } from "./policy.ts";
import { packageOutcome, shellOutcome } from "./shell.ts";

const rows: ReadonlyMap<string, PolicyRow> = new Map(lineMagics.map((row) => [row.name, row]));

/** The row of a line magic. */
export function lineRow(name: string): PolicyRow | undefined {
  return rows.get(name);
}

/** What becomes of the line magic `%name rest`. `nested` is true inside an indented block. */
export function lineOutcome(name: string, rest: string, nested: boolean): Outcome {
  if (name.startsWith("%")) return misplacedOutcome(`%${name}`);
  const row = rows.get(name);
  if (!row) return unknownOutcome(name, "line");
  const special = specials[name];
  if (special) return special(row, rest, nested);
  switch (row.policy) {
    case "opaque":
      return opaqueOutcome(row, rest, `%${name}`);
    case "requirement":
      return packageOutcome(`${name} ${rest}`);
    default:
      return { policy: { kind: "drop" }, why: row.why };
  }
}

/** `%%name` below other statements: IPython stops there. */
function misplacedOutcome(name: string): Outcome {
  const why = "a cell magic must be the first line of its cell";
  const fix = "move it to the first line, or split the cell here";
  return { policy: { kind: "opaque" }, why, report: (place) => report("CW1041", place, { name, why, fix }) };
}

/** A magic that no row knows; the nearest one is named. */
export function unknownOutcome(name: string, form: "line" | "cell"): Outcome {
  const marks = form === "line" ? "%" : "%%";
  const table = form === "line" ? lineMagics : cellMagics;
  const near = nearest(
    name,
    table.map((row) => row.name),
  );
  const other = form === "line" ? cellMagics : lineMagics;
  const twin = other.some((row) => row.name === name);
  const hint = twin ? `; \`${form === "line" ? "%%" : "%"}${name}\` is known` : "";
  return {
    policy: { kind: "opaque" },
    why: "an unknown magic",
    report: (place) =>
      report("CW1042", place, {
        name: marks + name,
        nearest: near === undefined ? "" : `; the nearest one is \`${marks}${near}\``,
        hint,
      }),
  };
}

type Special = (row: PolicyRow, rest: string, nested: boolean) => Outcome;

/** IPython fills `$name` and `{expression}` into the line before the magic sees it. */
const expands = (rest: string): boolean => /[${]/.test(rest);

const statement: Special = (row, rest) => {
  const options = measuredOptions(row.name, rest);
  if (options === undefined || (row.name !== "time" && row.name !== "prun" && expands(rest)))
    return opaqueOutcome(
      {
        ...row,
        why: "its statement runs in a way that Python alone does not",
        fix: "write the statement without the magic",
        stops: true,
      },
      rest,
      `%${row.name}`,
    );
  return { policy: { kind: "unwrap" }, why: row.why, optionLength: options };
};

const environment: Special = (row, rest) => {
  const text = rest.trim();
  const cut = text.includes("=") ? text.indexOf("=") : text.search(/\s/);
  if (cut < 0) return { policy: { kind: "drop" }, why: "it only shows the environment" };
  const key = text.slice(0, cut).trim();
  const value = text.slice(cut + 1).trim();
  if (expands(text) || /\s/.test(key) || key === "")
    return opaqueOutcome(
      {
        ...row,
        why: "its text is only known when the line runs",
        fix: 'write `os.environ["NAME"] = value`',
        stops: true,
      },
      rest,
      `%${row.name}`,
    );
  return {
    policy: { kind: "translate" },
    why: row.why,
    python: ["import os", `os.environ[${pythonString(key)}] = ${pythonString(value)}`],
  };
};

const include: Special = (_, rest, nested) => {
  const found = /^((?:-[A-Za-z]+\s+)*)(?:"([^"]+)"|'([^']+)'|(\S+))\s*(.*)$/s.exec(rest.trim());
  const flags = (found?.[1] ?? "").trim();
  const target = found?.[2] ?? found?.[3] ?? found?.[4] ?? "";
  const args = (found?.[5] ?? "").replace(/^#.*$/s, "");
  const problem = includeProblem(target, flags, args, nested);
  const shares = /-\w*i/.test(flags) ? { shares: true as const } : {};
  if (problem === undefined)
    return { policy: { kind: "include", target, ...shares }, why: "the other file's cells run here" };
  return {
    policy: { kind: "opaque" },
    why: problem.why,
    report: (place) => report("CW1047", place, { name: "%run", ...problem }),
  };
};

const pylab: Special = (row, rest) => {
  const all = /--no-import-all\b/.test(rest) ? [] : ["from matplotlib.pylab import *", "from numpy import *"];
  return {
    policy: { kind: "translate" },
    why: row.why,
    python: [
      "import numpy",
      "import matplotlib",
      "from matplotlib import pylab, mlab, pyplot",
      "np = numpy",
      "plt = pyplot",
      "from IPython.display import display",
      "from IPython.core.pylabtools import figsize, getfigs",
      ...all,
    ],
  };
};

const aimport: Special = (row, rest) => {
  const names = rest
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("-"));
  if (names.length === 0) return { policy: { kind: "drop" }, why: "it imports nothing" };
  if (names.every((name) => /^[A-Za-z_][\w.]*$/.test(name)))
    return { policy: { kind: "translate" }, why: row.why, python: names.map((name) => `import ${name}`) };
  return opaqueOutcome(
    { ...row, why: "its names cannot be read", fix: "write `import`", stops: true },
    rest,
    "%aimport",
  );
};

const remove: Special = (row, rest) => {
  const name = rest.trim();
  if (/^[A-Za-z_]\w*$/.test(name)) return { policy: { kind: "translate" }, why: row.why, python: [`del ${name}`] };
  return opaqueOutcome({ ...row, why: "its names cannot be read", fix: "write `del`", stops: true }, rest, "%xdel");
};

/** `%store -r` alone fetches every name that was ever stored. */
const store: Special = (row, rest) =>
  opaqueOutcome(/^-r\s*$/.test(rest.trim()) ? { ...row, stops: true } : row, rest.trim(), "%store");

const system: Special = (row, rest) => {
  if (row.name !== "sc") return shellOutcome(rest);
  const name = /^(?:-\w+\s+)*([A-Za-z_]\w*)\s*=/.exec(rest)?.[1];
  return opaqueOutcome({ ...row, binds: () => (name === undefined ? [] : [name]) }, rest, "%sc");
};

const specials: Readonly<Record<string, Special>> = {
  time: statement,
  prun: statement,
  lprun: statement,
  mprun: statement,
  memit: statement,
  snakeviz: statement,
  env: environment,
  set_env: environment,
  run: include,
  pylab,
  aimport,
  xdel: remove,
  store,
  system,
  sx: system,
  sc: system,
};

/** Length of the options before the statement of a measured run; undefined when they change how often it runs. */
export function measuredOptions(name: string, rest: string): number | undefined {
  if (name === "time") return /^(?:--no-raise-error\s+)?/.exec(rest)?.[0].length ?? 0;
  const values = { prun: "lsTD", lprun: "fmDTu", mprun: "fT", memit: "rti", snakeviz: "f" }[name] ?? "";
  const pattern = new RegExp(`^(?:-(?:[${values}]\\s*\\S+|[A-Za-z]+)\\s+)*`);
  const options = pattern.exec(rest)?.[0] ?? "";
  const repeats = name === "memit" ? /-r\s*(\d+)/.exec(options)?.[1] : undefined;
  return repeats === undefined || repeats === "1" ? options.length : undefined;
}

/** Python for `x = %magic`: the call IPython makes, whose value nobody knows. */
export function assignedBinding(name: string, rest: string): string {
  return `get_ipython().run_line_magic(${pythonString(name)}, ${pythonString(rest)})`;
}

function includeProblem(
  target: string,
  flags: string,
  args: string,
  nested: boolean,
): { readonly why: string; readonly fix: string } | undefined {
  if (target === "") return { why: "it names no file", fix: "name the notebook or script to run" };
  if (/[${}]/.test(target))
    return { why: "its file is only known when the line runs", fix: "write the name of the file itself" };
  if (nested) return { why: "it stands inside a block, so it may run or not", fix: "put %run into a cell of its own" };
  if (/-\w*[mnd]/.test(flags))
    return { why: `its options \`${flags}\` change how the file runs`, fix: "run the file without these options" };
  if (args !== "")
    return { why: `it passes arguments (\`${args}\`)`, fix: "set the values in a cell that both notebooks see" };
  return undefined;
}
