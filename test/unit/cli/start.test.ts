import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The source files that are loaded before any command runs: the bundle's entry and what it imports at once. */
function loadedAtStart({ outputs }: Metafile): readonly string[] {
  const entry = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === "src/cli/main.ts") ?? "";
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === "import-statement") visit(path);
  };
  visit(entry);
  return [...seen].flatMap((name) =>
    Object.entries(outputs[name]?.inputs ?? {})
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  );
}

it("the start loads commander and the small files of cli/, nothing heavy", async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    outdir: "unused",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const files = loadedAtStart(metafile);
  expect(files).toContain("src/cli/main.ts");
  const light = /^src\/(cli|foundation)\/|^src\/diagnostics\/diagnostic\.ts$/;
  expect(files.filter((file) => !light.test(file))).toEqual([]);
  const packages = Object.values(metafile.outputs)
    .filter((output) => Object.keys(output.inputs).some((input) => files.includes(input)))
    .flatMap((output) => output.imports.filter((i) => i.external && i.kind === "import-statement"))
    .map(({ path }) => path)
    .filter((path) => !path.startsWith("node:"));
  expect([...new Set(packages)]).toEqual(["commander"]);
});
