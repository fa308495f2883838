export type ColorChoice = "auto" | "always" | "never";

/** Whether to colour: `--color` wins over a non-empty NO_COLOR, then FORCE_COLOR, then a terminal that is not dumb. */
export function useColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTty: boolean,
): boolean {
  if (choice !== "auto") return choice === "always";
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return isTty && env.TERM !== "dumb";
}
