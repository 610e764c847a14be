// Everything that GitHub can refuse, and the network break → what is told, what is tried again, what is left.

import { expect, test } from "vitest";
import { closedOf, deliver, leakOf, reminderOf, worldOf, writtenOf } from "../helpers/github-rig.ts";
import { refusal, secondaryLimit } from "../helpers/github-world.ts";
import type { Account, Fault, WorldAnswer, WorldRepository } from "../helpers/github-world.ts";
import type { GithubAsked } from "../helpers/github-contract.ts";

const isWrite = ({ method, url }: GithubAsked): boolean => method !== "GET" && !url.pathname.endsWith("graphql");
const answer = (given: WorldAnswer): Fault => ({ kind: "answer", answer: given });

const refusals: readonly [
  what: string,
  given: {
    repository?: Partial<WorldRepository>;
    account?: Partial<Account>;
    fault?: (asked: GithubAsked) => Fault | undefined;
    options?: object;
  },
  says: RegExp,
][] = [
  ["a token without the right to write", { account: { issues: "read" } }, /lacks a permission, issues=write \(403\)/],
  ["a token that sees no issues", { account: { issues: "none" } }, /issues of acme\/app: not-found \(404\)/],
  [
    "a repository that is not there",
    { options: { repository: "acme/none" } },
    /repository acme\/none: not-found \(404\)/,
  ],
  ["no name of a repository", { options: { repository: "../../user" } }, /repository .*: not-found/],
  ["an archived repository", { repository: { isArchived: true } }, /archived/],
  ["issues that are switched off", { repository: { hasIssues: false } }, /issues of acme\/app: gone/],
  ["a wrong token", { options: { token: "another" } }, /unauthorized \(401\)/],
  ["trouble at GitHub", { fault: () => answer(refusal(502, "Bad Gateway")) }, /server \(502\)/],
  [
    "a refusal of what is sent",
    { fault: (a) => (isWrite(a) ? answer(refusal(422, "Validation Failed")) : undefined) },
    /reminder of acme-prod in acme\/app: invalid \(422\)/,
  ],
  [
    "issues switched off meanwhile",
    { fault: (a) => (isWrite(a) ? answer(refusal(410, "Issues has been disabled in this repository.")) : undefined) },
    /1 reminder in acme\/app .*gone \(410\)/,
  ],
  [
    "archived meanwhile",
    { fault: (a) => (isWrite(a) ? answer(refusal(403, "Repository was archived so is read-only.")) : undefined) },
    /archived \(403\)/,
  ],
  [
    "single sign-on",
    {
      fault: (a) =>
        isWrite(a)
          ? answer(
              refusal(403, "Resource protected by organization SAML enforcement.", {
                "x-github-sso": "required; url=https://x.test",
              }),
            )
          : undefined,
    },
    /single-sign-on/,
  ],
  ["a limit without end", { fault: (a) => (isWrite(a) ? answer(secondaryLimit(403, 60)) : undefined) }, /rate-limited/],
  [
    "a limit longer than the budget",
    { fault: (a) => (isWrite(a) ? answer(secondaryLimit(429, 90_000)) : undefined) },
    /rate-limited \(429\)/,
  ],
  [
    "something that is not GitHub",
    { fault: () => answer({ status: 200, headers: { "content-type": "text/html" }, body: "<html>sign in</html>" }) },
    /bad-answer/,
  ],
  ["a connection that is cut", { fault: () => ({ kind: "cut", isDone: false }) }, /connection/],
];

test.each(refusals)("%s: one problem that says what to do, nothing filed", async (_, given, says) => {
  const { world, home } = worldOf(given.repository);
  for (const account of world.accounts.values()) Object.assign(account, given.account);
  if (given.fault !== undefined) world.fault = given.fault;
  const { problems, written, observations } = await deliver(world, [reminderOf()], given.options);
  expect(problems).toHaveLength(1);
  expect(problems[0]!.message).toMatch(says);
  expect(problems[0]!.hint).toMatch(/\.$/);
  expect(JSON.stringify(problems)).not.toMatch(/the-token|<html>|Validation Failed|SAML/);
  expect({ written, observations }).toEqual({ written: [], observations: [] });
  expect(home.issues).toEqual([]);
  expect(world.complaints).toEqual([]);
});

test.each([403, 429] as const)("a secondary limit (%i) is waited out, and the write repeated", async (status) => {
  const { world, home } = worldOf();
  let limited = 0;
  world.fault = (asked) => (isWrite(asked) && limited++ < 2 ? answer(secondaryLimit(status, 70)) : undefined);
  const start = world.nowMs;
  const { problems } = await deliver(world, [reminderOf()]);
  expect(problems).toEqual([]);
  expect(home.issues).toHaveLength(1);
  expect(world.nowMs - start).toBeGreaterThanOrEqual(140_000);
});

test("reading is tried again after a 5xx; filing is not, for it may have been done", async () => {
  const { world, home } = worldOf();
  const failures = new Map<string, number>();
  world.fault = (asked) => {
    const key = `${asked.method} ${asked.url.pathname}`;
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    if (asked.method === "POST" && asked.url.pathname.endsWith("/issues")) return { kind: "cut", isDone: true };
    return count === 1 && asked.method === "GET" ? answer(refusal(503, "Service Unavailable")) : undefined;
  };
  const broken = await deliver(world, [reminderOf()]);
  expect(broken.written).toEqual([]);
  expect(broken.problems.map(({ message }) => message)).toEqual([
    "GitHub: reminder of acme-prod in acme/app: connection",
  ]);
  expect(home.issues).toHaveLength(1);
  world.fault = () => undefined;
  const next = await deliver(world, [reminderOf()]);
  expect(next.written).toEqual([]);
  expect(next.observations).toMatchObject([{ kind: "filed", number: 1 }]);
});

test("a list that broke off is no short list: nothing is filed after it", async () => {
  const { world, home } = worldOf();
  for (let index = 0; index < 130; index++) world.file(home, "keywarden-test[bot]");
  await deliver(world, [reminderOf()]);
  expect(home.issues).toHaveLength(131);
  world.fault = ({ url }) => (url.searchParams.get("page") === "2" ? answer(refusal(409, "Conflict")) : undefined);
  const { written, problems } = await deliver(world, [reminderOf()]);
  expect(written).toEqual([]);
  expect(problems).toHaveLength(1);
  expect(home.issues).toHaveLength(131);
});

test("a link to another host is not followed: the token stays", async () => {
  const { world } = worldOf();
  const asked: string[] = [];
  world.fault = ({ url }) => {
    asked.push(url.host);
    if (!url.pathname.endsWith("/issues")) return undefined;
    return answer({ status: 200, headers: { link: '<https://evil.test/x>; rel="next"' }, body: [] });
  };
  const { problems } = await deliver(world, [reminderOf()]);
  expect(problems[0]!.message).toMatch(/bad-answer/);
  expect(new Set(asked)).toEqual(new Set(["github.test"]));
});

test.each(["refused", "dropped"] as const)(
  "labels that are %s: filed without them, said once, not tried each run",
  async (labels) => {
    const { world, home } = worldOf({ assignable: new Set(["ada"]) });
    for (const account of world.accounts.values()) account.labels = labels;
    const reminders = [reminderOf({ owner: "@ada" }), reminderOf({ credential: "other" })];
    const { problems } = await deliver(world, reminders);
    expect(problems.map(({ message }) => message)).toEqual([
      "GitHub: acme/app: the token may not set labels; reminders go on without them",
    ]);
    expect(home.issues.map((issue) => issue.labels)).toEqual([[], []]);
    expect(await deliver(world, reminders)).toMatchObject({ written: [], problems: [] });
    await deliver(world, reminders.map(closedOf));
    expect(home.issues.every(({ isOpen }) => !isOpen)).toBe(true);
  },
);

test("labels that were deleted come back with the next step", async () => {
  const { world, home } = worldOf();
  await deliver(world, [reminderOf()]);
  home.issues[0]!.labels = [];
  expect(writtenOf(await deliver(world, [reminderOf()]))).toEqual([]);
  await deliver(world, [reminderOf({ step: "overdue-14" })]);
  expect(home.issues[0]!.labels).toContain("secret-rotation");
  expect(home.issues).toHaveLength(1);
});

test("a locked issue takes no comment: its text tells", async () => {
  const { world, home } = worldOf();
  await deliver(world, [reminderOf()]);
  const issue = home.issues[0]!;
  issue.isLocked = true;
  await deliver(world, [reminderOf({ step: "overdue-14", due: "2026-11-14T00:00:00Z" })]);
  expect(issue.comments).toEqual([]);
  expect(issue.body).toContain("due 2026-11-14");
  const { problems } = await deliver(world, [closedOf(reminderOf({ step: "overdue-14" }))]);
  expect(problems).toEqual([]);
  expect(issue.isOpen).toBe(false);
});

test.each([
  ["transferred", { location: "/repositories/77/issues/3" }],
  ["deleted", "gone"],
] as const)("an issue that was %s: another one is filed, with or without the ledger's hint", async (_, elsewhere) => {
  for (const issue of [undefined, { repository: "acme/app", number: 1 }]) {
    const { world, home } = worldOf();
    await deliver(world, [reminderOf()]);
    home.issues[0]!.elsewhere = elsewhere;
    const next = reminderOf(issue === undefined ? {} : { issue });
    const { observations, problems } = await deliver(world, [next]);
    expect(observations).toMatchObject([{ kind: "filed", number: 2 }]);
    expect(problems).toEqual([]);
    expect(world.complaints).toEqual([]);
  }
});

test("a repository that was renamed is followed once, and its issues are known again", async () => {
  const { world, home } = worldOf();
  await deliver(world, [reminderOf()]);
  world.rename(home, "acme/new");
  expect(await deliver(world, [reminderOf()])).toMatchObject({
    written: [],
    problems: [],
    observations: [{ kind: "filed", repository: "acme/new", number: 1 }],
  });
  expect(world.complaints).toEqual([]);
});

test("the ledger's hint is read where the listing lags, so nothing is filed twice", async () => {
  const { world, home } = worldOf();
  world.lag = () => 3;
  await deliver(world, [reminderOf()]);
  const hinted = reminderOf({ issue: { repository: "acme/app", number: 1 } });
  expect(writtenOf(await deliver(world, [hinted]))).toEqual([]);
  expect(home.issues).toHaveLength(1);
});

test("an issue that cannot be read now is no issue that is not there", async () => {
  const { world, home } = worldOf();
  world.lag = () => 9;
  await deliver(world, [reminderOf()]);
  world.fault = ({ method, url }) =>
    method === "GET" && url.pathname.endsWith("/issues/1") ? answer(refusal(500, "Oops")) : undefined;
  const hinted = reminderOf({ issue: { repository: "acme/app", number: 1 } });
  expect((await deliver(world, [hinted])).problems).toHaveLength(1);
  expect(home.issues).toHaveLength(1);
});

test("an end that is asked for ends it", async () => {
  const { world } = worldOf();
  const { problems } = await deliver(world, [reminderOf()], { signal: AbortSignal.abort() });
  expect(problems[0]!.message).toMatch(/interrupted/);
  expect(world.log).toEqual([]);
});

test("a budget that is used up ends it, and says how many are left", async () => {
  const { world, home } = worldOf();
  const many = [1, 2, 3, 4, 5].map((index) => leakOf({ credential: `c${index}` }));
  const { problems } = await deliver(world, many, { pace: { budgetMs: 2500 } });
  expect(problems.map(({ message }) => message)).toEqual([
    "GitHub: 3 reminders in acme/app not brought up to date: budget",
  ]);
  // The question of GraphQL takes the turn of a write.
  expect(home.issues).toHaveLength(2);
});
