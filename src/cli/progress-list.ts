import { Listr, ListrLogger, type ListrTaskWrapper, ProcessOutput } from "listr2";
import type { CliIo } from "./io.ts";
import type { Progress } from "./progress.ts";
import type { ModelOutcome, ProgressEvent } from "./session-contract.ts";

interface Row {
  phase: (name: string) => void;
  done: (outcome: ModelOutcome) => void;
}

/** One row for each model, with the phase it is in; drawn by listr2 on the standard error. */
export function progressList(_io: CliIo): Progress {
  const rows = new Map<string, Row>();
  let running: Promise<unknown> = Promise.resolve();
  const begin = (models: readonly string[]): void => {
    const output = new ProcessOutput(process.stderr, process.stderr);
    const tasks = models.map((model) => ({ title: model, ...row(model, rows) }));
    running = new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: { clearOutput: true, logger: new ListrLogger({ processOutput: output }) },
    } as ConstructorParameters<typeof Listr>[1]).run();
  };
  return {
    onEvent(event: ProgressEvent) {
      if (event.kind === "models") begin(event.models);
      else if (event.kind === "phase") rows.get(event.model)?.phase(event.phase);
      else rows.get(event.model)?.done(event.outcome);
    },
    async close() {
      for (const open of rows.values()) open.done("unchanged");
      await running.catch(() => {});
    },
  };
}

function row(model: string, rows: Map<string, Row>): { task: (context: unknown, task: Title) => Promise<void> } {
  let finish: (outcome: ModelOutcome) => void = () => {};
  let title: Title | undefined;
  const finished = new Promise<ModelOutcome>((resolve) => {
    finish = resolve;
  });
  rows.set(model, {
    phase: (name) => {
      if (title) title.title = `${model}: ${name}`;
    },
    done: (outcome) => finish(outcome),
  });
  return {
    task: async (_context, task) => {
      title = task;
      task.title = `${model}: ${await finished}`;
    },
  };
}

type Title = Pick<ListrTaskWrapper<unknown, never, never>, "title">;
