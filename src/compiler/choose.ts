import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearest } from "../foundation/nearest.ts";
import { by } from "../foundation/order.ts";
import { someOf } from "../foundation/some-of.ts";

/** What models are chosen by. */
export interface Selectable {
  readonly name: string;
  /** Folder of its crosswalk.yaml. */
  readonly folder: string;
  readonly owner?: string | undefined;
  readonly risk?: string | undefined;
  readonly notebooks: readonly string[];
}

/** One of `of` equal shares of the models, from 1. */
export interface Shard {
  readonly nth: number;
  readonly of: number;
}

interface Chosen<M> {
  readonly models: readonly M[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The models that selectors name, in the workspace's order; all without any. A selector is a name, in which `*` stands for any
 * characters, or `path:`, `owner:` or `risk:` with a pattern of the same kind (`path:` also takes what lies below); `!` in front leaves
 * models out. One that names nothing is an error with the nearest known name.
 */
export function choose<M extends Selectable>(
  all: readonly M[],
  selectors: readonly string[],
  opening: readonly Diagnostic[],
): Chosen<M> {
  const diagnostics = [...opening];
  const known = all.map((m) => m.name);
  for (const selector of selectors) {
    if (all.some((model) => selects(selector.replace(/^!/, ""), model))) continue;
    const near = nearest(selector.replace(/^!/, ""), known);
    diagnostics.push(
      report("CW0082", undefined, {
        model: selector,
        known: someOf(known) || "none",
        fix: near === undefined ? "name one of them, or none for all" : `did you mean \`${near}\``,
      }),
    );
  }
  const wanted = selectors.filter((selector) => !selector.startsWith("!"));
  const left = selectors.flatMap((selector) => (selector.startsWith("!") ? [selector.slice(1)] : []));
  const models = all.filter(
    (model) =>
      (wanted.length === 0 || wanted.some((one) => selects(one, model))) && !left.some((one) => selects(one, model)),
  );
  return { models, diagnostics };
}

/** A share of the models: the same on every machine, and of nearly the same size as the others. */
export function shardOf<M extends Selectable>(models: readonly M[], { nth, of }: Shard): readonly M[] {
  const places = new Map([...models].sort(by((model) => model.name)).map((model, i) => [model, i]));
  return models.filter((model) => (places.get(model) ?? 0) % of === nth - 1);
}

function selects(selector: string, model: Selectable): boolean {
  const [, kind, pattern = selector] = /^(path|owner|risk):(.*)$/.exec(selector) ?? [];
  switch (kind) {
    case "path": {
      const wanted = pattern.replace(/^\.\//, "").replace(/\/$/, "");
      return [model.folder, ...model.notebooks].some(
        (path) => matches(wanted, path) || matches(`${wanted}/*`, path) || wanted === ".",
      );
    }
    case "owner":
      return model.owner !== undefined && matches(pattern, model.owner);
    case "risk":
      return model.risk !== undefined && matches(pattern, model.risk);
    default:
      return matches(pattern, model.name);
  }
}

/** `*` is any characters; every other character is itself. Runs along the text once for each part. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  if (!text.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return text === first;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
