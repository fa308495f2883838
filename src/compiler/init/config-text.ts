/** A model of the crosswalk.yaml that `init` writes. */
export interface DraftModel {
  readonly name: string;
  readonly notebook: string;
}

/** Editors with a YAML server find the schema of the installed package without a network. */
const modeline = "# yaml-language-server: $schema=./node_modules/crosswalk/crosswalk.config.schema.json";

/** The text of a first crosswalk.yaml: one model, or a list of them. */
export function configText(models: readonly DraftModel[], python: string): string {
  const head = [modeline, "version: 1"];
  const [only] = models;
  if (models.length === 1 && only)
    return lines([
      ...head,
      `model: ${only.name}`,
      `python: ${quoted(python)}`,
      `notebooks: [${scalar(only.notebook)}]`,
    ]);
  return lines([
    ...head,
    `python: ${quoted(python)}`,
    "# One model for each notebook. Notebooks that run one after the other are one model: list them together, in order.",
    "models:",
    ...models.flatMap((model) => [`  - model: ${model.name}`, `    notebooks: [${scalar(model.notebook)}]`]),
  ]);
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

/** Plain where YAML cannot take it for anything else. */
function scalar(text: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : quoted(text);
}

/** JSON's double quotes are YAML's. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
