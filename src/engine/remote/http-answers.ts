import type { Http, HttpAnswer } from "../../foundation/host-http.ts";
import type { Got, MissReason, ServerPut } from "./contract.ts";

/** How a server is reached: one of these for each kind of server that speaks HTTP. */
export interface Reach {
  readonly http: Http;
  /** Without a slash at its end. */
  readonly url: string;
  /** Milliseconds until an answer begins; the whole of it may take four times as long. */
  readonly timeout: number;
  /** The value of `Authorization`, e.g. "Bearer …"; never shown. */
  readonly authorization?: string;
}

/** Answers that say nothing in their body. */
const smallAnswer = 64 * 1024;

/** What a request sends, and how much of an answer is read (default 64 kB). */
export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly limit?: number;
}

/** One request to a cache server; the authorization goes nowhere but to its own address, because redirects are not followed. */
export function send(
  { http, timeout, authorization }: Omit<Reach, "url">,
  method: "GET" | "HEAD" | "PUT",
  url: string,
  options: SendOptions = {},
): Promise<HttpAnswer> {
  return http({
    method,
    url,
    headers: { ...(authorization ? { authorization } : {}), ...options.headers },
    ...(options.body ? { body: options.body } : {}),
    timeout,
    deadline: timeout * 4,
    limit: options.limit ?? smallAnswer,
  });
}

/** A GET's or HEAD's answer as a hit or a miss. */
export function gotOf(answer: HttpAnswer): Got<Uint8Array> {
  if (!answer.ok) return { kind: "miss", reason: answer.reason };
  if (answer.status === 200) return { kind: "hit", value: answer.body };
  return { kind: "miss", reason: reasonOf(answer.status) };
}

/** The same of a HEAD, whose body says nothing. */
export function hasOf(answer: HttpAnswer): Got<true> {
  const got = gotOf(answer);
  return got.kind === "hit" ? { kind: "hit", value: true } : got;
}

/** How a PUT ended; `exists` are the statuses by which this kind of server says that something is there. */
export function putOf(answer: HttpAnswer, exists: readonly number[]): ServerPut {
  if (!answer.ok) return { kind: "failed", reason: answer.reason };
  if (answer.status >= 200 && answer.status < 300) return { kind: "stored" };
  if (exists.includes(answer.status)) return { kind: "exists" };
  const reason = reasonOf(answer.status);
  return { kind: "failed", reason: reason === "absent" ? "server-error" : reason };
}

function reasonOf(status: number): MissReason {
  if (status === 404 || status === 410) return "absent";
  if (status === 401 || status === 403) return "denied";
  if (status >= 300 && status < 400) return "redirect";
  return "server-error";
}
