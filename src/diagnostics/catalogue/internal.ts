import { entries } from "../define.ts";

/** CW90xx: our own bugs. */
export const internalEntries = entries(() => ({
  CW9001: {
    slug: "internal-error",
    severity: "error",
    title: "Crosswalk itself failed",
    message: "Crosswalk itself failed: {what}.",
    cause: "This is a defect of Crosswalk, not of your notebook; nothing was written after it happened.",
    fix: "send the report above, which holds no content of your files, with the output of `crosswalk --version --verbose` to the people who maintain Crosswalk for you.",
  },
  CW9002: {
    slug: "package-damaged",
    severity: "error",
    title: "a file of Crosswalk itself is missing",
    message: "the installed package of Crosswalk has no readable {file}.",
    cause: "The command prints a file that is delivered with Crosswalk, and the installation does not have it.",
    fix: "install Crosswalk again, or run `npm run build` in its repository.",
  },
}));
