// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const c0 = /[\u0000-\u0008\u000a-\u001f]/g;
/** DEL, C1 controls, and the characters that turn the direction of text (they can make code look like other code). */
const deceptive = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text from a notebook made safe for a terminal: control characters become visible signs of the same length,
 * so that columns stay true and no escape sequence reaches the terminal. Tabs are kept.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(c0, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0)))
    .replace(deceptive, "\ufffd");
}

/** Made when they are first needed: the one asks for the tables of Unicode, and a run that prints nothing does without. */
let widths: { readonly nothing: RegExp; readonly wide: RegExp } | undefined;
const makeWidths = () => ({
  nothing: /^(?:\p{M}|[\u200b-\u200d])$/u,
  wide: /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u,
});

/** Columns that one code point takes on a terminal. */
export function columns(sign: string): number {
  widths ??= makeWidths();
  return widths.nothing.test(sign) ? 0 : widths.wide.test(sign) ? 2 : 1;
}
