/** A model of the crosswalk.yaml that `init` writes. */
export interface DraftModel {
  readonly name: string;
  readonly notebook: string;
}

/** Where the schema may stand, from the folder of crosswalk.yaml: in the installed package, or as `crosswalk schema` printed it. */
export const schemaPlaces: readonly string[] = [
  "node_modules/crosswalk/crosswalk.config.schema.json",
  "crosswalk.config.schema.json",
];

/**
 * The text of a first crosswalk.yaml: one model, or a list of them. `schema` is the place that is there: with it in the first
 * line, editors with a YAML server check the file without a network. A line that names no file would only make them complain.
 */
export function configText(models: readonly DraftModel[], python: string, schema: string | undefined): string {
  const first = schema
    ? `# yaml-language-server: $schema=./${schema}`
    : "# A schema for editors is made by: crosswalk schema > crosswalk.config.schema.json";
  const head = [first, "version: 1"];
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
