import { entries } from "../define.ts";

/** CW62xx: what is said of watching. */
export const watchEntries = entries(() => ({
  CW6201: {
    slug: "watch-limit",
    severity: "warning",
    title: "The system does not let Crosswalk watch so many folders",
    message: "The limit of the system for {what} is reached; {then}.",
    cause: "Every program of a user shares these limits, and editors watch whole folders with all that lies in them.",
    fix: "Close programs that watch large folders, or {remedy}, and start `crosswalk watch` again.",
  },
  CW6202: {
    slug: "watch-trouble",
    severity: "warning",
    title: "Watching a folder failed",
    message: "The system could not watch a folder: {problem}; {then}.",
    cause: "Network drives and folders shared with a container or a virtual machine often send no events.",
    fix: "Set CHOKIDAR_USEPOLLING=1, so that files are looked at again and again.",
  },
}));
