import { defineConfig } from "vitest/config";

/** Tests that start the built tool. */
const built = ["test/examples/**", "test/ci/**", "test/merge/**"];

/** Two projects: `unit` is quick and needs nothing but Node; `examples` builds, runs and judges whole products with the built tool. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...built, "**/node_modules/**"],
          // Only for what hangs: a machine under load takes its time.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A few files take minutes, most of it in Python: another one runs beside them.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "examples",
          include: built.map((folder) => folder.replace(/\*\*$/, "**/*.test.ts")),
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
