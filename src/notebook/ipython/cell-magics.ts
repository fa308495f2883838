import { arrowName, optionNames } from "./line-magics.ts";
import { identifiers, type PolicyRow } from "./policy.ts";

type Extra = Partial<Pick<PolicyRow, "fix" | "stops" | "binds">>;

const rows = (names: string, policy: PolicyRow["policy"], why: string, extra: Extra = {}): PolicyRow[] =>
  names.split(" ").map((name) => ({ name, form: "cell", policy, why, ...extra }));

const outNames = optionNames("--out", "--err", "--proc");
const script = "the cell is a script of another program";
const query = "the query runs outside Python";
const inPython = "do it in Python, or declare the file it makes as a dataset in crosswalk.yaml";

/** Every cell magic that Crosswalk knows. The order is that of the documentation. */
export const cellMagics: readonly PolicyRow[] = [
  // The body is Python, run once in the notebook's own names.
  ...rows("time", "unwrap", "the cell is run once, and timed"),
  ...rows("capture", "unwrap", "the cell is run once, and its output is kept back"),
  ...rows("prun", "unwrap", "the cell is run once, under the profiler"),
  ...rows("memit snakeviz", "unwrap", "the cell is run once, and measured"),
  ...rows("timeit", "drop", "a measured run: IPython does not keep the names it binds"),
  // Display.
  ...rows("html HTML svg SVG latex markdown md javascript js Javascript", "drop", "it only shows something"),
  ...rows("mermaid dot", "drop", "it only draws a picture"),
  ...rows("ipytest", "drop", "the cell holds tests for the live notebook"),
  // Opaque.
  ...rows("writefile file", "opaque", "it writes the cell to a file; a module made so is not part of the product", {
    fix: "put the code into a cell of its own without the magic, or into a module of the repository",
  }),
  ...rows("bash sh script perl ruby pypy python python2 python3 cmd powershell system sx !", "opaque", script, {
    fix: inPython,
    binds: outNames,
  }),
  ...rows("sql", "opaque", query, {
    fix: "read the query with pandas.read_sql, or declare its result as a dataset",
    binds: arrowName,
  }),
  ...rows("bigquery bqsql", "opaque", query, {
    fix: "read the query with pandas, or declare its result as a dataset",
    binds: (rest) => identifiers([/^(?!-)\w+/.exec(rest)?.[0]]),
  }),
  ...rows("kql sparksql", "opaque", query, {
    fix: "run the query from Python, or declare its result as a dataset",
    binds: arrowName,
  }),
  ...rows("R", "opaque", "the code is R", { fix: "write it in Python", binds: optionNames("-o", "--output") }),
  ...rows("julia scala", "opaque", "the code is in another language", { fix: "write it in Python" }),
  ...rows("spark synapse local configure", "opaque", "the code runs in a session outside the notebook", {
    fix: "connect in Python, or declare its result as a dataset",
    binds: optionNames("-o"),
  }),
  ...rows("px", "opaque", "the code runs on other machines", { fix: "write it in Python", stops: true }),
  ...rows("cython fortran", "opaque", "it compiles functions into the notebook", {
    fix: "put the functions into a module of the repository and import it",
    stops: true,
  }),
  ...rows("macro edit", "opaque", "it runs text that is not in the notebook", {
    fix: "write the code itself into the cell",
    stops: true,
  }),
];
