import type { ModelConfig } from "../config/project.ts";

/** Names a model among those of all files of a workspace, and so whose product a folder is: the file that declares it, and its name. */
export function ownerOf({ file, name }: Pick<ModelConfig, "name" | "file">): string {
  return `${file}#${name}`;
}
