import type { CacheConfig } from "../config/project.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import { bazelServer } from "../engine/remote/bazel.ts";
import type { CacheServer, RemoteCache } from "../engine/remote/contract.ts";
import { folderServer } from "../engine/remote/folder.ts";
import { standardLimits } from "../engine/remote/guard.ts";
import type { Reach } from "../engine/remote/http-answers.ts";
import { nxServer } from "../engine/remote/nx.ts";
import { createRemoteCache } from "../engine/remote/remote-cache.ts";
import { s3Server } from "../engine/remote/s3.ts";
import { ed25519Signer, hmacKey, judgeOf, type Signer, shortestSecret } from "../engine/remote/signing.ts";
import type { S3Keys } from "../engine/remote/sigv4.ts";
import { spacesOf } from "../engine/remote/spaces.ts";
import { turborepoServer } from "../engine/remote/turborepo.ts";
import type { Host } from "../foundation/host.ts";
import { type Http, nodeHttp } from "../foundation/host-http.ts";

/** The variables that hold secrets, and the one that switches the cache. */
export const cacheVariables = {
  mode: "CROSSWALK_CACHE",
  token: "CROSSWALK_CACHE_TOKEN",
  origin: "CROSSWALK_CACHE_ORIGIN",
  privateKey: "CROSSWALK_CACHE_PRIVATE_KEY",
  secret: "CROSSWALK_CACHE_SECRET",
} as const;

/**
 * The shared cache that crosswalk.yaml names, as the environment lets it be used; undefined where it is switched off, or where
 * something is missing without which it cannot be trusted. Secrets come from the environment alone and are put into no message.
 */
export function openSharedCache(
  host: Host,
  config: CacheConfig,
  http: Http = nodeHttp,
): Phase<RemoteCache | undefined> {
  const { env } = host;
  const name = config.url;
  const refused = (problem: string): Phase<undefined> => ({
    value: undefined,
    diagnostics: [report("CW6105", config.place, { cache: name, problem, treatment: "it is not used" })],
  });
  const mode = env[cacheVariables.mode] ?? "read";
  if (mode === "off") return { value: undefined, diagnostics: [] };
  if (mode !== "read" && mode !== "write") return refused(`${cacheVariables.mode} is not off, read or write`);
  const secret = env[cacheVariables.secret];
  if (secret !== undefined && Buffer.byteLength(secret) < shortestSecret)
    return refused(`${cacheVariables.secret} is shorter than ${shortestSecret} bytes`);
  if (config.trust.length === 0 && secret === undefined)
    return refused(`nobody is trusted: neither \`trust\` nor ${cacheVariables.secret} says whose entries count`);
  const server = serverOf(host, config, http);
  if (typeof server === "string") return refused(server);
  const spaces = spacesOf(config.space, env);
  const signing = spaces.write === undefined ? { diagnostics: [] } : signerOf(config, env, name);
  const cache = createRemoteCache({
    server,
    name,
    read: spaces.read,
    ...(spaces.write !== undefined && signing.signer ? { write: spaces.write, signer: signing.signer } : {}),
    judge: judgeOf(config.trust, secret),
    clock: () => performance.now(),
    limits: { ...standardLimits, budget: config.budget * 1000 },
    place: config.place,
  });
  return { value: cache, diagnostics: signing.diagnostics };
}

/** What signs this run's entries: the private key, else the secret. Without either it only reads, and says so. */
function signerOf(
  config: CacheConfig,
  env: Host["env"],
  cache: string,
): { readonly signer?: Signer; readonly diagnostics: readonly Diagnostic[] } {
  const only = (problem: string) => ({
    diagnostics: [report("CW6105", config.place, { cache, problem, treatment: "it is read and not written" })],
  });
  const privateKey = env[cacheVariables.privateKey];
  const secret = env[cacheVariables.secret];
  if (privateKey !== undefined) {
    const signer = ed25519Signer(privateKey);
    return signer ? { signer, diagnostics: [] } : only(`${cacheVariables.privateKey} is no Ed25519 private key`);
  }
  const shared = secret === undefined ? undefined : hmacKey(secret);
  if (shared) return { signer: shared.signer, diagnostics: [] };
  return only(`nothing signs: ${cacheVariables.privateKey} and ${cacheVariables.secret} are not set`);
}

/** The server, or why it cannot be asked. */
function serverOf(host: Host, config: CacheConfig, http: Http): CacheServer | string {
  const { kind, url } = config;
  const timeout = config.timeout * 1000;
  if (kind === "folder") {
    const path = filePath(url);
    return path === undefined ? "its address is no path of this machine" : folderServer(host, path);
  }
  if (kind === "s3") return s3Of(host.env, config, { http, timeout });
  const variable = config.token ?? cacheVariables.token;
  const token = host.env[variable];
  if (config.token !== undefined && token === undefined) return `${variable} is not set`;
  // Where a token may go is for the environment to say: a branch could name another server in crosswalk.yaml.
  if (token !== undefined && host.env[cacheVariables.origin] !== new URL(url).origin)
    return `${cacheVariables.origin} does not say that the token may be sent there`;
  if (token !== undefined && !isPrivate(url)) return "a token is sent by https, or to this machine, and nowhere else";
  const reach: Reach = { http, url, timeout, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  if (kind === "bazel") return bazelServer(basic(reach, token));
  return kind === "nx" ? nxServer(reach) : turborepoServer(reach, config.team);
}

/** WebDAV servers know users and passwords: a token of the form USER:PASSWORD. */
function basic(reach: Reach, token: string | undefined): Reach {
  if (!token?.includes(":")) return reach;
  return { ...reach, authorization: `Basic ${Buffer.from(token).toString("base64")}` };
}

function s3Of(env: Host["env"], config: CacheConfig, reach: Omit<Reach, "url">): CacheServer | string {
  const [bucket = "", ...prefix] = config.url.slice("s3://".length).split("/");
  const region = config.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (region === undefined) return "the region of the bucket is not known: write `region`, or set AWS_REGION";
  const accessKeyId = env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY;
  const sessionToken = env.AWS_SESSION_TOKEN;
  const keys: S3Keys | undefined =
    accessKeyId && secretAccessKey
      ? { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
      : undefined;
  const { endpoint } = config;
  if (keys && endpoint !== undefined && !isPrivate(endpoint))
    return "requests are signed for https, or this machine, and nothing else";
  const place = { bucket, prefix: prefix.join("/"), region, ...(endpoint === undefined ? {} : { endpoint }) };
  return s3Server(reach, place, keys, () => new Date());
}

/** Whether nobody on the way can read what is sent. */
function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function filePath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
}
