import { entries } from "../define.ts";

/** CW61xx: what is said of a cache that several machines share. */
export const cacheEntries = entries(() => ({
  CW6101: {
    slug: "shared-cache-failed",
    severity: "warning",
    title: "The shared cache could not be used",
    message: "The shared cache {cache} {problem}; {treatment}.",
    cause: "A cache only saves time. The result is the same without it, and a build does not wait for one that fails.",
    fix: "Look at the server and at the credentials in the environment, or remove `cache` from crosswalk.yaml.",
  },
  CW6102: {
    slug: "shared-cache-wrong-bytes",
    severity: "warning",
    title: "The shared cache gave other bytes than it was asked for",
    message:
      "The shared cache {cache} gave bytes that do not have the digest they lie under ({count} times); they were not used.",
    cause:
      "A disk, a proxy or a person changed what lies there. Everything read from a cache is hashed before it is used.",
    fix: "Find out who may write there; the next run that writes to this cache puts the right bytes in their place.",
  },
  CW6103: {
    slug: "shared-cache-entry-untrusted",
    severity: "warning",
    title: "An entry of the shared cache is not to be trusted",
    message: "An entry of the shared cache {cache} {problem}; it was not used, and not overwritten.",
    cause:
      "Without a signature that fits, anyone who may write to the server could put their own code into your product.",
    fix: "Where a new key was brought in, list its public key under `cache: trust`; otherwise find out who wrote the entry, and delete it on the server.",
  },
  CW6104: {
    slug: "shared-cache-results-differ",
    severity: "warning",
    title: "The same inputs gave two different results",
    message:
      "The shared cache {cache} holds another result for what was computed here ({count} results, the first under {key}); it was left as it is.",
    cause:
      "A result must follow from its inputs alone. One of the two runs looked at something else, or an action changed without a new version.",
    fix: "Build twice on one machine and compare; if the results differ, report it to Crosswalk, and delete the entry on the server.",
  },
  CW6105: {
    slug: "shared-cache-not-ready",
    severity: "warning",
    title: "The environment lacks what the shared cache needs",
    message: "The shared cache {cache} is asked for, but {problem}; {treatment}.",
    cause:
      "Tokens and keys are secrets of the environment, and a cache without a key that is trusted could hold anything.",
    fix: "Set what is missing (docs/shared-cache.md lists the variables), or set CROSSWALK_CACHE=off.",
  },
}));
