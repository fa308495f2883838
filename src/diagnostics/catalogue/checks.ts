import { entries } from "../define.ts";

/** CW40xx: laws over the notebook. Warnings: the product is faithful, the notebook is questionable. */
export const checkEntries = entries(() => ({
  CW4001: {
    slug: "credential-in-code",
    severity: "warning",
    title: "A credential in the notebook",
    message:
      "A credential stands in the code as a literal; where production needs it, the product reads '{name}' from its environment instead.",
    cause: "Notebooks are shared and committed: whoever can read the notebook can read the credential.",
    fix: "Read it from the environment in the notebook too, and change the credential.",
  },
  CW4002: {
    slug: "absolute-path",
    severity: "warning",
    title: "A path that exists on one machine",
    message: "'{path}' is an absolute path.",
    cause: "The file is found only on machines that have it in the very same folder.",
    fix: "Use a path relative to the notebook, or bind the dataset in crosswalk.yaml under 'data'.",
  },
  CW4003: {
    slug: "unused-silencer",
    severity: "warning",
    title: "An ignore or waive that matches nothing",
    message: "'{directive} {codes}' matches no warning.",
    cause: "A silencer that outlived its warning would hide the next one.",
    fix: "Remove the directive.",
  },
  CW4004: {
    slug: "credential-not-lifted",
    severity: "error",
    title: "A credential that cannot be taken out of the code",
    message:
      "'{name}' is set to a literal here, in code that production needs, and it cannot be lifted into the environment.",
    cause: "The product would hold the credential in plain text. Credentials are lifted from plain assignments only.",
    fix: "Read it with os.environ['{env}'] in the notebook, or assign it to a variable of its own.",
  },
  CW4005: {
    slug: "undefined-in-exploration",
    severity: "warning",
    title: "Exploration reads a name that no cell defines",
    message: "'{name}' is read here, but it has no value at this point.",
    cause:
      "Run from top to bottom the notebook stops here. Production does not need this statement, so the product does without it; whoever runs the notebook anew does not.",
    fix: "Define '{name}' in a cell above, or mark the statement with '# cw: skip'.",
  },
  CW4006: {
    slug: "read-before-definition",
    severity: "warning",
    title: "A name that is defined only further down",
    message: "'{name}' is read here, but the first cell that defines it is cell {cell}, below.",
    cause:
      "It worked in a session in which the later cell had run before. From top to bottom the notebook stops here; production does not need this statement.",
    fix: "Move this statement below cell {cell}, or define '{name}' above it.",
  },
  CW4007: {
    slug: "execution-out-of-order",
    severity: "warning",
    title: "Cells that were last run in another order",
    message:
      "Cell {cell}, run as [{count}], was last run {when} cell {other}, run as [{otherCount}]; what the notebook shows need not be what it computes from top to bottom{more}.",
    cause:
      "The product runs the cells from top to bottom. The results that the notebook shows came from another order, and may be others.",
    fix: "Restart the kernel, run all cells and save the notebook.",
  },
  CW4008: {
    slug: "cell-not-run",
    severity: "warning",
    title: "A cell that was not run with the others",
    message: "Cell {cell} has no execution count, while other cells of the notebook have one{more}.",
    cause:
      "The cell was added or cleared after the last run: what the notebook shows came about without it, but production needs it.",
    fix: "Restart the kernel, run all cells and save the notebook.",
  },
  CW4009: {
    slug: "hidden-chain-state",
    severity: "warning",
    title: "A notebook that needs the session of another",
    message: "'{notebook}' takes {what} from the session in which '{earlier}' has run.",
    cause:
      "Run by itself the notebook stops, or computes something else. The product runs the notebooks as one program, as crosswalk.yaml lists them.",
    fix: "Begin '{notebook}' with '%run {earlier}' and list it alone in crosswalk.yaml, or hand the data on in a file that it reads.",
  },
  CW4010: {
    slug: "unused-import",
    severity: "note",
    title: "An import that nothing uses",
    message: "Imported here and used nowhere: {names}.",
    cause: "The product leaves it out. In the notebook it still has to be installed, and readers look for its use.",
    fix: "Remove the import.",
  },
  CW4011: {
    slug: "unseeded-draw",
    severity: "warning",
    title: "Random numbers without a seed in a result",
    message: "'{callee}' draws random numbers that nobody seeded, and {output} depends on them.",
    cause: "Every run gives another result, so neither the notebook's figures nor the product's can be reproduced.",
    fix: "Set a seed: {seed}; '# cw: seed N' lets the product set one.",
  },
  CW4012: {
    slug: "clock-in-result",
    severity: "warning",
    title: "A result that depends on when it is computed",
    message: "'{callee}' reads the clock, and {output} depends on it.",
    cause: "The same data gives another result tomorrow, so no run can be reproduced or compared with another.",
    fix: "Assign the day to a variable of its own ('as_of = …'), which becomes a parameter of the product.",
  },
  CW4013: {
    slug: "mutated-global",
    severity: "warning",
    title: "A function that changes a variable it is not given",
    message: "Function '{function}' changes the notebook's '{name}', which it is not given.",
    cause:
      "Who reads the call does not see that '{name}' is another one afterwards, and running the cell twice changes it twice.",
    fix: "Give '{name}' to the function as an argument, or return a new value and assign it where the function is called.",
  },
  CW4014: {
    slug: "shadowed-builtin",
    severity: "warning",
    title: "A builtin's name for a value, and a call of the builtin",
    message: "'{name}' is a value from here on, but cell {cell} calls it like Python's own '{name}'.",
    cause:
      "From top to bottom the call fails: the value cannot be called. It worked in a session in which the value was not yet there.",
    fix: "Give the value another name.",
  },
  CW4015: {
    slug: "promise-without-name",
    severity: "warning",
    title: "A directive about a name that is nowhere",
    message: "'{directive} {name}': neither a statement nor a dataset has this name{hint}.",
    cause: "What is promised about it is never checked, and nobody would notice.",
    fix: "Correct the name, or remove the directive.",
  },
  CW4016: {
    slug: "dynamic-code",
    severity: "warning",
    title: "Code whose effect stands nowhere",
    message: "'{what}' may define or change any name; what it does cannot be read in the code.",
    cause:
      "Production does not need it today, so it is left out. As soon as something that is kept depends on it, no product can be made.",
    fix: "Write the assignments out, or use a dictionary of your own.",
  },
  CW4017: {
    slug: "ignored-exception",
    severity: "warning",
    title: "A fit or a load that may fail unnoticed",
    message: "Whatever goes wrong in the {what} above is ignored, and the code goes on.",
    cause:
      "In production nobody reads the output: the model of an earlier round, or none, would be used in place of the one that failed. The product does what the notebook does.",
    fix: "Let the exception stop the run, or catch the one that you expect and say what takes its place.",
  },
  CW4018: {
    slug: "metric-on-training-rows",
    severity: "warning",
    title: "A model that is measured on the rows it was fitted on",
    message: "'{figure}' is computed on rows that the model was fitted on.",
    cause: "A model knows those rows already: the figure says little about new ones, and is too good.",
    fix: "Compute it on rows that were held out, or with cross-validation; beside the same figure on held-out rows it is fine.",
  },
  CW4030: {
    slug: "unknown-library",
    severity: "note",
    title: "A library about which nothing is known",
    message: "Nothing is known of {names}: each call counts as changing all that it is given.",
    cause:
      "Nothing is wrong, but production keeps every statement that such a call might depend on, or that might depend on it.",
    fix: "Say under `libraries` in crosswalk.yaml what the calls of '{library}' do: docs/knowledge.md shows how.",
  },
}));
