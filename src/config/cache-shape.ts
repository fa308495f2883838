import type { RecordShape, TextShape } from "./shape.ts";
import { rules } from "./text-rules.ts";

/** The kinds of server that a shared cache may be on. */
export const cacheKinds = ["bazel", "turborepo", "nx", "s3", "folder"] as const;

export type CacheKind = (typeof cacheKinds)[number];

const variable = (about: string, example: string): RecordShape => ({
  kind: "record",
  called: "a secret",
  hidden: true,
  about,
  fields: {
    env: { kind: "text", rule: rules.variable, about: "The environment variable that holds it.", examples: [example] },
  },
  required: ["env"],
  examples: [{ env: example }],
});

const url: TextShape = {
  kind: "text",
  rule: rules.cacheAddress,
  about:
    "Where it is: `https://…` for `bazel`, `turborepo` and `nx`, `s3://BUCKET/PREFIX` for `s3`, `file:///…` for a folder that all see.",
  examples: ["https://cache.example.com"],
};

/** `cache` in a root crosswalk.yaml. */
export const cache: RecordShape = {
  named: "cache",
  kind: "record",
  called: "a shared cache",
  about:
    "A cache of compiled models that machines share. Without it there is none. Nothing in it is a secret: tokens and private keys come from the environment.",
  fields: {
    kind: {
      kind: "word",
      words: [...cacheKinds],
      about:
        "What the server speaks: Bazel's HTTP cache (any WebDAV server, bazel-remote), Turborepo's or Nx's API, S3, or a folder.",
      examples: ["bazel"],
    },
    url,
    trust: {
      kind: "list",
      item: { kind: "text", rule: rules.publicKey, about: "An Ed25519 public key in base64." },
      minimum: 1,
      unique: true,
      instead: "[MCowBQYDK2VwAyEA…]",
      about: "Public keys of those who may write. An entry that none of them signed is not used.",
    },
    token: variable("Where the token for the server comes from.", "CROSSWALK_CACHE_TOKEN"),
    team: { kind: "text", rule: rules.line, about: "The team of a Turborepo server.", examples: ["team_risk"] },
    region: { kind: "text", rule: rules.region, about: "The region of an S3 bucket.", examples: ["eu-central-1"] },
    endpoint: {
      kind: "text",
      rule: rules.endpoint,
      about: "An S3 server that is not Amazon's.",
      examples: ["https://minio.example.com"],
    },
    space: {
      kind: "text",
      rule: rules.cacheSpace,
      about: "The part of the cache that main writes and all read. Pull requests have spaces of their own.",
      standard: "main",
      examples: ["main"],
    },
    timeout: {
      kind: "number",
      whole: false,
      min: 0.1,
      max: 60,
      about: "Seconds until an answer must begin.",
      standard: 2,
    },
    budget: {
      kind: "number",
      whole: false,
      min: 0.1,
      max: 600,
      about: "Seconds that one run may spend waiting for the cache in all.",
      standard: 10,
    },
  },
  required: ["kind", "url"],
  examples: [{ kind: "bazel", url: "https://cache.example.com" }],
};
