import type { Thread, Threads } from "../../foundation/host-threads.ts";
import { ownerOf } from "../owner.ts";
import type { Compilation, FromThread, ToThread } from "./messages.ts";

/** What a build needs of its compiler here. */
export interface AheadCompiler<M> {
  /** Compiles it here. */
  product(model: M): Promise<unknown>;
  /** Takes over what another thread made of it. */
  adopt(model: M, made: Compilation): Promise<boolean>;
  paramsOf(model: M): ToThread;
}

export interface AheadOptions<M> {
  readonly compiler: AheadCompiler<M>;
  /** Whether nothing has to be compiled for a model. */
  isReady(model: M): Promise<boolean>;
  /** In the order in which they will be asked for. */
  readonly models: readonly M[];
  /** Threads that compile, this one among them; undefined for one on every second processor, and `usual` at most. */
  readonly jobs: number | undefined;
  readonly threads: () => Promise<Threads>;
  readonly phase: (model: string, phase: string) => void;
}

export interface Ahead<M> {
  /** Ends when the model is compiled, or is best compiled by who asks. Models are asked for in order. */
  before(model: M): Promise<void>;
  close(): void;
}

/** A thread costs as much as compiling a few models: below this many of them for each, it does not pay. */
const worth = 6;

/** Without a word from anybody, no more threads than this: in a large build each takes some 200 MB. */
const usual = 2;

/** Models that a thread has before it, so that it need not wait for the next. */
const supply = 2;

/** Models that are compiled and not yet asked for: with more of them, a thread gets no other. */
const waiting = 8;

/**
 * Compiles models in other threads while a build goes through them. Which thread compiles what decides nothing: a product is taken over only
 * if everything that compiling it looked at is the same here, and the build puts them on disk in its own order.
 */
export function compileAhead<M>({ compiler, isReady, models, jobs, threads, phase }: AheadOptions<M>): Ahead<M> {
  /** Not compiled, and nobody is at it. */
  let left: M[] = [];
  /** With a thread. */
  const away = new Map<string, M>();
  const made = new Map<string, Compilation>();
  const running: { readonly thread: Thread; readonly has: Set<string> }[] = [];
  let isStarted = false;
  let woken: () => void = () => {};

  const nameOf = (model: M): string => ownerOf(compiler.paramsOf(model));
  const feed = (): void => {
    for (const { thread, has } of running)
      while (has.size < supply && made.size < waiting) {
        const model = left.shift();
        if (!model) return;
        away.set(nameOf(model), model);
        has.add(nameOf(model));
        thread.post(compiler.paramsOf(model));
      }
  };
  const take = (message: FromThread, has: Set<string>): void => {
    if (message.kind === "phase") return phase(message.model, message.phase);
    const name = ownerOf(message.model);
    has.delete(name);
    away.delete(name);
    if (message.kind === "made") made.set(name, message.made);
    feed();
    woken();
  };
  const start = async (from: number): Promise<void> => {
    isStarted = true;
    if (jobs === 1) return;
    for (const model of models.slice(from)) if (!(await isReady(model))) left.push(model);
    if (left.length < 2 * worth) return;
    const all = await threads();
    const wanted = Math.min(jobs ?? Math.min(all.processors >> 1, usual), Math.floor(left.length / worth));
    for (let nth = 1; nth < wanted; nth++) {
      const has = new Set<string>();
      const lost = (): void => {
        // Whatever it had is compiled here.
        for (const name of has) away.delete(name);
        const at = running.findIndex((one) => one.has === has);
        if (at >= 0) running.splice(at, 1);
        woken();
      };
      const listener = { message: (message: unknown) => take(message as FromThread, has), lost };
      running.push({ thread: all.start(listener), has });
    }
    feed();
  };

  return {
    async before(model) {
      if (await isReady(model)) return;
      if (!isStarted) await start(models.indexOf(model));
      const name = nameOf(model);
      for (;;) {
        const done = made.get(name);
        if (done) {
          made.delete(name);
          feed();
          await compiler.adopt(model, done);
          return;
        }
        if (!away.has(name)) {
          left = left.filter((one) => one !== model);
          return;
        }
        // While a thread has it, this one compiles what nobody would come to for long.
        const last = left.pop();
        if (last) await compiler.product(last);
        await new Promise<void>((resolve) => {
          woken = resolve;
          if (last) setImmediate(resolve);
        });
      }
    },
    close() {
      for (const { thread } of running.splice(0)) thread.close();
      left = [];
    },
  };
}
