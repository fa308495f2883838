import { DefaultRenderer, Listr, ListrLogger, type ListrTaskWrapper, ProcessOutput } from "listr2";
import type { ModelOutcome, ProgressEvent } from "../compiler/session-contract.ts";
import type { Progress } from "./progress.ts";

interface Row {
  phase: (name: string) => void;
  done: (outcome: ModelOutcome) => void;
}

/** listr2 asks whether stdout is a terminal; we draw on stderr, and stdout may well be a pipe. */
class StderrRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

function stderrOnly(): ProcessOutput {
  return new ProcessOutput(process.stderr, process.stderr);
}

/** One row for each model, with the phase it is in; drawn by listr2 on the standard error. */
export function progressList(): Progress {
  const rows = new Map<string, Row>();
  let running: Promise<unknown> = Promise.resolve();
  const begin = (models: readonly string[]): void => {
    const tasks = models.map((model) => ({ title: model, ...row(model, rows) }));
    running = new Listr<unknown, typeof StderrRenderer, typeof StderrRenderer>(tasks, {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: StderrRenderer,
      rendererOptions: { clearOutput: true, logger: new ListrLogger({ processOutput: stderrOnly() }) },
    }).run();
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
