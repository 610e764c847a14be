import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { refusalOf } from "../../../src/verify/consent.ts";
import { parseEndpoint, parseProxy, splitEndpoint } from "../../../src/verify/endpoint.ts";

const pull = (head: string | undefined, base = "acme/app") => ({
  pull_request: {
    head: { repo: head === undefined ? null : { full_name: head } },
    base: { repo: { full_name: base } },
  },
});
const github = (name: string) => ({ GITHUB_ACTIONS: "true", GITHUB_EVENT_NAME: name });

describe("refusalOf", () => {
  test.each<[string, Record<string, string>, unknown]>([
    ["nothing set", {}, undefined],
    ["a push", github("push"), {}],
    ["a schedule", github("schedule"), undefined],
    ["a pull request from the repository itself", github("pull_request"), pull("acme/app")],
    [
      "a workflow after a run of one's own",
      github("workflow_run"),
      { workflow_run: { head_repository: { full_name: "acme/app" } }, repository: { full_name: "acme/app" } },
    ],
    [
      "a merge request of GitLab from the project itself",
      { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "7", CI_MERGE_REQUEST_PROJECT_ID: "7" },
      undefined,
    ],
    ["Azure, not a fork", { SYSTEM_PULLREQUEST_ISFORK: "False" }, undefined],
    ["variables that are empty", { PRE_COMMIT: "", CIRCLE_PR_REPONAME: "", KEYWARDEN_VERIFY: "" }, undefined],
    ["TLS left on", { NODE_TLS_REJECT_UNAUTHORIZED: "1" }, undefined],
    ["a log of other things", { NODE_DEBUG: "http,tls,my-undici,module" }, undefined],
  ])("%s is fine", (_, env, event) => expect(refusalOf(env, event)).toBe(undefined));

  test.each<[string, Record<string, string>, unknown]>([
    ["a pull request from a fork", github("pull_request"), pull("mallory/app")],
    ["a pull request whose repository is gone", github("pull_request"), pull(undefined)],
    ["a pull request whose event cannot be read", github("pull_request"), undefined],
    ["a pull request with an event of another shape", github("pull_request"), [1]],
    ["pull_request_target, wherever from", github("pull_request_target"), pull("acme/app")],
    ["a comment", github("issue_comment"), {}],
    ["a review of a pull request from a fork", github("pull_request_review"), pull("mallory/app")],
    [
      "a workflow after a fork's run",
      github("workflow_run"),
      { workflow_run: { head_repository: { full_name: "mallory/app" } }, repository: { full_name: "acme/app" } },
    ],
    ["GitLab", { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "8", CI_MERGE_REQUEST_PROJECT_ID: "7" }, undefined],
    ["Azure", { SYSTEM_PULLREQUEST_ISFORK: "True" }, undefined],
    ["CircleCI", { CIRCLE_PR_REPONAME: "app" }, undefined],
    ["Travis", { TRAVIS_PULL_REQUEST_SLUG: "mallory/app", TRAVIS_REPO_SLUG: "acme/app" }, undefined],
    ["Buildkite", { BUILDKITE_PULL_REQUEST_REPO: "git://mallory", BUILDKITE_REPO: "git://acme" }, undefined],
    ["Jenkins", { CHANGE_FORK: "mallory" }, undefined],
  ])("%s: nobody is asked", (_, env, event) => expect(refusalOf(env, event)?.kind).toBe("fork"));

  test.each<[string, Record<string, string>, RegExp]>([
    ["TLS switched off", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, /NODE_TLS_REJECT_UNAUTHORIZED=0/],
    ["a log of addresses", { NODE_DEBUG: "http,Undici" }, /NODE_DEBUG/],
    ["a log of addresses, by another name", { NODE_DEBUG: "fetch" }, /NODE_DEBUG/],
    ["a log of addresses, by a third name", { NODE_DEBUG: "websocket,tls" }, /NODE_DEBUG/],
    ["a log of everything", { NODE_DEBUG: "*" }, /NODE_DEBUG/],
    ["a log of much", { NODE_DEBUG: "u*i" }, /NODE_DEBUG/],
    ["pre-commit", { PRE_COMMIT: "1" }, /git hook \(PRE_COMMIT/],
    ["git's own hook", { GIT_INDEX_FILE: ".git/index" }, /git hook/],
    ["forbidden", { KEYWARDEN_VERIFY: "Never" }, /forbidden/],
  ])("%s: the command is wrong here", (_, env, says) => {
    const refusal = refusalOf(env, undefined);
    expect(refusal?.kind).toBe("mistake");
    expect(refusal?.message).toMatch(says);
  });
});

const known = new Set(["gitlab", "stripe"]);

describe("parseEndpoint", () => {
  test.each([
    "https://gitlab.example.org",
    "https://gitlab.example.org:8443/prefix",
    "https://10.0.0.7",
    "http://127.0.0.1:8080",
    "http://127.1.2.3:80",
    "http://localhost:1234/api",
    "http://[::1]:9",
  ])("%s", (address) => expect(parseEndpoint("gitlab", address, known).href).toContain(new URL(address).host));

  test.each([
    ["gitlab", "http://gitlab.example.org", /must begin with https/],
    ["gitlab", "http://10.0.0.7", /must begin with https/],
    ["gitlab", "http://127.0.0.1.nip.io", /must begin with https/],
    ["gitlab", "http://localhost.example.org", /must begin with https/],
    ["gitlab", "http://0.0.0.0", /must begin with https/],
    ["gitlab", "ftp://127.0.0.1", /must begin with https/],
    ["gitlab", "file:///etc/passwd", /must begin with https/],
    ["gitlab", "gitlab.example.org", /is no address/],
    ["gitlab", "", /is no address/],
    ["gitlab", "https://user:word@gitlab.example.org", /plain address/],
    ["gitlab", "https://gitlab.example.org/?a=1", /plain address/],
    ["gitlab", "https://gitlab.example.org/#a", /plain address/],
    ["nobody", "https://gitlab.example.org", /no provider called nobody/],
  ])("%s=%s is refused", (provider, address, says) => {
    const parse = () => parseEndpoint(provider, address, known);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(says);
  });

  test("a message never holds the address, which may hold a password", () => {
    for (const address of ["https://u:pw-zebra@h", "http://pw-zebra.example.org", "pw-zebra"]) {
      try {
        parseEndpoint("gitlab", address, known);
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify([String(error), (error as UsageError).toJSON()])).not.toContain("zebra");
      }
    }
  });
});

test.each([
  ["gitlab=https://a.b", ["gitlab", "https://a.b"]],
  ["gitlab = https://a.b/?x=y", ["gitlab", "https://a.b/?x=y"]],
])("splitEndpoint(%j)", (text, want) => expect(splitEndpoint(text)).toEqual(want));

test.each(["=https://a.b", "https://a.b", ""])("splitEndpoint(%j) is refused", (text) =>
  expect(() => splitEndpoint(text)).toThrow(/PROVIDER=URL/),
);

describe("parseProxy", () => {
  test.each(["http://proxy.example.org:3128", "https://proxy.example.org", "http://u:p@10.0.0.1:80"])("%s", (text) =>
    expect(parseProxy(text).host).toBe(new URL(text).host),
  );
  test.each(["socks5://a.b", "proxy.example.org:3128", ""])("%j is refused", (text) =>
    expect(() => parseProxy(text)).toThrow(/--proxy needs an address/),
  );
});
