import { styleText } from "node:util";
import type { Severity } from "../diagnostic.ts";

export type Style = "bold" | "dim" | "red" | "yellow" | "blue" | "cyan" | "green";
export type Paint = (style: Style | readonly Style[], text: string) => string;

/** A painter that colours, or one that leaves text alone. Whether to colour is the caller's decision. */
export function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  return (style, text) => styleText(typeof style === "string" ? style : [...style], text, { validateStream: false });
}

export const severityStyle: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", note: "blue" };
