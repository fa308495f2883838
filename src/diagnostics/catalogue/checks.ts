import { entries } from "../define.ts";

/** CW40xx: laws over the notebook. Warnings: the product is faithful, the notebook is questionable. */
export const checkEntries = entries({
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
});
