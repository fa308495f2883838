import { entries } from "../define.ts";

/** CW20xx: what the analysis of statements and names finds. */
export const dataflowEntries = entries(() => ({
  CW2001: {
    slug: "unparsable-code",
    severity: "error",
    title: "Code that is not Python",
    message: "This code could not be read as Python: {problem}.",
    cause: "Crosswalk never guesses what a damaged cell would have done, so nothing is made from its notebook.",
    fix: "Correct the code, or mark the cell with '# cw: skip' if production does not need it.",
  },
  CW2002: {
    slug: "not-understood",
    severity: "error",
    title: "Code whose effect cannot be seen",
    message: "A value that production keeps depends on code that {what}.",
    cause:
      "The effect of this statement on the notebook's names cannot be told from the code, so no faithful product can be made.",
    fix: "Write the effect out as plain assignments, or mark the statement with '# cw: skip' if production does not need it.",
  },
  CW2003: {
    slug: "undefined-name",
    severity: "error",
    title: "A name that no cell defines",
    message: "'{name}' is read here, but no cell above defines it.",
    cause: "Run from top to bottom the notebook would stop here with a NameError, and so would the product.",
    fix: "Define '{name}' in a cell above, or mark the statement with '# cw: skip'.",
  },
  CW2004: {
    slug: "opaque-command",
    severity: "error",
    title: "A notebook command that production needs",
    message: "'{name}' is needed by what production keeps, but this command cannot be carried over.",
    cause: "Shell lines and notebook commands run outside Python; what they leave behind cannot be seen in the code.",
    fix: "Replace the command by Python, or declare the data with '# cw: input'.",
  },
  CW2005: {
    slug: "cyclic-run",
    severity: "error",
    title: "Notebooks that run each other",
    message: "'%run {target}' leads back to this notebook.",
    cause: "A chain that runs itself never ends, so there is no order in which its cells run.",
    fix: "Move what both notebooks need into a third one that runs neither.",
  },
  CW2006: {
    slug: "run-target-missing",
    severity: "error",
    title: "A notebook that %run names is missing",
    message: "'%run {target}' names a notebook that is not there.",
    cause: "The names that the other notebook defines would be missing from the product.",
    fix: "Correct the path; it is relative to the folder of the notebook that was started, also in a notebook that %run brings in (in Databricks, to the notebook that holds the line).",
  },
  CW2007: {
    slug: "notebook-unreadable",
    severity: "error",
    title: "A notebook that cannot be opened",
    message: "Notebook '{path}' cannot be opened.",
    cause: "The file is missing, is a folder, or may not be read.",
    fix: "Correct the path under 'notebooks', or the file's permissions.",
  },
  CW2008: {
    slug: "run-inside-cell",
    severity: "error",
    title: "%run below other statements",
    message: "'%run {target}' stands below other statements of its cell.",
    cause: "The statements of a cell stay together; the other notebook's cells would have to run between them.",
    fix: "Give '%run {target}' a cell of its own.",
  },
  CW2009: {
    slug: "script-names",
    severity: "error",
    title: "A script under %run that shares a name with the notebook",
    message: "'{name}' means one thing in the script of '%run {target}' and may mean another in the notebook.",
    cause:
      "A script under %run has globals of its own, copied to the notebook when it has ended. Its functions go on seeing the script's '{name}', and it never sees the notebook's.",
    fix: "Give one of the two another name, or write '%run -i {target}', which makes them one.",
  },
  CW2010: {
    slug: "ambiguous-definition",
    severity: "error",
    title: "A function with several definitions that more than one step needs",
    message: "'{name}' has several different definitions, and more than one declared step needs them.",
    cause:
      "A function lives once in the product's modules. Several of one name stand inside the step that uses them, and a declared step cannot hand a function on.",
    fix: "Give the definitions different names, or use '{name}' within one step.",
  },
  CW2011: {
    slug: "function-writes-global",
    severity: "error",
    title: "A function that writes a variable of several steps",
    message: "Function '{name}' changes the notebook's variable '{global}', and more than one declared step needs it.",
    cause:
      "In the product such a function stands inside the step whose variable it changes, and a declared step cannot hand a function on.",
    fix: "Return the new value and assign it where the function is called, or call '{name}' within one step.",
  },
  CW2012: {
    slug: "ambiguous-name",
    severity: "error",
    title: "One name for several things",
    message:
      "'{name}' is sometimes one thing and sometimes another (a function of Python, an import, a variable), and which one is meant here depends on when this code runs.",
    cause: "The function reads the name when it runs; the product must know what it gets.",
    fix: "Give the import, the function or the variable another name.",
  },
  CW2013: {
    slug: "definition-needs-value",
    severity: "error",
    title: "A definition that needs a computed value, in several steps",
    message:
      "'{helper}' needs the notebook's '{name}' when it is defined (in a class, a default or a decorator), and more than one declared step needs it.",
    cause:
      "In the product such a definition stands inside the step that uses it, and a declared step cannot hand a function or a class on.",
    fix: "Pass '{name}' as an argument instead, or use '{helper}' within one step.",
  },
  CW2014: {
    slug: "function-kept-for-later",
    severity: "error",
    title: "A function that is kept, and a variable of it that changes",
    message:
      "'{helper}' is kept here to be called later, in another declared step, but '{name}', which it reads, is assigned again by then.",
    cause:
      "The function reads '{name}' when it is called. Handed over where the function is kept, it would be the wrong value.",
    fix: "Give the later value another name, or pass '{name}' as an argument.",
  },
  CW2020: {
    slug: "databricks-only",
    severity: "error",
    title: "Code that works on Databricks only",
    message: "{what}.",
    cause:
      "The product runs without Databricks. Widgets become parameters and secrets become secrets of the product; the rest of dbutils stays behind.",
    fix: "{fix}.",
  },
}));
