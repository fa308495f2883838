import { expect, it } from "vitest";
import { spacesOf } from "../../../../src/engine/remote/spaces.ts";

const write = { CROSSWALK_CACHE: "write" };

it("main is read by all and written by who was asked to", () => {
  expect(spacesOf("main", {})).toEqual({ read: ["main"], write: undefined });
  expect(spacesOf("main", write)).toEqual({ read: ["main"], write: "main" });
  expect(spacesOf("main", { ...write, GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/main" }).write).toBe("main");
});

it.each([
  { GITHUB_EVENT_NAME: "pull_request", GITHUB_REF: "refs/pull/7/merge" },
  { CI_MERGE_REQUEST_IID: "7" },
  { CHANGE_ID: "7" },
  { SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: "7" },
  { SYSTEM_PULLREQUEST_PULLREQUESTID: "7" },
  { BUILDKITE_PULL_REQUEST: "7" },
  { CIRCLE_PR_NUMBER: "7" },
  { CIRCLE_PULL_REQUEST: "https://example.com/team/repo/pull/7" },
  { BITBUCKET_PR_ID: "7" },
  { TRAVIS_PULL_REQUEST: "7" },
])("a pull request writes to its own space alone: %j", (env) => {
  expect(spacesOf("main", { ...env, ...write })).toEqual({ read: ["pr-7", "main"], write: "pr-7" });
  expect(spacesOf("main", env).write).toBeUndefined();
});

it.each([
  { GITHUB_EVENT_NAME: "pull_request_target", GITHUB_REF: "refs/heads/main" },
  { GITHUB_EVENT_NAME: "merge_group", GITHUB_REF: "refs/heads/gh-readonly-queue/main/pr-7" },
  { CI_MERGE_REQUEST_IID: "../main" },
  { CI_MERGE_REQUEST_IID: "" },
])("a request whose number nobody knows writes nowhere: %j", (env) => {
  expect(spacesOf("main", { ...env, ...write })).toEqual({ read: ["main"], write: undefined });
});

it.each([{ BUILDKITE_PULL_REQUEST: "false" }, { TRAVIS_PULL_REQUEST: "false" }])("no request: %j", (env) => {
  expect(spacesOf("main", { ...env, ...write }).write).toBe("main");
});
