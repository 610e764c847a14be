// The input rotation: what is due in log and summary, issues at a GitHub on the loopback interface, the ledger in the
// checkout; and nothing of it on events that bring what is not accepted yet.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { runStep } from "../helpers/action-runner.ts";
import type { Step, StepResult } from "../helpers/action-runner.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { removeTemporary } from "../helpers/git-repo.ts";
import { startGithub } from "../helpers/github-server.ts";
import { GithubWorld, refusal } from "../helpers/github-world.ts";
import type { Fault, WorldRepository } from "../helpers/github-world.ts";
import { PullRequestRig } from "../helpers/pull-request-rig.ts";

const githubToken = "the-tests-own-word";
const leaked = tokenOf("npm.access-token", "leaked under rotation");
const salt = { ".keywarden/salt": `${"5a".repeat(32)}\n` };
const declared = (created: string): Record<string, string> => ({
  ...salt,
  ".keywarden/rotation.yml": [
    "version: 1",
    "credentials:",
    "  - id: payments-production",
    "    provider: stripe",
    '    owner: "@zoe"',
    "    kept: { env: PAYMENTS_KEY }",
    `    created: ${created}`,
    "",
  ].join("\n"),
});
const overdue = declared("2020-01-01");
const fresh = declared(new Date().toISOString().slice(0, 10));

let github: Awaited<ReturnType<typeof startGithub>>;
let repository: WorldRepository;

beforeEach(async () => {
  github = await startGithub((base) => new GithubWorld(base));
  github.world.account(githubToken, "github-actions[bot]");
  repository = github.world.repository("octo/demo", { assignable: new Set(["zoe"]) });
});
afterEach(async () => {
  expect(github.world.complaints).toEqual([]);
  await github.close();
});
afterAll(removeTemporary);

function rigOf(files: Readonly<Record<string, string>>): PullRequestRig {
  const rig = new PullRequestRig();
  rig.author.commit("first", { "a.txt": "hello\n", ...files });
  rig.open();
  return rig;
}

/** A step of a schedule, on a checkout of what was committed. */
function stepOf(rig: PullRequestRig, inputs: Step["inputs"], more: Partial<Step> = {}): Step {
  return {
    workspace: rig.checkout("refs/heads/main", 0),
    event: "schedule",
    payload: { repository: { full_name: "octo/demo", default_branch: "main", private: true } },
    token: githubToken,
    inputs: { ...inputs },
    ...more,
    github: {
      GITHUB_SHA: rig.base,
      GITHUB_REF: "refs/heads/main",
      GITHUB_REPOSITORY: "octo/demo",
      GITHUB_API_URL: github.url,
      KEYWARDEN_KEY: undefined,
      GITHUB_TOKEN: undefined,
      GH_TOKEN: undefined,
      ...more.github,
    },
  };
}

const stands = (step: Step, name: string): boolean => existsSync(join(step.workspace, ".keywarden", name));
const ledgerOf = (step: Step): string => readFileSync(join(step.workspace, ".keywarden/ledger.json"), "utf8");

function expectQuiet({ log, printed, summary }: StepResult): void {
  expect(leaksIn(log + summary, [leaked])).toEqual([]);
  expect(printed).not.toContain(githubToken);
  expect(printed).not.toMatch(/\n\s+at .*\.js/);
}

describe("status", () => {
  test("an overdue credential is in log and summary, fails the step and asks nobody", async () => {
    const step = stepOf(rigOf(overdue), { rotation: "status" });
    const result = await runStep(step);
    expect([result.code, result.outputs["findings"], result.outputs["complete"]]).toEqual([1, "0", "true"]);
    expect(result.log).toMatch(/^rotation: payments-production \(Stripe.*\): OVERDUE; 20\d\d-.* late; @zoe/m);
    expect(result.log).toMatch(/^rotation: 1 credential known, 1 to do something about$/m);
    expect(result.summary).toMatch(/keywarden[^]*# Rotation of credentials[^]*\| payments-production \|[^]*- \[ \] /);
    expect(github.world.log).toEqual([]);
    expect(stands(step, "ledger.json")).toBe(false);
    expectQuiet(result);
  });

  test.each([
    ["nothing late is green", fresh, { rotation: "status" }, 0],
    ["fail-on is about findings, not about what is late", overdue, { rotation: "status", "fail-on": "never" }, 1],
    ["off says nothing", overdue, { rotation: "off" }, 0],
  ])("%s", async (_, files, inputs, code) => {
    const result = await runStep(stepOf(rigOf(files), inputs));
    expect(result.code).toBe(code);
    expect(result.summary.includes("Rotation of credentials")).toBe(inputs.rotation !== "off");
  });

  test("a ledger is brought up to date with what the whole repository holds", async () => {
    const rig = rigOf({ ...fresh, "prod.env": `KEY=${leaked}\n` });
    const step = stepOf(rig, { rotation: "status", "fail-on": "never" });
    const first = await runStep(step);
    expect([first.code, first.outputs["findings"]]).toEqual([1, "1"]);
    expect(first.log).toMatch(/^rotation: npm-\w+ \(npm.*\): LEAKED; /m);
    const ledger = ledgerOf(step);
    expect(ledger).toContain("prod.env");
    expect(leaksIn(ledger, [leaked])).toEqual([]);
    expectQuiet(first);

    // A push on the default branch looks at little, and shows what the ledger knows.
    const pushed = await runStep({
      ...step,
      event: "push",
      payload: {
        ref: "refs/heads/main",
        before: rig.base,
        after: rig.base,
        repository: { full_name: "octo/demo", default_branch: "main", private: true },
      },
    });
    expect([pushed.code, pushed.outputs["findings"]]).toEqual([1, "0"]);
    expect(pushed.log).toMatch(/^rotation: npm-\w+ .*LEAKED; /m);
  });

  test("hostile words are shown and not obeyed", async () => {
    const files = { ...overdue };
    files[".keywarden/rotation.yml"] = overdue[".keywarden/rotation.yml"]!.replace(
      '"@zoe"',
      String.raw`"::add-mask::x ##[set-env name=A]b \u202e<img src=x>"`,
    );
    const result = await runStep(stepOf(rigOf(files), { rotation: "status" }));
    const obeyed = result.commands.filter(({ name }) => name !== "notice" && name !== "warning" && name !== "error");
    expect([obeyed, result.masks]).toEqual([[], []]);
    expect(result.log + result.summary).not.toContain("\u202e");
    expect(result.summary).not.toMatch(/(?<!\\)<img/);
  });
});

describe("remind", () => {
  test("files one issue; the second run, and one that lost its ledger, change nothing", async () => {
    const step = stepOf(rigOf(overdue), { rotation: "remind" });
    const first = await runStep(step);
    expect([first.code, first.outputs["complete"]]).toEqual([1, "true"]);
    expect(first.log).toMatch(/^rotation: filed: octo\/demo#1 \(payments-production\)$/m);
    expect(repository.issues.map(({ title, assignees }) => [title, assignees])).toEqual([
      ["Rotate payments-production (Stripe)", ["zoe"]],
    ]);
    const [writes, told, ledger] = [github.world.writesAt.length, JSON.stringify(repository.issues), ledgerOf(step)];
    const second = await runStep(step);
    expect([second.code, github.world.writesAt.length]).toEqual([1, writes]);
    rmSync(join(step.workspace, ".keywarden/ledger.json"));
    await runStep(step);
    expect([github.world.writesAt.length, JSON.stringify(repository.issues)]).toEqual([writes, told]);
    expect(JSON.parse(ledgerOf(step)).credentials.length).toBe(JSON.parse(ledger).credentials.length);
    for (const result of [first, second]) expectQuiet(result);
  });

  test("the last credential that is taken out leaves the ledger, too", async () => {
    const step = stepOf(rigOf(fresh), { rotation: "remind" });
    await runStep(step);
    expect(ledgerOf(step)).toContain("payments-production");
    writeFileSync(join(step.workspace, ".keywarden/rotation.yml"), "version: 1\ncredentials: []\n");
    await runStep(step);
    expect(ledgerOf(step)).not.toContain("payments-production");
  });

  test("of a leak in a public repository nothing is filed, and it is not named", async () => {
    repository.isPrivate = false;
    const payload = { repository: { full_name: "octo/demo", default_branch: "main", private: false } };
    const step = stepOf(rigOf({ ...fresh, "prod.env": `KEY=${leaked}\n` }), { rotation: "remind" }, { payload });
    const result = await runStep(step);
    expect([result.code, repository.issues]).toEqual([1, []]);
    const hidden = /1 leaked credential, not named where everybody can read it/;
    expect(result.log).toMatch(hidden);
    expect(result.summary).toMatch(hidden);
    expect(result.log + result.summary).not.toMatch(/npm-\w{8}|LEAKED/);
    expectQuiet(result);
  });

  test.each([
    ["filed in a private one", 1, /^rotation: filed: octo\/security#1$/m],
    ["that could not be filed there", 0, /reminder of a leaked credential in octo\/security: invalid \(422\)/],
  ] as const)("a leak of a public repository, %s, is not named in the log", async (_, filed, says) => {
    repository.isPrivate = false;
    const security = github.world.repository("octo/security");
    const refused: Fault = { kind: "answer", answer: refusal(422, "Validation Failed") };
    if (filed === 0)
      github.world.fault = ({ url }) =>
        url.pathname.endsWith("/security/issues") && !url.search ? refused : undefined;
    const payload = { repository: { full_name: "octo/demo", default_branch: "main", private: false } };
    const files = {
      ...fresh,
      "prod.env": `KEY=${leaked}\n`,
      ".keywarden/rotation.yml": `${fresh[".keywarden/rotation.yml"]}github: { leaks-to: octo/security }\n`,
    };
    const result = await runStep(stepOf(rigOf(files), { rotation: "remind" }, { payload }));
    expect([result.code, repository.issues, security.issues.length]).toEqual([1, [], filed]);
    expect(result.log).toMatch(says);
    expect(result.log + result.summary).not.toMatch(/npm-\w{8}|LEAKED/);
    expectQuiet(result);
  });

  const troubles: readonly (readonly [name: string, before: () => void, says: RegExp])[] = [
    [
      "a token that may not write issues",
      () => void (github.world.accounts.get(githubToken)!.issues = "read"),
      /lacks a permission, issues=write \(403\)\. .*permissions: \{ issues: write/,
    ],
    ["a token that is none", () => github.world.accounts.clear(), /unauthorized/],
    [
      "a repository without issues",
      () => void (repository.hasIssues = false),
      /GitHub: .*(?:gone|not-found|disabled)/i,
    ],
  ];
  test.each(troubles)("%s is a warning", async (_, before, says) => {
    before();
    const step = stepOf(rigOf(overdue), { rotation: "remind" });
    const result = await runStep(step);
    expect([result.code, result.outputs["complete"]]).toEqual([1, "false"]);
    const warnings = result.commands.filter(({ name }) => name === "warning").map(({ data }) => data);
    expect(warnings.join("\n")).toMatch(says);
    // The ledger was written before anybody was told: the next run goes on.
    expect(stands(step, "ledger.json")).toBe(true);
    expectQuiet(result);
  });

  test("what could not be told makes a step incomplete where nothing is late", async () => {
    const in10Days = new Date(Date.now() - 80 * 86_400_000).toISOString().slice(0, 10);
    github.world.accounts.get(githubToken)!.issues = "read";
    const result = await runStep(stepOf(rigOf(declared(in10Days)), { rotation: "remind" }));
    expect([result.code, result.outputs["complete"]]).toEqual([3, "false"]);
  });

  test("findings are told whatever becomes of the reminders", async () => {
    github.world.accounts.clear();
    const result = await runStep(stepOf(rigOf({ ...fresh, "a.env": `K=${leaked}\n` }), { rotation: "remind" }));
    expect(result.commands.some(({ properties }) => properties["file"] === "a.env")).toBe(true);
    expect(result.outputs["findings"]).toBe("1");
  });
});

describe("what is not accepted yet", () => {
  test.each(["status", "remind"])("on a pull request %s is a notice, and no more", async (rotation) => {
    const rig = rigOf(overdue);
    rig.author.commit("leak", { "leak.env": `KEY=${leaked}\n` });
    for (const event of ["pull_request", "pull_request_target"]) {
      const step = rig.step({ event, inputs: { rotation, scope: "full", comment: "false" }, token: githubToken });
      writeFileSync(join(step.workspace, ".keywarden/ledger.json"), "no ledger at all");
      const result = await runStep({ ...step, github: { ...step.github, GITHUB_API_URL: github.url } });
      expect([result.code, result.outputs["findings"]]).toEqual([1, "1"]);
      const notices = result.commands.filter(({ name }) => name === "notice").map(({ data }) => data);
      expect(notices.filter((one) => one.startsWith("rotation: "))).toEqual([
        expect.stringMatching(/not on pull_request.*schedule and push/),
      ]);
      expect(result.summary).not.toContain("payments-production");
      expect(ledgerOf(step)).toBe("no ledger at all");
    }
    expect([github.world.log, repository.issues]).toEqual([[], []]);
  });

  test("a push to another branch enters nothing", async () => {
    const rig = rigOf(overdue);
    rig.author.commit("leak", { "leak.env": `KEY=${leaked}\n` });
    const sha = rig.push("refs/heads/topic");
    const step = stepOf(
      rig,
      { rotation: "remind", scope: "full" },
      {
        workspace: rig.checkout("refs/heads/topic", 0),
        event: "push",
        payload: {
          ref: "refs/heads/topic",
          before: rig.base,
          after: sha,
          repository: { full_name: "octo/demo", default_branch: "main" },
        },
        github: { GITHUB_SHA: sha, GITHUB_REF: "refs/heads/topic" },
      },
    );
    const result = await runStep(step);
    expect(result.log).toMatch(/rotation: only on the default branch, main/);
    expect([stands(step, "ledger.json"), github.world.log]).toEqual([false, []]);
  });
});

describe("what there is to follow", () => {
  test.each(["status", "remind"])("nothing: %s says so in one line", async (rotation) => {
    const step = stepOf(rigOf({}), { rotation });
    const result = await runStep(step);
    expect([result.code, github.world.log, stands(step, "")]).toEqual([0, [], false]);
    expect(result.commands.filter(({ data }) => data.includes("nothing to follow")).length).toBe(1);
  });

  const wrong: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    [
      "an inventory with a mistake",
      { ...salt, ".keywarden/rotation.yml": "version: 1\ncredentails: []\n" },
      /rotation\.yml/,
    ],
    ["a damaged ledger", { ...overdue, ".keywarden/ledger.json": "<<<<<<< ours\n" }, /ledger\.json/],
    [
      "no key that stays",
      { ".keywarden/rotation.yml": "version: 1\ncredentials: []\n" },
      /key that stays.*KEYWARDEN_KEY/,
    ],
  ];
  test.each(wrong)("%s is a mistake, before anything is written", async (_, files, says) => {
    const step = stepOf(rigOf(files), { rotation: "remind" });
    const result = await runStep(step);
    expect([result.code, github.world.log]).toEqual([2, []]);
    expect(result.commands.find(({ name }) => name === "error")?.data).toMatch(says);
    if (files[".keywarden/ledger.json"] !== undefined) expect(ledgerOf(step)).toBe(files[".keywarden/ledger.json"]);
    expectQuiet(result);
  });

  test("a salt that the commit does not have makes no fingerprints for the ledger", async () => {
    const step = stepOf(rigOf({ ".keywarden/rotation.yml": "version: 1\ncredentials: []\n" }), { rotation: "status" });
    writeFileSync(join(step.workspace, ".keywarden/salt"), salt[".keywarden/salt"]);
    const result = await runStep(step);
    expect(result.code).toBe(2);
    expect(result.log).toMatch(/salt of the working tree is not the commit's/);
    const keyed = { ...step, github: { ...step.github, KEYWARDEN_KEY: "a key of the tests, long enough to be one" } };
    expect((await runStep(keyed)).code).toBe(0);
  });

  test("without a token nobody can be reminded", async () => {
    const result = await runStep(stepOf(rigOf(overdue), { rotation: "remind", "github-token": "" }));
    expect(result.code).toBe(2);
    expect(result.log).toMatch(/remind needs a token.*issues: write/);
  });
});
