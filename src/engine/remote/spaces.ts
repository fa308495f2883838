/** Which part of a shared cache a run reads and writes. */
export interface Spaces {
  /** The first one first. */
  readonly read: readonly string[];
  /** undefined: this run only reads. */
  readonly write: string | undefined;
}

/** What main's space is called unless crosswalk.yaml gives it another name. */
export const mainSpace = "main";

type Environment = Readonly<Record<string, string | undefined>>;

/** The number of the pull (merge) request by the variables of each CI system; "" where it builds one and does not say which. */
const requests: readonly ((env: Environment) => string | undefined)[] = [
  // GitHub and Gitea: refs/pull/7/merge. What runs for a pull request on the base branch has no number, and writes nowhere.
  (env) =>
    /^(pull_request|merge_group)/.test(env.GITHUB_EVENT_NAME ?? "")
      ? (/^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? "")?.[1] ?? "")
      : undefined,
  (env) => env.CI_MERGE_REQUEST_IID,
  (env) => env.CHANGE_ID,
  (env) => env.SYSTEM_PULLREQUEST_PULLREQUESTNUMBER ?? env.SYSTEM_PULLREQUEST_PULLREQUESTID,
  (env) => (env.BUILDKITE_PULL_REQUEST === "false" ? undefined : env.BUILDKITE_PULL_REQUEST),
  (env) => env.CIRCLE_PR_NUMBER ?? /\/(\d+)$/.exec(env.CIRCLE_PULL_REQUEST ?? "")?.[1],
  (env) => env.BITBUCKET_PR_ID,
  (env) => (env.TRAVIS_PULL_REQUEST === "false" ? undefined : env.TRAVIS_PULL_REQUEST),
];

/**
 * Main's space is read by all and written by main alone. A pull request, told by its CI, writes to a space of its own that main never
 * reads, whatever the environment says. Writing has to be asked for with CROSSWALK_CACHE=write.
 */
export function spacesOf(main: string, env: Environment): Spaces {
  const writes = env.CROSSWALK_CACHE === "write";
  const request = requests.map((number) => number(env)).find((number) => number !== undefined && number !== null);
  if (request === undefined) return { read: [main], write: writes ? main : undefined };
  if (!/^\d{1,12}$/.test(request)) return { read: [main], write: undefined };
  const own = `pr-${request}`;
  return { read: [own, main], write: writes ? own : undefined };
}
