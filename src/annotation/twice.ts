import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Attached } from "./attached.ts";
import type { Directive } from "./directive.ts";

/** What may be said once in a model: a key for equal things, and how to name them. */
function identity(directive: Directive): { readonly key: string; readonly what: string } | undefined {
  const one = (
    name: string,
    what = `\`${directive.kind} ${name}\``,
  ): { readonly key: string; readonly what: string } => ({
    key: `${directive.kind}\n${name}`,
    what,
  });
  switch (directive.kind) {
    case "seed":
      return one("", "the seed");
    case "step":
    case "param":
    case "contract":
    case "serve":
    case "entity":
      return one(directive.name.name);
    case "metric": {
      const slices = directive.by.map((column) => column.name).sort();
      const on = directive.on?.name ?? "";
      const what = `\`metric ${directive.name.name}\`${on === "" ? "" : ` on \`${on}\``}`;
      return one([directive.name.name, on, ...slices].join("\n"), what);
    }
    case "test":
      return one(directive.title.value, `the test "${directive.title.value}"`);
    default:
      return undefined;
  }
}

/** An error at each directive that says what one before it in the model has said. */
export function sayTwice(all: readonly Attached[]): readonly Diagnostic[] {
  const seen = new Map<string, Attached>();
  return all.flatMap((attached) => {
    const id = identity(attached.directive);
    if (id === undefined) return [];
    const first = seen.get(id.key);
    if (first === undefined) {
      seen.set(id.key, attached);
      return [];
    }
    const place = first.cell.place(first.directive.span);
    const sameFile = first.notebook.path === attached.notebook.path;
    const at = `${sameFile ? "" : `${place.file} `}cell ${first.cell.index}, line ${place.line}`;
    const related = [{ message: "the first one", place }];
    return [report("CW1109", attached.cell.place(attached.directive.span), { what: id.what, first: at }, { related })];
  });
}
