import type { ClientRequest, IncomingMessage } from "node:http";

/** One request to a server that may be slow, dead or hostile. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "PUT";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Milliseconds until the answer's head must be there, and the most between two pieces of its body. */
  readonly timeout: number;
  /** Milliseconds for everything. */
  readonly deadline: number;
  /** Bytes of the answer's body; a longer one is given up as soon as that shows. */
  readonly limit: number;
}

/** What came back. A redirect is an answer like any other: it is never followed. */
export type HttpAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
      readonly body: Uint8Array;
    }
  | { readonly ok: false; readonly reason: HttpFailure };

export type HttpFailure = "unreachable" | "timeout" | "too-large" | "truncated" | "encoded";

/** The network as the rest of Crosswalk sees it. Nothing else opens a connection. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * The real network, on Node's own client. Answers with a content encoding are refused, so nothing is ever unpacked; nothing is
 * kept of what exceeds the limit. Proxies: Node reads HTTPS_PROXY where NODE_USE_ENV_PROXY=1 says so.
 */
export const nodeHttp: Http = async (request) => {
  const { url, method, headers = {}, body, timeout, deadline, limit } = request;
  const secure = url.startsWith("https:");
  const client = secure ? await import("node:https") : await import("node:http");
  return new Promise((resolve) => {
    let sent: ClientRequest | undefined;
    let quiet: NodeJS.Timeout | undefined;
    const settle = (answer: HttpAnswer): void => {
      clearTimeout(whole);
      clearTimeout(quiet);
      // A connection that did not come to its proper end is not used again.
      if (!answer.ok) sent?.destroy();
      resolve(answer);
    };
    const fail = (reason: HttpFailure): void => settle({ ok: false, reason });
    const whole = setTimeout(() => fail("timeout"), deadline);
    const wait = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(() => fail("timeout"), timeout);
    };
    wait();
    const length: Record<string, string> = body ? { "content-length": String(body.length) } : {};
    try {
      sent = client.request(url, { method, headers: { "accept-encoding": "identity", ...headers, ...length } });
    } catch {
      fail("unreachable");
      return;
    }
    sent.on("error", () => fail("unreachable"));
    sent.on("drain", wait);
    sent.on("response", (answer: IncomingMessage) => {
      const encoding = answer.headers["content-encoding"] ?? "identity";
      const status = answer.statusCode ?? 0;
      const pieces: Uint8Array[] = [];
      let size = 0;
      wait();
      // Errors are listened for before anything else: a refused answer may still fail.
      answer.on("error", () => fail("truncated"));
      answer.on("aborted", () => fail("truncated"));
      if (encoding !== "identity") {
        fail("encoded");
        return;
      }
      if (method !== "HEAD" && Number(answer.headers["content-length"] ?? 0) > limit) {
        fail("too-large");
        return;
      }
      answer.on("data", (piece: Uint8Array) => {
        wait();
        size += piece.length;
        if (size > limit) fail("too-large");
        else pieces.push(piece);
      });
      answer.on("end", () => {
        if (!answer.complete) fail("truncated");
        else settle({ ok: true, status, headers: answer.headers, body: Buffer.concat(pieces) });
      });
    });
    sent.end(body);
  });
};
