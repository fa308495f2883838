import { expect, it } from "vitest";
import { run } from "./harness.ts";

it("without its four arguments it says what is missing, and exits 2", async () => {
  const { code, err } = await run(["merge-driver", "a", "b"]);
  expect(code).toBe(2);
  expect(err).toContain("CW0086");
});

it("cannot be installed where there is no repository", async () => {
  const { code, err } = await run(["merge-driver", "--install"]);
  expect(code).toBe(2);
  expect(err).toContain("CW");
});
