import { expect, it } from "vitest";
import { signV4 } from "../../../../src/engine/remote/sigv4.ts";

// From AWS's published test suite for Signature Version 4 (get-vanilla, get-vanilla-query-order-key-case) and from the S3 manual.
const suite = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const manual = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };

const at = { method: "GET", region: "us-east-1" };

it.each([
  [
    "get-vanilla",
    {
      ...at,
      url: "https://example.amazonaws.com/",
      keys: suite,
      service: "service",
      now: new Date("2015-08-30T12:36:00Z"),
    },
    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  ],
  [
    "get-vanilla-query-order-key-case",
    {
      ...at,
      url: "https://example.amazonaws.com/?Param2=value2&Param1=value1",
      keys: suite,
      service: "service",
      now: new Date("2015-08-30T12:36:00Z"),
    },
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "GET object of the S3 manual",
    {
      ...at,
      url: "https://examplebucket.s3.amazonaws.com/test.txt",
      headers: { range: "bytes=0-9" },
      keys: manual,
      service: "s3",
      now: new Date("2013-05-24T00:00:00Z"),
    },
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  ],
])("%s is signed as Amazon says", (_, request, signature) => {
  expect(signV4(request).authorization).toContain(`Signature=${signature}`);
});

it("the secret itself is in no header", () => {
  const now = new Date("2015-08-30T12:36:00Z");
  const headers = signV4({ ...at, url: "https://example.amazonaws.com/", keys: suite, service: "s3", now });
  expect(JSON.stringify(headers)).not.toContain(suite.secretAccessKey);
});
