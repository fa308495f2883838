/** Names the very code that runs, by a digest of its sources: `scripts/build.ts` writes it in. Empty where the sources run as they are. */
export const edition: string = process.env.CROSSWALK_EDITION ?? "";
