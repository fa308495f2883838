import type { Span } from "../foundation/span.ts";
import type { Effect } from "../python/knowledge/effect.ts";
import type { Arguments } from "./arguments.ts";
import { type Machine, readToken, siteOf, writeToken } from "./machine.ts";
import type { Value } from "./value.ts";

/** Libraries whose settings change what is shown, never what is computed. */
const showing =
  /^(?:matplotlib|pylab|seaborn|plotly|bokeh|altair|IPython|tqdm|warnings|logging|pandas\.options\.(?:display|plotting|styler|mode\.chained_assignment))(?:\.|$)/;

/** Options of scikit-learn that change how it shows or checks things, never a result. */
const harmless = new Set(["display", "print_changed_only", "working_memory", "assume_finite"]);

/** How plots are set up, and what sets it up: it shows in no result but one that asks for it. */
const plots = /\brcParams(?:Default)?$/;
const setsPlots = /^(?:matplotlib|pylab)\b.*(?:\.rcParams\.\w+|\.(?:rc\w*|use|xkcd))$|^seaborn\.(?:set\w*|reset_\w+)$/;

/** What a library is asked for by name may be a setting of the process. */
export function noteSettingRead(m: Machine, member: string): void {
  if (plots.test(member)) readToken(m, "plots");
  if (/^pandas\.options\.display\./.test(member)) readToken(m, "display");
}

/** Notes a call that changes, for the whole process, what later code computes: a step of its own would not feel it. */
export function noteSettingCall(m: Machine, effect: Effect, callee: string, args: Arguments, span: Span): void {
  if (changesResults(effect, callee, args)) {
    note(m, span, callee);
    writeToken(m, `settings:${callee.split(".")[0]}`);
  }
  if (/^(?:pandas\.(?:re)?set_option|numpy\.set_printoptions)$/.test(callee)) writeToken(m, "display");
  if (/^(?:pandas\.get_option|numpy\.get_printoptions)$/.test(callee)) readToken(m, "display");
  if (setsPlots.test(callee)) writeToken(m, "plots");
}

/** Whatever a library does may depend on how it was set. */
export function feelSettings(m: Machine, self: Value | undefined, callee: string): void {
  const library = callee.startsWith(".") ? self && m.knowledge.packageOf(self.type) : callee.split(".")[0];
  if (library !== undefined && m.tokens.has(`settings:${library}`)) readToken(m, `settings:${library}`);
}

/** Notes an attribute of a library that is set: every later user of the library may feel it. */
export function noteSettingStore(m: Machine, member: string, span: Span): void {
  if (!showing.test(member)) {
    note(m, span, member);
    writeToken(m, `settings:${member.split(".")[0]}`);
  }
  if (member.startsWith("pandas.options.display.")) writeToken(m, "display");
  if (plots.test(member)) writeToken(m, "plots");
}

/** Notes that a value becomes text: the text of a table or an array depends on how such things are shown. */
export function noteText(m: Machine, value: Value): void {
  m.operate(value);
  if (/^(?:DataFrame|Series|ndarray|Index|column-or-frame|unknown-frame|unknown)$/.test(value.type))
    readToken(m, "display");
}

function note(m: Machine, span: Span, what: string): void {
  m.trace.settings.push({ span: siteOf(m, span), what });
}

function changesResults(effect: Effect, callee: string, args: Arguments): boolean {
  const first = args.positional[0]?.constant;
  switch (callee) {
    case "numpy.seterr":
      return args.all.some(
        (value) => typeof value.constant !== "string" || !/^(?:ignore|warn|print)$/.test(value.constant),
      );
    case "pandas.set_option":
    case "pandas.reset_option":
      return typeof first !== "string" || /^(?:mode\.(?!chained)|future\.|io\.)/.test(first);
    case "sklearn.set_config":
      return args.open || [...args.named.keys()].some((key) => !harmless.has(key));
    case "warnings.filterwarnings":
    case "warnings.simplefilter":
      return (first ?? args.named.get("action")?.constant) === "error";
    default:
      return effect.settings;
  }
}
