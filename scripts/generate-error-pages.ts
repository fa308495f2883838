// Writes docs/errors from the catalogue and keeps what people wrote there; --check only compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { catalogue } from "../src/diagnostics/catalogue.ts";
import { errorIndex, errorPage } from "./error-pages.ts";

const folder = new URL("../docs/errors/", import.meta.url);
const read = (name: string): string | undefined => {
  const url = new URL(name, folder);
  return existsSync(url) ? readFileSync(url, "utf8") : undefined;
};
const wanted = new Map([["README.md", errorIndex(catalogue())]]);
for (const [code, entry] of Object.entries(catalogue()))
  wanted.set(`${code}.md`, errorPage(code, entry, read(`${code}.md`)));

mkdirSync(folder, { recursive: true });
const stale = [...wanted].filter(([name, text]) => read(name) !== text).map(([name]) => name);
const extra = readdirSync(folder).filter((name) => !wanted.has(name));
if (!process.argv.includes("--check")) {
  for (const name of stale) writeFileSync(new URL(name, folder), wanted.get(name) ?? "");
  process.stdout.write(`docs/errors: ${wanted.size} files, ${stale.length} written\n`);
} else if (stale.length > 0) {
  process.stderr.write(`docs/errors is out of date (${stale.join(", ")}): run node scripts/generate-error-pages.ts\n`);
  process.exitCode = 1;
}
if (extra.length > 0) {
  // Handwritten text is never deleted by a program.
  process.stderr.write(`docs/errors has pages for codes that are gone: ${extra.join(", ")}\n`);
  process.exitCode = 1;
}
