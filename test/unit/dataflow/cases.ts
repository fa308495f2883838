import { existsSync, readFileSync } from "node:fs";

const shared = new URL("../../../../shared/cases/", import.meta.url);
const own = new URL("../../cases/exceptions.json", import.meta.url);

/** True where the suites of other projects lie beside the repository; they are not part of it. */
export const haveCases = existsSync(shared);

/** Said in the title of every test that needs them. */
export const where = haveCases ? "" : " (skipped: ../shared/cases is not there)";

/** One suite; empty where it is not there. */
export function suite<T>(name: string): readonly T[] {
  const url = new URL(`${name}.json`, shared);
  return existsSync(url) ? (JSON.parse(readFileSync(url, "utf8")) as T[]) : [];
}

/** What we answer differently, by suite and case, with the reason. A case that is right again must leave the list. */
export function exceptions(name: string): Readonly<Record<string, { readonly differs: string; readonly why: string }>> {
  const all = JSON.parse(readFileSync(own, "utf8")) as Record<string, Record<string, { differs: string; why: string }>>;
  return all[name] ?? {};
}

/** Compares what differs with what is known to. */
export function judged(name: string, found: Readonly<Record<string, string>>): readonly string[] {
  const known = exceptions(name);
  return [
    ...Object.entries(found)
      .filter(([id, differs]) => known[id]?.differs !== differs)
      .map(([id, differs]) => `${id}: ${differs}`),
    ...Object.keys(known)
      .filter((id) => found[id] === undefined)
      .map((id) => `${id}: is right now; take it out of test/cases/exceptions.json`),
  ];
}
