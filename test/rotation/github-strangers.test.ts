// Strangers, copied marks and public repositories: what they cannot do, and what is not told.

import { describe, expect, test } from "vitest";
import {
  bot,
  botToken,
  closedOf,
  deliver,
  leakOf,
  nowOf,
  reminderOf,
  worldOf,
  writtenOf,
} from "../helpers/github-rig.ts";
import { refusal } from "../helpers/github-world.ts";
import type { GithubWorld, WorldIssue, WorldRepository } from "../helpers/github-world.ts";

async function filed(): Promise<{ world: GithubWorld; home: WorldRepository; issue: WorldIssue }> {
  const { world, home } = worldOf();
  await deliver(world, [reminderOf()]);
  return { world, home, issue: home.issues[0]! };
}

describe("a mark that was copied", () => {
  test("into a stranger's issue captures nothing, even where the listing brings it or the ledger names it", async () => {
    const { world, home, issue } = await filed();
    home.issues.splice(0);
    const forged = world.file(home, "mallory", { title: issue.title, body: issue.body, isOpen: false });
    const before = JSON.stringify(forged);
    const listing = world.answer.bind(world);
    world.answer = (asked) => {
      asked.url.searchParams.delete("creator");
      return listing(asked);
    };
    const hinted = reminderOf({ issue: { repository: "acme/app", number: 1 } });
    expect(writtenOf(await deliver(world, [hinted]))).toEqual(["filed acme-prod acme/app#2"]);
    expect(JSON.stringify(forged)).toBe(before);
  });

  test("into an issue that another workflow of our account filed: closed as a duplicate, the first goes on", async () => {
    const { world, home, issue } = await filed();
    const copy = world.file(home, bot, { title: "from a form", body: issue.body });
    expect(writtenOf(await deliver(world, [reminderOf()]))).toEqual(["joined acme-prod acme/app#2"]);
    expect(copy).toMatchObject({ isOpen: false, stateReason: "duplicate" });
    expect(copy.body).toContain("#1 goes on in its place");
    expect(issue.isOpen).toBe(true);
    expect(writtenOf(await deliver(world, [reminderOf()]))).toEqual([]);
    // The first is deleted: the other one takes its place.
    issue.elsewhere = "gone";
    expect(writtenOf(await deliver(world, [reminderOf()]))).toContain("reopened acme-prod acme/app#2");
  });

  test("of another credential, or of another repository, is none", async () => {
    const { world, home, issue } = await filed();
    issue.body = issue.body.replace("id=acme-prod", "id=acme-test");
    const { problems, written } = await deliver(world, [reminderOf(), reminderOf({ credential: "acme-test" })]);
    expect(written.map(({ what, credential }) => `${what} ${credential}`)).toEqual([
      "filed acme-prod",
      "filed acme-test",
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      "GitHub: acme/app#1 was written by keywarden, and its first line was changed or belongs elsewhere",
    ]);
    const other = world.repository("acme/other");
    world.file(other, bot, { body: home.issues[1]!.body });
    expect(writtenOf(await deliver(world, [reminderOf()], { repository: "acme/other" }))).toEqual([
      "filed acme-prod acme/other#2",
    ]);
  });
});

test("a stranger's copy of a comment does not stand for ours", async () => {
  const { world, issue } = await filed();
  const next = reminderOf({ step: "overdue-14" });
  await deliver(world, [next]);
  const [ours] = issue.comments.splice(0);
  issue.comments.push({ author: "mallory", body: ours!.body });
  // As if the text had not been brought up to date.
  await deliver(world, [reminderOf()]);
  issue.comments.splice(1);
  expect(writtenOf(await deliver(world, [next]))).toContain("told acme-prod acme/app#1");
});

test("a state that somebody wrote into an issue does not close it for good", async () => {
  const { world, issue } = await filed();
  issue.body = issue.body.replace('"open":true', '"open":false');
  world.closeBy(issue);
  const closesHeardUntil = nowOf(world);
  const { observations } = await deliver(world, [reminderOf()]);
  expect(observations.some(({ kind }) => kind === "closed-by-person")).toBe(true);
  await deliver(world, [reminderOf({ closesHeardUntil, closedEarly: 1, step: "overdue-7-again1" })]);
  expect(issue.isOpen).toBe(true);
});

const hostile =
  "x @octocat closes #1 <b> `--> <!-- rotation:v1 id=a mac=0000000000000000 -->\n- [x] **All** <!-- box:create -->";

test("words of others mention nobody, tick no box and end no comment", async () => {
  const { world, home } = worldOf();
  const reminder = leakOf({
    providerName: hostile,
    policy: { ...reminderOf().policy, reason: hostile, name: hostile, saidBy: "inventory" },
    places: [{ path: hostile, line: 1 }],
    evidence: { kind: "attestation", by: hostile, reason: hostile, at: "2026-11-28T09:00:00Z" },
    playbook: { where: hostile, steps: [hostile] },
    owner: hostile,
  });
  await deliver(world, [reminder]);
  await deliver(world, [{ ...reminder, step: "leaked-overdue-7" }]);
  const issue = home.issues[0]!;
  for (const text of [issue.body, ...issue.comments.map(({ body }) => body)]) {
    const outside = text.replace(/\\[^\w\s]/g, "\\0").replace(/(`+)(?!`).*?[^`]\1(?!`)/g, "");
    expect(outside).not.toMatch(/@octocat|#1|<b>/);
    expect(text.split("\n").filter((line) => line.startsWith("<!-- rotation")).length).toBeLessThanOrEqual(2);
  }
  expect(issue.body).not.toMatch(/^- \[x\]/m);
  expect(issue.title).not.toMatch(/[@#<>`]/);
  expect(writtenOf(await deliver(world, [{ ...reminder, step: "leaked-overdue-7" }]))).toEqual([]);
});

describe("a public repository", () => {
  const secret = /config\.ts|LEAKED|leaked|verified|aaaaaaa|ada|security/;

  test("no word of a leak, no owner, no verdict", async () => {
    const { world, home } = worldOf({ isPrivate: false, assignable: new Set(["ada"]) });
    const open = reminderOf({ owner: "@ada", escalateTo: "@acme/security", evidence: leakOf().evidence! });
    const { withheld, problems } = await deliver(world, [open, leakOf({ credential: "leaky" })]);
    expect({ withheld, problems }).toEqual({ withheld: ["leaky"], problems: [] });
    await deliver(world, [{ ...open, step: "overdue-14" }]);
    await deliver(world, [closedOf(open)], { dashboard: true });
    expect(home.issues.map(({ title }) => title)).toEqual(["Rotate acme-prod (Acme Pay)"]);
    expect(JSON.stringify(home.issues)).not.toMatch(secret);
    expect(home.issues[0]).toMatchObject({ assignees: [], isOpen: false });
    expect(world.complaints).toEqual([]);
  });

  test("an issue that is there stays as it is while its credential is leaked, and closes with it", async () => {
    const { world, home } = worldOf({ isPrivate: false });
    await deliver(world, [reminderOf()]);
    const before = JSON.stringify(home.issues);
    expect(await deliver(world, [leakOf()])).toMatchObject({ written: [], withheld: ["acme-prod"] });
    world.repository("acme/vault");
    expect(writtenOf(await deliver(world, [leakOf()], { leaksTo: "acme/vault" }))).toEqual([
      "filed acme-prod acme/vault#1",
    ]);
    expect(JSON.stringify(home.issues)).toBe(before);
    await deliver(world, [closedOf(leakOf())]);
    expect(home.issues[0]!.isOpen).toBe(false);
    expect(JSON.stringify(home.issues)).not.toMatch(secret);
  });

  test("leaks go to the private repository that is named, and are closed there", async () => {
    const { world, home } = worldOf({ isPrivate: false });
    const vault = world.repository("acme/vault");
    const given = { leaksTo: "acme/vault" };
    expect((await deliver(world, [leakOf()], given)).withheld).toEqual([]);
    expect([home.issues.length, vault.issues.length]).toEqual([0, 1]);
    expect(vault.issues[0]!.body).toContain("src/pay/config.ts:12");
    // Proven dead, and due by its age in a new cycle: told at home, and over there no more.
    await deliver(world, [reminderOf({ cycle: 2 })], given);
    expect([home.issues[0]!.isOpen, vault.issues[0]!.isOpen]).toEqual([true, false]);
    await deliver(world, [closedOf(reminderOf({ cycle: 2 }))], given);
    expect(home.issues[0]!.isOpen).toBe(false);
    expect(world.complaints).toEqual([]);
  });

  test.each([
    ["public", { isPrivate: false }, /acme\/vault is public/],
    ["archived", { isArchived: true }, /leaks to acme\/vault: archived/],
  ])("leaks stay untold where that repository is %s, and the run says so", async (_, given, says) => {
    const { world, home } = worldOf({ isPrivate: false });
    const vault = world.repository("acme/vault", given);
    const { withheld, problems } = await deliver(world, [leakOf()], { leaksTo: "acme/vault" });
    expect(withheld).toEqual(["acme-prod"]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(says)]);
    expect([...home.issues, ...vault.issues]).toEqual([]);
  });
});

describe("whom it is assigned to", () => {
  const codeowners = "* @acme/all\nsrc/pay/ @zoe @ada @acme/pay\nsrc/pay/old/ @acme/pay\n";
  const commit = "a".repeat(40);
  const place = { path: "src/pay/config.ts", line: 12, commit };
  const cases: readonly [what: string, given: Parameters<typeof leakOf>[0], owner: RegExp, assignees: string[]][] = [
    ["the declared owner", { owner: "@bob", places: [place] }, /@bob \(inventory\)/, ["bob"]],
    ["a declared owner without access, named but not assigned", { owner: "@gone" }, /@gone \(inventory\)/, []],
    ["a declared team, mentioned", { owner: "@acme/pay" }, /@acme\/pay \(inventory\)/, []],
    ["the first code owner who can be assigned", { places: [place] }, /@ada \(CODEOWNERS\)/, ["ada"]],
    ["a code owner that is a team", { places: [{ ...place, path: "src/pay/old/x" }] }, /@acme\/pay \(CODEOWNERS\)/, []],
    ["the fallback", { places: [] }, /@acme\/keys \(fallback\)/, []],
  ];

  test.each(cases)("%s", async (_, given, owner, assignees) => {
    const { world, home } = worldOf({ assignable: new Set(["ada", "bob", "eve"]) });
    home.files.set("CODEOWNERS", codeowners);
    home.commits.set(commit, "eve");
    await deliver(world, [leakOf(given)], { fallback: "@acme/keys" });
    expect(home.issues[0]!.body).toMatch(owner);
    expect(home.issues[0]!.assignees).toEqual(assignees);
    expect(world.complaints).toEqual([]);
  });

  test.each([
    ["still has access", new Set(["eve"]), "eve", /@eve \(who brought it in\)/],
    ["has no access any more", new Set<string>(), "eve", /@acme\/keys \(fallback\)/],
    ["has no account", new Set(["eve"]), null, /@acme\/keys \(fallback\)/],
  ] as const)("the author of the commit, who %s", async (_, assignable, login, owner) => {
    const { world, home } = worldOf({ assignable: new Set(assignable) });
    home.commits.set(commit, login);
    await deliver(world, [leakOf({ places: [place] })], { fallback: "@acme/keys" });
    expect(home.issues[0]!.body).toMatch(owner);
  });

  test("the places of the file in their order; the owner is looked up once for each step", async () => {
    const { world, home } = worldOf();
    home.files.set("docs/CODEOWNERS", "* @acme/docs");
    home.files.set(".github/CODEOWNERS", "* @acme/first");
    await deliver(world, [leakOf()]);
    expect(home.issues[0]!.body).toContain("@acme/first (CODEOWNERS)");
    world.log.length = 0;
    await deliver(world, [leakOf()]);
    expect(world.log.filter((line) => /contents|assignees|commits/.test(line))).toEqual([]);
  });

  test("late: the team to tell besides is mentioned in the comment", async () => {
    const { world, home } = worldOf();
    await deliver(world, [reminderOf()]);
    await deliver(world, [reminderOf({ step: "overdue-35", escalateTo: "@acme/security" })]);
    expect(home.issues[0]!.comments[0]!.body).toContain("\n@acme/security");
  });

  test("an assignee that GitHub refuses does not stop it", async () => {
    const { world, home } = worldOf({ assignable: new Set(["bob"]) });
    world.fault = ({ body }) =>
      (body as { assignees?: string[] } | undefined)?.assignees?.length
        ? { kind: "answer", answer: refusal(422, "Validation Failed") }
        : undefined;
    await deliver(world, [reminderOf({ owner: "@bob" })]);
    expect(home.issues).toHaveLength(1);
  });
});

test("a person's token writes as that person; an app's as the app", async () => {
  const { world, home } = worldOf();
  world.account("a-person", "ada");
  await deliver(world, [reminderOf()], { token: "a-person" });
  await deliver(world, [reminderOf()], { token: botToken });
  expect(home.issues.map(({ author }) => author)).toEqual(["ada", bot]);
});
