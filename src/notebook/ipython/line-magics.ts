import { identifiers, type PolicyRow } from "./policy.ts";

type Extra = Partial<Pick<PolicyRow, "fix" | "stops" | "binds">>;

const rows = (names: string, policy: PolicyRow["policy"], why: string, extra: Extra = {}): PolicyRow[] =>
  names.split(" ").map((name) => ({ name, form: "line", policy, why, ...extra }));

const builtin = (names: string, policy: PolicyRow["policy"], why: string, extra: Extra = {}): PolicyRow[] =>
  rows(names, policy, why, extra).map((row) => ({ ...row, builtin: true }));

/** `result << SELECT …` names the result (ipython-sql, JupySQL). */
export const arrowName = (rest: string): readonly string[] => identifiers([/(?:^|\s)(\w+)\s*<</.exec(rest)?.[1]]);

/** Values of options that name variables, e.g. `-o a,b`. */
export const optionNames =
  (...options: readonly string[]) =>
  (rest: string): readonly string[] => {
    const pattern = new RegExp(`(?:^|\\s)(?:${options.join("|")})[= ]\\s*([\\w,]+)`, "g");
    return identifiers([...rest.matchAll(pattern)].flatMap((found) => (found[1] ?? "").split(",")));
  };

const inPython = "write what it does in Python";
const kernel = "it only concerns the live notebook";
const display = "it only concerns what the notebook shows";
const files = "it changes files, which production does not do by itself";

/** Every line magic that Crosswalk knows. The order is that of the documentation. */
export const lineMagics: readonly PolicyRow[] = [
  // Display.
  ...builtin("matplotlib", "drop", "it chooses where plots are shown"),
  ...builtin("config", "drop", "it sets an option of the notebook's front end"),
  ...builtin("precision", "drop", display),
  ...builtin("pprint Pprint", "drop", display),
  ...builtin("xmode", "drop", "it chooses how errors are shown"),
  ...builtin("colors", "drop", display),
  ...builtin("page pdoc pdef pfile pinfo pinfo2 psearch psource pycat", "drop", "it shows help or a text"),
  ...builtin("who who_ls whos", "drop", "it lists the names in the notebook"),
  ...builtin("lsmagic magic quickref", "drop", "it shows help"),
  ...builtin("history hist", "drop", "it shows what was typed"),
  ...builtin("doctest_mode gui guiref", "drop", kernel),
  ...rows("tensorboard", "drop", "it shows a dashboard"),
  ...rows("watermark version_information", "drop", "it shows versions"),
  ...rows("sqlcmd sqlplot", "drop", "it shows tables or plots of a database"),
  // The live notebook.
  ...builtin("load_ext reload_ext unload_ext", "drop", "it loads magics, each of which has its own row"),
  ...rows("autoreload", "drop", "it reloads modules while they are edited"),
  ...rows("dotenv", "drop", "it loads a .env file; in production the environment comes from the deployment"),
  ...builtin("autosave autoindent automagic autocall logoff logon logstart logstate logstop", "drop", kernel),
  ...builtin("alias alias_magic rehashx unalias bookmark", "drop", "it names commands for the live notebook"),
  ...builtin("connect_info qtconsole notebook clear cls man less more killbgscripts subshell", "drop", kernel),
  ...builtin("debug pdb tb", "drop", "it starts the debugger"),
  ...builtin("ls ll lf lk lx ldir ddir pwd cat dhist dirs", "drop", "it only shows files"),
  ...rows(
    "nbdev_export nbdev_hide nbdev_default_export flake8_on flake8_off pycodestyle_on pycodestyle_off",
    "drop",
    kernel,
  ),
  ...rows("wandb", "drop", display),
  // Measured runs and wrappers.
  ...builtin("timeit", "drop", "a measured run: IPython does not keep the names it binds"),
  ...builtin("time", "unwrap", "the statement is run once, and timed"),
  ...builtin("prun", "unwrap", "the statement is run once, under the profiler"),
  ...rows("lprun mprun memit snakeviz", "unwrap", "the statement is run once, and measured"),
  // Packages.
  ...builtin("pip", "requirement", "it names packages that the notebook needs"),
  ...builtin("conda mamba micromamba", "requirement", "it names packages that the notebook needs"),
  ...builtin("uv", "requirement", "it names packages that the notebook needs"),
  // Programs.
  ...builtin("run", "include", "the cells of the other notebook, or the script, run here"),
  ...builtin("env set_env", "translate", "it becomes an assignment to os.environ"),
  ...builtin("pylab", "translate", "it becomes the imports it stands for"),
  ...rows("aimport", "translate", "it becomes an import"),
  ...builtin("xdel", "translate", "it becomes `del`"),
  // Opaque.
  ...builtin("cd pushd popd", "opaque", "it moves the working directory, so later paths mean other files", {
    stops: true,
    fix: "leave it out and write paths relative to the notebook",
  }),
  ...builtin("store", "opaque", "it keeps or fetches names outside the notebook", {
    fix: "write the value to a file, and read that file where it is needed",
    binds: (rest) => (/^-r\b/.test(rest) ? identifiers(rest.split(/\s+/).slice(1)) : []),
  }),
  ...rows("sql", "opaque", "the query runs outside Python", {
    fix: "read the query with pandas.read_sql, or declare its result as a dataset",
    binds: arrowName,
  }),
  ...rows("bigquery bqsql", "opaque", "the query runs outside Python", {
    fix: "read the query with pandas, or declare its result as a dataset",
    binds: (rest) => identifiers([/^(?!-)\w+/.exec(rest)?.[0]]),
  }),
  ...rows("R", "opaque", "the code is R", { fix: inPython, binds: optionNames("-o", "--output") }),
  ...rows("Rpush Rpull Rget", "opaque", "it exchanges values with R", {
    fix: inPython,
    binds: (rest) => identifiers(rest.split(/\s+/)),
  }),
  ...rows("synapse spark configure", "opaque", "it drives a session outside the notebook", {
    fix: "connect in Python, or leave it out when production does not need it",
    binds: optionNames("-o"),
  }),
  ...rows("px pxconfig autopx", "opaque", "the code runs on other machines", { fix: inPython, stops: true }),
  ...builtin("load loadpy", "opaque", "it fetches code into the cell while a person looks on", {
    fix: "run the cell once, so that the code stands in the notebook",
    stops: true,
  }),
  ...builtin("edit ed macro paste cpaste recall rep rerun", "opaque", "it runs text that is not in the notebook", {
    fix: "write the code itself into the cell",
    stops: true,
  }),
  ...builtin("reset reset_selective", "opaque", "it deletes the names of the notebook", {
    fix: "leave it out; production starts without names",
  }),
  ...builtin("cp mv rm rmdir mkdir", "opaque", files, {
    fix: "do it in Python with pathlib or shutil, or leave it out when production does not need it",
  }),
  ...builtin("save pastebin", "opaque", "it writes a file from the notebook's text", {
    fix: "leave it out when production does not need the file",
  }),
  ...builtin("system sx sc", "opaque", "it is a shell command", { fix: inPython }),
  ...rows("kql sparksql", "opaque", "the query runs outside Python", {
    fix: "run the query from Python, or declare its result as a dataset",
    binds: arrowName,
  }),
];
