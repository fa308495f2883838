import { expect, it } from "vitest";
import {
  type Claim,
  ed25519Signer,
  hmacKey,
  isPublicKey,
  judgeOf,
  newKeyPair,
  resultDigest,
} from "../../../../src/engine/remote/signing.ts";
import { sha256 } from "../../../../src/foundation/hash.ts";
import { entry, judge, key, mainKeys, signer } from "./kit.ts";

const secret = "0123456789abcdef0123456789abcdef";
const claim: Claim = { space: "main", key, entry };
const other = (change: Partial<Claim["entry"]>): Claim => ({ ...claim, entry: { ...entry, ...change } });
const [file] = entry.files;

const ways = {
  ed25519: { sign: signer, judge },
  hmac: { sign: hmacKey(secret)!.signer, judge: judgeOf([], secret) },
};

it.each(Object.entries(ways))("%s: a signature fits its claim and no other", (_, way) => {
  const signature = way.sign(claim);
  expect(way.judge(claim, signature)).toBeUndefined();
  const others: readonly Claim[] = [
    { ...claim, space: "pr-7" },
    { ...claim, key: sha256("another action") },
    other({ facts: "" }),
    other({ files: [] }),
    other({ files: [{ ...file!, path: "src/b.py" }] }),
    other({ files: [{ ...file!, sha256: sha256("evil") }] }),
    other({ files: [{ ...file!, size: 1 }] }),
    other({ files: [{ ...file!, executable: true }] }),
  ];
  for (const wrong of others) expect(way.judge(wrong, signature)).toBe("wrong-signature");
  expect(way.judge(claim, `${signature.slice(0, -6)}AAAA==`)).toBe("wrong-signature");
  expect(way.judge(claim, `${signature} more`)).toBe("wrong-signature");
  expect(way.judge(claim, "")).toBe("unsigned");
});

it("parts cannot be moved from one to the next", () => {
  const two = (a: string, b: string) => resultDigest({ files: [{ ...file!, path: a }], facts: b });
  expect(two("ab", "c")).not.toBe(two("a", "bc"));
});

it("the order of the files does not matter", () => {
  const second = { path: "b.py", sha256: sha256("b"), size: 1 };
  expect(resultDigest({ files: [file!, second], facts: "" })).toBe(resultDigest({ files: [second, file!], facts: "" }));
});

it("only trusted keys count, and one algorithm is not taken for the other", () => {
  const stranger = ed25519Signer(newKeyPair().privateKey)!(claim);
  expect(judge(claim, stranger)).toBe("unknown-key");
  expect(judge(claim, hmacKey(secret)!.signer(claim))).toBe("unknown-key");
  expect(judgeOf([], secret)(claim, signer(claim))).toBe("unknown-key");
  expect(judgeOf([mainKeys.publicKey, newKeyPair().publicKey], secret)(claim, signer(claim))).toBeUndefined();
  expect(judgeOf([])(claim, signer(claim))).toBe("unknown-key");
});

it("weak and wrong keys are refused", () => {
  expect(hmacKey(secret.slice(1))).toBeUndefined();
  expect(ed25519Signer("nonsense")).toBeUndefined();
  expect(ed25519Signer(mainKeys.publicKey)).toBeUndefined();
  expect(isPublicKey(mainKeys.publicKey)).toBe(true);
  expect(isPublicKey(mainKeys.privateKey)).toBe(false);
  expect(isPublicKey(`-----BEGIN PRIVATE KEY-----\n${mainKeys.privateKey}\n-----END PRIVATE KEY-----`)).toBe(false);
});
