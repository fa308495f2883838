/** A PEP 440 version, taken apart so that it can be compared. */
interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  /** Pre-release, post-release and development number as PEP 440 orders them. */
  readonly rank: readonly number[];
  readonly local: string;
}

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:(?:-(\d+))|(?:[-_.]?(post|rev|r)[-_.]?(\d*)))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

const stages: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 };

function parse(text: string): Version | undefined {
  const match = pattern.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const [, epoch, release = "", pre, preNumber, postShort, post, postNumber, dev, devNumber, local = ""] = match;
  const isPost = postShort !== undefined || post !== undefined;
  const preRank =
    pre !== undefined ? [stages[pre] ?? 0, Number(preNumber || 0)] : dev !== undefined && !isPost ? [-1, 0] : [3, 0];
  return {
    epoch: Number(epoch ?? 0),
    release: release.split(".").map(Number),
    rank: [
      ...preRank,
      isPost ? Number(postShort ?? (postNumber || 0)) : -1,
      dev === undefined ? Number.MAX_SAFE_INTEGER : Number(devNumber || 0),
    ],
    local: local.replace(/[-_]/g, "."),
  };
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Compares without the local part (`+cu118`). */
function compare(a: Version, b: Version): number {
  return a.epoch - b.epoch || compareNumbers(a.release, b.release) || compareNumbers(a.rank, b.rank);
}

/** Whether a version meets a specifier such as `>=2,<3`. What cannot be understood is not met. */
export function satisfies(version: string, specifier: string): boolean {
  const own = parse(version);
  if (!own) return false;
  return specifier.split(",").every((clause) => {
    const match = /^\s*(===|==|~=|!=|<=|>=|<|>)\s*(\S+)\s*$/.exec(clause);
    return match !== null && meets(own, version, match[1] ?? "", match[2] ?? "");
  });
}

function meets(own: Version, text: string, operator: string, wanted: string): boolean {
  if (operator === "===") return text.trim().toLowerCase() === wanted.toLowerCase();
  if (wanted.endsWith(".*")) {
    const prefix = parse(wanted.slice(0, -2));
    if (!prefix || (operator !== "==" && operator !== "!=")) return false;
    return startsWith(own, prefix, prefix.release.length) === (operator === "==");
  }
  const other = parse(wanted);
  if (!other) return false;
  const order = compare(own, other);
  switch (operator) {
    case "==":
      return order === 0 && (other.local === "" || other.local === own.local);
    case "!=":
      return !(order === 0 && (other.local === "" || other.local === own.local));
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    case "<":
      // `<2.0` leaves the previews of 2.0 out.
      return order < 0 && (isPreview(other) || !(isPreview(own) && sameRelease(own, other)));
    case ">":
      return order > 0 && (isPost(other) || !(isPost(own) && sameRelease(own, other)));
    default:
      return other.release.length > 1 && order >= 0 && startsWith(own, other, other.release.length - 1);
  }
}

function startsWith(own: Version, prefix: Version, parts: number): boolean {
  return (
    own.epoch === prefix.epoch && prefix.release.slice(0, parts).every((part, i) => part === (own.release[i] ?? 0))
  );
}

function sameRelease(a: Version, b: Version): boolean {
  return a.epoch === b.epoch && compareNumbers(a.release, b.release) === 0;
}

function isPreview(version: Version): boolean {
  return (version.rank[0] ?? 3) < 3;
}

function isPost(version: Version): boolean {
  return (version.rank[2] ?? -1) >= 0;
}

/** The version that a specifier names exactly: `2.2.3` of `==2.2.3`; undefined for ranges and wildcards. */
export function exactVersion(specifier: string): string | undefined {
  const match = /^={2,3}\s*([^\s,*]+)$/.exec(specifier.trim());
  return match?.[1];
}
