/** Tries the seeds `from`..`to` - 1 of one kind and prints one JSON line for each: a process of its own, so that a hang can be ended. */
import { type FuzzKind, fuzzer } from "./fuzz.ts";

const [kind, from, to] = process.argv.slice(2);
const machine = await fuzzer();
for (let seed = Number(from); seed < Number(to); seed++) {
  const result = await machine.try(kind as FuzzKind, seed);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
process.exit(0);
