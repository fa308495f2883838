/** In every product folder: what Crosswalk wrote there. */
export const manifestName = "crosswalk.manifest.json";

/** In the workspace's root: lock, journals, trash. Never committed. */
export const stateFolder = ".crosswalk";

/** Ends the name of every temporary file; no output may be called so. */
export const temporaryEnd = ".cw-tmp";
