import { dirName } from "../foundation/paths.ts";

/** The name of the file that makes a folder a workspace. */
export const configName = "crosswalk.yaml";

/** A folder and all above it, the nearest first. */
export function upwards(folder: string): readonly string[] {
  const above = dirName(folder);
  return above === folder || above === "." ? [folder] : [folder, ...upwards(above)];
}
