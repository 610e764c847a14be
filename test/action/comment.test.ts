// One comment on a pull request, kept up to date; and everything that GitHub may answer instead.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keepComment } from "../../src/github/pull-request.ts";
import { openApi, refusalOf } from "../../src/github/pull-request-client.ts";
import type { ApiClient } from "../../src/github/pull-request-client.ts";
import { startCommentServer } from "../helpers/comment-server.ts";
import type { CommentServer, CommentServerOptions } from "../helpers/comment-server.ts";

const head = "a".repeat(40);
const place = { owner: "octo", repo: "demo", number: 7, head };
const marker = "<!-- keywarden: the one comment -->";
const settled = "all gone";
let server: CommentServer;
let api: ApiClient;

beforeAll(async () => {
  server = await startCommentServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  api = await openApi({ baseUrl: server.url, token: "a token" });
  server.comments.length = 0;
  server.requests.length = 0;
  server.options = {};
});

const bot = { login: "github-actions[bot]", type: "Bot" } as const;
const person = { login: "mallory", type: "User" } as const;
const ours = (id: number, body: string) => ({ id, body: `${marker}\n${body}`, user: bot });

describe("the comment", () => {
  const cases: readonly {
    readonly name: string;
    readonly there: readonly CommentServer["comments"][number][];
    readonly page: string | undefined;
    readonly outcome: string;
    readonly bodies: readonly string[];
    readonly options?: CommentServerOptions;
  }[] = [
    { name: "none, nothing to tell", there: [], page: undefined, outcome: "none", bodies: [] },
    { name: "none, something to tell", there: [], page: "new", outcome: "created", bodies: [`${marker}\nnew`] },
    {
      name: "there, something else to tell",
      there: [ours(1, "old")],
      page: "new",
      outcome: "updated",
      bodies: [`${marker}\nnew`],
    },
    {
      name: "there, the same to tell",
      there: [ours(1, "new")],
      page: "new",
      outcome: "unchanged",
      bodies: [`${marker}\nnew`],
    },
    {
      name: "there, nothing left to tell",
      there: [ours(1, "old")],
      page: undefined,
      outcome: "updated",
      bodies: [`${marker}\n${settled}`],
    },
    {
      name: "twice: one stays",
      there: [ours(1, "a"), ours(2, "b")],
      page: "new",
      outcome: "updated",
      bodies: [`${marker}\nnew`],
    },
    {
      name: "a person's that looks like ours stays theirs",
      there: [{ id: 1, body: `${marker}\nfake`, user: person }],
      page: "new",
      outcome: "created",
      bodies: [`${marker}\nfake`, `${marker}\nnew`],
    },
    {
      name: "a bot's that quotes ours is not ours",
      there: [{ id: 1, body: `> ${marker}`, user: bot }],
      page: "new",
      outcome: "created",
      bodies: [`> ${marker}`, `${marker}\nnew`],
    },
    {
      name: "by a person's token: that person's",
      options: { login: "mallory" },
      there: [ours(1, "the workflow's"), { id: 2, body: `${marker}\nold`, user: person }],
      page: "new",
      outcome: "updated",
      bodies: [`${marker}\nthe workflow's`, `${marker}\nnew`],
    },
    {
      name: "the pull request has gone on",
      options: { head: "b".repeat(40) },
      there: [ours(1, "old")],
      page: "new",
      outcome: "moved",
      bodies: [`${marker}\nold`],
    },
    {
      name: "on the third page",
      there: [...Array.from({ length: 230 }, (_, id) => ({ id: id + 10, body: "talk", user: person })), ours(1, "old")],
      page: "new",
      outcome: "updated",
      bodies: [...Array.from({ length: 230 }, () => "talk"), `${marker}\nnew`],
    },
  ];

  test.each(cases)("$name", async ({ there, page, outcome, bodies, options = {} }) => {
    server.options = options;
    server.comments.push(...there.map((comment) => ({ ...comment })));
    expect(await keepComment(api, place, { page, settled })).toBe(outcome);
    expect(server.comments.map(({ body }) => body)).toEqual(bodies);
    // Whatever happened: the next run with the same news changes nothing.
    if (outcome === "moved") return;
    const writes = () => server.requests.filter((request) => !request.startsWith("GET")).length;
    const before = writes();
    await keepComment(api, place, { page, settled });
    expect(writes()).toBe(before);
  });

  test("one that another run took away meanwhile is no trouble", async () => {
    server.comments.push(ours(1, "old"), ours(2, "b"));
    const racing: ApiClient = {
      async request(route, parameters) {
        if (route.startsWith("DELETE")) server.comments.pop();
        return api.request(route, parameters);
      },
    };
    expect(await keepComment(racing, place, { page: "new", settled })).toBe("updated");
    expect(server.comments.map(({ body }) => body)).toEqual([`${marker}\nnew`]);
  });

  test("is cut before GitHub would refuse it", async () => {
    await keepComment(api, place, { page: "x".repeat(200_000), settled });
    expect(server.comments[0]?.body.length).toBeLessThan(65_536);
  });
});

describe("GitHub says no", () => {
  test.each([
    [{ permission: "read" }, 4, /needs permissions: pull-requests: write/],
    [{ isLocked: true }, 4, /^the conversation is locked$/],
    // Nobody's checks wait for a service in trouble.
    [{ broken: 500 }, 1, /busy or in trouble/],
    [{ broken: 429 }, 1, /busy or in trouble/],
    [{ broken: 301 }, 1, /could not be reached|refused/],
    [{ broken: "silence" }, 1, /could not be reached/],
    // What is no list is not an empty one: nothing is written.
    [{ broken: "garbage" }, 3, /^what answered is not GitHub's API$/],
  ] as const)("%j", async (options, requests, says) => {
    server.options = options;
    const failed = await keepComment(api, place, { page: "new", settled }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(refusalOf(failed, "pull-requests: write")).toMatch(says);
    expect(server.requests).toHaveLength(requests);
    expect(server.comments).toEqual([]);
  });

  test.each(["ftp://api", "http://api.github.com", "https://user@api", "nonsense"])(
    "no API is at %s",
    async (baseUrl) => {
      await expect(openApi({ baseUrl, token: "t" })).rejects.toThrow(/GITHUB_API_URL/);
    },
  );
});
