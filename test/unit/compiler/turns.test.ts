import { expect, it } from "vitest";
import { turns } from "../../../src/compiler/turns.ts";

/** Whether the event loop came round while a turn was waited for. */
async function gaveWay(turn: () => Promise<void>): Promise<boolean> {
  let came = false;
  setImmediate(() => {
    came = true;
  });
  await turn();
  const seen = came;
  await new Promise((resolve) => setImmediate(resolve));
  return seen;
}

it("gives way once enough time has passed, also where the clock jumps back, and then not again at once", async () => {
  let time = 1000;
  const turn = turns(() => time);
  expect(await gaveWay(turn)).toBe(false);
  time += 19;
  expect(await gaveWay(turn)).toBe(false);
  time += 1;
  expect(await gaveWay(turn)).toBe(true);
  expect(await gaveWay(turn)).toBe(false);
  time -= 500;
  expect(await gaveWay(turn)).toBe(true);
});

it("gives way at each call where there is no clock", async () => {
  const turn = turns(undefined);
  expect([await gaveWay(turn), await gaveWay(turn)]).toEqual([true, true]);
});
