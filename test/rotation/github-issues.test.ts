// One reminder through its life as a GitHub issue: what is written, what is not, and that twice is as good as once.

import { expect, test } from "vitest";
import { bot, closedOf, deliver, leakOf, nowOf, reminderOf, worldOf, writtenOf } from "../helpers/github-rig.ts";

test("filed, then nothing, told of a step, closed with proof, reopened", async () => {
  const { world, home } = worldOf();
  const first = await deliver(world, [reminderOf()]);
  expect(writtenOf(first)).toEqual(["filed acme-prod acme/app#1"]);
  expect(first.observations).toEqual([
    { kind: "filed", credential: "acme-prod", repository: "acme/app", number: 1, at: "2026-11-28T09:00:00Z" },
  ]);
  expect(first.problems).toEqual([]);
  const [issue] = home.issues;
  expect(issue).toMatchObject({ author: bot, title: "Rotate acme-prod (Acme Pay)", comments: [] });
  expect(issue!.labels).toEqual(["provider:acme", "rotation:overdue", "secret-rotation"]);

  const before = world.writesAt.length;
  expect(writtenOf(await deliver(world, [reminderOf()]))).toEqual([]);
  expect(world.writesAt.length).toBe(before);

  const next = reminderOf({ step: "overdue-14" });
  expect(writtenOf(await deliver(world, [next]))).toEqual([
    "told acme-prod acme/app#1",
    "updated acme-prod acme/app#1",
  ]);
  expect(writtenOf(await deliver(world, [next]))).toEqual([]);

  const closed = await deliver(world, [closedOf(next)]);
  expect(writtenOf(closed)).toEqual(["told acme-prod acme/app#1", "closed acme-prod acme/app#1"]);
  expect(issue).toMatchObject({ isOpen: false, stateReason: "completed" });
  expect(issue!.comments.at(-1)!.body).toContain("verified inactive on 2026-11-28");
  expect(writtenOf(await deliver(world, [closedOf(next)]))).toEqual([]);

  const again = reminderOf({ cycle: 2, step: "leaked", state: "leaked", leak: true });
  expect(writtenOf(await deliver(world, [again]))).toEqual([
    "told acme-prod acme/app#1",
    "reopened acme-prod acme/app#1",
  ]);
  expect(issue).toMatchObject({ isOpen: true, stateReason: "reopened" });
  expect(issue!.comments.at(-1)!.body).toContain("Reopened: **LEAKED**");
  expect(home.issues).toHaveLength(1);
  expect(world.complaints).toEqual([]);
});

test("boxes that people ticked stay when the text is written anew, and start empty in a new cycle", async () => {
  const { world, home } = worldOf();
  await deliver(world, [reminderOf()]);
  const issue = home.issues[0]!;
  // A browser sends other line ends.
  issue.body = issue.body.replace("- [ ] **Deploy it**", "- [x] **Deploy it**").replaceAll("\n", "\r\n");
  expect(writtenOf(await deliver(world, [reminderOf()]))).toEqual([]);
  await deliver(world, [reminderOf({ step: "overdue-14" })]);
  expect(issue.body).toContain("- [x] **Deploy it**: deploy it");
  expect(issue.body).toContain("- [ ] **Create a new one**: make one");
  await deliver(world, [reminderOf({ cycle: 2, step: "due-14" })]);
  expect(issue.body).not.toContain("[x]");
});

test("text that people changed is written anew; their labels and assignees stay", async () => {
  const { world, home } = worldOf({ assignable: new Set(["ada", "bob"]) });
  await deliver(world, [reminderOf({ owner: "@ada" })]);
  const issue = home.issues[0]!;
  expect(issue.assignees).toEqual(["ada"]);
  issue.body += "\nI know better";
  issue.labels = ["mine", "provider:terraform", "rotation:on-call", "secret-rotation"];
  issue.assignees = ["bob"];
  await deliver(world, [reminderOf({ owner: "@ada" })]);
  expect(issue.body).not.toContain("I know better");
  const theirs = ["mine", "provider:terraform", "rotation:on-call"];
  expect(issue.labels).toEqual([...theirs, "provider:acme", "rotation:overdue", "secret-rotation"].sort());
  expect(issue.assignees).toEqual(["bob"]);
});

test("a comment that was written before a crash is not written again", async () => {
  const { world, home } = worldOf();
  await deliver(world, [reminderOf()]);
  world.fault = ({ method }) => (method === "PATCH" ? { kind: "cut", isDone: false } : undefined);
  const next = reminderOf({ step: "overdue-14" });
  const broken = await deliver(world, [next]);
  expect(writtenOf(broken)).toEqual(["told acme-prod acme/app#1"]);
  expect(broken.problems).toHaveLength(1);
  world.fault = () => undefined;
  expect(writtenOf(await deliver(world, [next]))).toEqual(["updated acme-prod acme/app#1"]);
  expect(home.issues[0]!.comments).toHaveLength(1);
});

test("a person closes it: told, respected while snoozed, opened again after", async () => {
  const { world, home } = worldOf();
  await deliver(world, [reminderOf()]);
  const issue = home.issues[0]!;
  world.closeBy(issue);
  const closedAt = nowOf(world);
  const heard = await deliver(world, [reminderOf()]);
  expect(heard.observations).toContainEqual({ kind: "closed-by-person", credential: "acme-prod", at: closedAt });
  expect(issue).toMatchObject({ isOpen: false });
  expect(issue.labels).toContain("rotation-snoozed");

  const snoozed = reminderOf({ closesHeardUntil: closedAt, snoozedUntil: "2026-12-05T09:00:00Z", step: "overdue-14" });
  const quiet = await deliver(world, [snoozed]);
  expect(quiet.observations.some(({ kind }) => kind === "closed-by-person")).toBe(false);
  expect(issue).toMatchObject({ isOpen: false, comments: [] });

  const back = reminderOf({ closesHeardUntil: closedAt, step: "overdue-14-again1", closedEarly: 1 });
  expect(writtenOf(await deliver(world, [back]))).toEqual([
    "told acme-prod acme/app#1",
    "reopened acme-prod acme/app#1",
  ]);
  expect(issue.labels).not.toContain("rotation-snoozed");
  expect(writtenOf(await deliver(world, [back]))).toEqual([]);
});

test("what a person opens again after proof stays open", async () => {
  const { world, home } = worldOf();
  await deliver(world, [reminderOf()]);
  await deliver(world, [closedOf(reminderOf())]);
  home.issues[0]!.isOpen = true;
  expect(writtenOf(await deliver(world, [closedOf(reminderOf())]))).toEqual([]);
});

test("twenty new issues in a run, the most urgent first; the dashboard holds the rest", async () => {
  const { world, home } = worldOf();
  const many = Array.from({ length: 30 }, (_, index) =>
    index === 29
      ? leakOf({ credential: "zz-leak" })
      : reminderOf({ credential: `c-${String(index).padStart(2, "0")}` }),
  );
  const first = await deliver(world, many, { dashboard: true });
  expect(first.written.filter(({ what, credential }) => what === "filed" && credential !== undefined)).toHaveLength(20);
  expect(first.written[0]).toMatchObject({ credential: "zz-leak" });
  expect(first.problems.map(({ message }) => message)).toEqual([
    "GitHub: 10 reminders not filed yet: a run files 20 at most",
  ]);
  const dashboard = home.issues.find(({ title }) => title === "Credentials to rotate")!;
  expect(dashboard.body).toContain("| waits for the next run |");
  expect(dashboard.body).toContain("Last run: 2026-11-28.");
  world.nowMs += 60_000;
  const second = await deliver(world, many, { dashboard: true });
  expect(second.problems).toEqual([]);
  expect(dashboard.body).not.toContain("waits for");
  expect(writtenOf(await deliver(world, many, { dashboard: true }))).toEqual([]);
  world.closeBy(dashboard);
  expect(writtenOf(await deliver(world, many.slice(1), { dashboard: true }))).toEqual([]);
  expect(dashboard.isOpen).toBe(false);
  const gaps = world.writesAt.slice(1).map((at, index) => at - world.writesAt[index]!);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  expect(world.complaints).toEqual([]);
});

test("thousands of reminders fit into the dashboard, cut off with a count", async () => {
  const { world, home } = worldOf();
  const many = Array.from({ length: 2000 }, (_, index) => reminderOf({ credential: `${"c".repeat(150)}${index}` }));
  await deliver(world, many, { dashboard: true, botLogin: bot });
  const dashboard = home.issues.at(-1)!;
  expect(dashboard.body.length).toBeLessThan(60_000);
  expect(dashboard.body).toMatch(/And 1,\d{3} more\./);
});
