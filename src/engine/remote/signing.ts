import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { sha256 } from "../../foundation/hash.ts";
import { lengthPrefixed } from "../digest.ts";
import type { Entry, MissReason } from "./contract.ts";

/** What an entry is signed for: its space and key. An entry that was moved elsewhere no longer fits its signature. */
export interface Claim {
  readonly space: string;
  readonly key: string;
  readonly entry: Entry;
}

/** Signs entries. */
export type Signer = (claim: Claim) => string;

/** Judges a signature; undefined when it is by a trusted key and fits. */
export type Judge = (
  claim: Claim,
  signature: string,
) => Extract<MissReason, "unsigned" | "unknown-key" | "wrong-signature"> | undefined;

const domain = "crosswalk-shared-cache-entry";
const version = "1";

/** The shortest secret for HMAC-SHA256: as long as its result. */
export const shortestSecret = 32;

/** The digest of a result: of its files in the order of their paths, and of its facts. */
export function resultDigest({ files, facts }: Entry): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sha256(
    lengthPrefixed([
      facts,
      ...sorted.flatMap((file) => [file.path, file.sha256, String(file.size), file.executable ? "x" : "-"]),
    ]),
  );
}

/** The text that is signed: length-prefixed, so that no two claims share one. */
function claimText({ space, key, entry }: Claim): Buffer {
  return Buffer.from(lengthPrefixed([domain, version, space, key, resultDigest(entry)]));
}

/** An Ed25519 key that signs, from PKCS#8 in base64 or PEM; undefined where the text is none. */
export function ed25519Signer(privateKey: string): Signer | undefined {
  const key = readKey(privateKey, "private");
  if (!key) return undefined;
  const id = keyId(createPublicKey(key));
  return (claim) => `ed25519 ${id} ${sign(null, claimText(claim), key).toString("base64")}`;
}

/** Signs and judges with one shared secret. It proves that a holder of the secret wrote the entry, not which. */
export function hmacKey(secret: string): { readonly signer: Signer; readonly id: string } | undefined {
  if (Buffer.byteLength(secret) < shortestSecret) return undefined;
  // The id is a digest under a name of its own, so it tells nothing of the secret that the signatures do not.
  const id = createHmac("sha256", secret).update("crosswalk-key-id").digest("hex").slice(0, 16);
  return {
    id,
    signer: (claim) => `hmac-sha256 ${id} ${createHmac("sha256", secret).update(claimText(claim)).digest("base64")}`,
  };
}

/** Trusts Ed25519 public keys (SPKI in base64 or PEM) and, where given, one secret. */
export function judgeOf(publicKeys: readonly string[], secret?: string): Judge {
  const trusted = new Map<string, KeyObject>();
  for (const text of publicKeys) {
    const key = readKey(text, "public");
    if (key) trusted.set(keyId(key), key);
  }
  const shared = secret === undefined ? undefined : hmacKey(secret);
  return (claim, signature) => {
    if (signature === "") return "unsigned";
    const [algorithm, id = "", value = "", ...rest] = signature.split(" ");
    if (rest.length > 0) return "wrong-signature";
    if (algorithm === "hmac-sha256") {
      if (!shared || id !== shared.id) return "unknown-key";
      const wanted = Buffer.from(shared.signer(claim));
      const given = Buffer.from(signature);
      return wanted.length === given.length && timingSafeEqual(wanted, given) ? undefined : "wrong-signature";
    }
    const key = algorithm === "ed25519" ? trusted.get(id) : undefined;
    if (!key) return "unknown-key";
    return verify(null, claimText(claim), key, Buffer.from(value, "base64")) ? undefined : "wrong-signature";
  };
}

/** True for the text of an Ed25519 public key. */
export function isPublicKey(text: string): boolean {
  return readKey(text, "public") !== undefined;
}

/** A new pair, each as base64 of its DER form: the private one for the secret store, the public one for crosswalk.yaml. */
export function newKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const pair = generateKeyPairSync("ed25519");
  return {
    privateKey: pair.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
    publicKey: pair.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
  };
}

/** The first 16 hex digits of the SHA-256 of the public key. */
function keyId(key: KeyObject): string {
  return sha256(key.export({ format: "der", type: "spki" })).slice(0, 16);
}

function readKey(text: string, kind: "private" | "public"): KeyObject | undefined {
  // Node would make a public key of a private one; a secret where a public key belongs is refused instead.
  if (kind === "public" && text.includes("PRIVATE KEY")) return undefined;
  try {
    const pem = text.includes("-----BEGIN");
    const input = pem ? text : Buffer.from(text.trim(), "base64");
    const key =
      kind === "private"
        ? createPrivateKey(pem ? { key: input, format: "pem" } : { key: input, format: "der", type: "pkcs8" })
        : createPublicKey(pem ? { key: input, format: "pem" } : { key: input, format: "der", type: "spki" });
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}
