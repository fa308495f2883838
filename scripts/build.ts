/** Bundles the command line into dist/. */
import { rmSync } from "node:fs";
import { writeBundle } from "./lib/bundle.ts";
import { inRepository } from "./lib/repository.ts";

const dist = inRepository("dist");
rmSync(dist, { recursive: true, force: true });
const { files } = await writeBundle(dist);
const kb = (texts: Iterable<string>): string => `${Math.round([...texts].join("").length / 1024)} kB`;
process.stdout.write(
  `dist: ${files.size} files, ${kb(files.values())} (cli.cjs ${kb([files.get("cli.cjs") ?? ""])})\n`,
);
