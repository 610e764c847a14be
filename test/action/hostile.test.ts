// Pull requests that mean ill, with real git: each is reported, nothing of it is obeyed, run or shown in clear.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runStep } from "../helpers/action-runner.ts";
import type { StepResult } from "../helpers/action-runner.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { PullRequestRig } from "../helpers/pull-request-rig.ts";

const token = tokenOf("npm.access-token", "hostile");
const leak = `KEY=${token}\n`;
const allowAll = `allow:\n  - paths: ["**"]\n    reason: trust me\nexclude: ["**"]\nfail-on: never\nexit-code: 0\n`;
const names = new Set(["error", "warning", "notice"]);

afterAll(removeTemporary);

function rigOf(files: Readonly<Record<string, string>> = { "a.txt": "hello\n" }): PullRequestRig {
  const rig = new PullRequestRig();
  rig.author.commit("first", files);
  rig.open();
  return rig;
}

/** All is found, it fails the step, and the job is told nothing but what is ours to say. */
function expectObeyed(result: StepResult, findings: number): void {
  expect([result.code, result.outputs["findings"], result.outputs["blocking"]]).toEqual([
    1,
    `${findings}`,
    `${findings}`,
  ]);
  expect(result.commands.filter(({ name }) => !names.has(name))).toEqual([]);
  expect(result.masks).toHaveLength(findings);
  expect(Object.keys(result.outputs).toSorted()).toEqual([
    "active",
    "blocking",
    "complete",
    "findings",
    "report",
    "sarif",
  ]);
  expect(result.summary).not.toMatch(/<img|<!--|@octo|[^&]#1|\]\(|^::/m);
}

/** One secret is found, and its value stands in nothing that people get to see. */
function expectReported(result: StepResult): void {
  expectObeyed(result, 1);
  expect(result.masks).toEqual([token]);
  expect(leaksIn(result.log + result.summary + JSON.stringify(result.outputs), [token])).toEqual([]);
  expect(leaksIn(result.printed.replaceAll(/^::add-mask::.*$/gm, ""), [token])).toEqual([]);
}

describe("a change cannot excuse itself", () => {
  const excuses: readonly (readonly [name: string, files: Readonly<Record<string, string>>, told: RegExp])[] = [
    ["its own settings", { ".keywarden/config.yml": allowAll }, /\.keywarden\/config\.yml is added by this change/],
    ["its own settings, broken", { ".keywarden/config.yml": "{{{{" }, /config\.yml is added/],
    ["a gitleaks list by path", { ".gitleaksignore": "leak.env:npm-access-token:1\n" }, /\.gitleaksignore is added/],
    [
      "a GitGuardian list",
      { ".gitguardian.yaml": 'version: 2\nsecret:\n  ignored_paths: ["**"]\n' },
      /\.gitguardian\.yaml is added/,
    ],
    ["a baseline that is none", { ".keywarden/baseline.json": "[]" }, /baseline\.json is added/],
    ["a salt of its own", { ".keywarden/salt": `${"0".repeat(64)}\n` }, /salt is added/],
    ["an ignore file of git's", { ".gitignore": "*\n", ".gitattributes": "* -diff binary filter=evil\n" }, /./],
  ];

  test.each(excuses)("%s", async (_, files, told) => {
    const rig = rigOf();
    // Git's own ignore file must not keep the leak out of the commit.
    rig.author.commit("leak", { "leak.env": leak });
    rig.author.commit("excuse", files);
    const result = await rig.run();
    expectReported(result);
    expect(result.log).toMatch(told);
  });

  test.each(["pull_request_target", "pull_request_review", "pull_request_review_comment"])(
    "its own settings, on %s",
    async (event) => {
      const rig = rigOf();
      rig.author.commit("leak", { "leak.env": leak, ".keywarden/config.yml": allowAll });
      expectReported(await rig.run({ event }));
    },
  );

  test.each([
    ["ours", "# keywarden:allow npm -- made up"],
    ["gitleaks'", "# gitleaks:allow"],
    ["detect-secrets'", "# pragma: allowlist secret"],
    ["a block", "# secretlint-disable"],
  ])("a comment on the line: %s", async (_, comment) => {
    const rig = rigOf();
    rig.author.commit("leak", {
      "leak.env": `${comment.includes("disable") ? `${comment}\n` : ""}KEY=${token} ${comment}\n`,
    });
    const result = await rig.run();
    expectReported(result);
    expect(result.log).toMatch(/leak\.env:[12]: .* is added by this change: it did not count/);
    expect(result.summary).toContain("It would allow by itself");
  });

  test("a rule file that the base uses is changed so that it finds nothing", async () => {
    const rule = (keyword: string): string =>
      [
        "provider: acme",
        "name: Acme",
        "homepage: https://acme.example",
        "rules:",
        "  - id: acme.key",
        "    name: Acme key",
        "    what: A key of Acme's.",
        "    risk: Whoever has it is Acme.",
        "    severity: critical",
        "    confidence: high",
        `    keywords: [${keyword}]`,
        `    pattern: '\\b (?P<secret> ${keyword} [0-9a-z]{12} ) \\b'`,
        "    rotate: {every: 90d, source: default, where: https://acme.example/keys, steps: [make a new one]}",
        `    examples: {match: ['${keyword}{{digits:12}}', 'x ${keyword}{{digits:12}}'], skip: [{text: none, why: no key at all}, {text: '${keyword}1', why: too short, near-miss: true}]}`,
        "    references: [https://acme.example/docs]",
        "",
      ].join("\n");
    const rig = rigOf({
      ".keywarden/config.yml": "rules: [security/acme.yml]\n",
      "security/acme.yml": rule("acmekey_"),
    });
    rig.author.commit("blind", { "security/acme.yml": rule("nothing_") });
    const own = ["acmekey", "0123456789ab"].join("_");
    rig.author.commit("leak", { "leak.env": `KEY=${own}\n` });
    const result = await rig.run();
    expect([result.code, result.outputs["findings"]]).toEqual([1, "1"]);
    expect(result.log).toMatch(/security\/acme\.yml is changed by this change/);
    expect(result.masks).toEqual([own]);
  });

  test("what the base allows stays allowed, in a file that is edited or moved", async () => {
    const line = `KEY=${token} # keywarden:allow npm -- test data\n`;
    const rig = rigOf({ "a.env": line, "b.env": line });
    rig.author.git("mv", "b.env", "moved.env");
    rig.author.commit("edit", { "a.env": `# more\n${line}` });
    const result = await rig.run();
    expect([result.code, result.outputs["findings"]]).toEqual([0, "0"]);
    expect(result.summary).not.toContain("It would allow by itself");
  });

  test("what the base's settings allow stays allowed, whatever the change makes of them", async () => {
    const rig = rigOf({ ".keywarden/config.yml": 'allow:\n  - paths: ["fixtures/**"]\n    reason: made up\n' });
    rig.author.commit("more", { "fixtures/a.env": leak, ".keywarden/config.yml": "allow: []\n" });
    expect((await rig.run()).code).toBe(0);
  });
});

describe("a secret finds no place to hide", () => {
  test("in a merge commit alone", async () => {
    const rig = rigOf();
    rig.author.commit("feature", { "b.txt": "b\n" });
    rig.author.git("checkout", "-q", "-b", "side", rig.base);
    rig.author.commit("side", { "c.txt": "c\n" });
    rig.author.git("checkout", "-q", "feature");
    rig.author.git("merge", "-q", "--no-ff", "--no-commit", "side");
    rig.author.commit("merge", { "evil.env": leak });
    expectReported(await rig.run());
  });

  test("in a side branch that was merged and overwritten", async () => {
    const rig = rigOf();
    rig.author.git("checkout", "-q", "-b", "side");
    rig.author.commit("side", { "s.env": leak });
    rig.author.commit("side, clean", { "s.env": "KEY=\n" });
    rig.author.git("checkout", "-q", "feature");
    rig.author.commit("feature", { "b.txt": "b\n" });
    rig.author.git("merge", "-q", "--no-ff", "-m", "merge", "side");
    expectReported(await rig.run());
  });

  test("in a renamed and edited file", async () => {
    const lines = Array.from({ length: 50 }, (_, line) => `line ${line}`).join("\n");
    const rig = rigOf({ "old.txt": `${lines}\n` });
    rig.author.git("mv", "old.txt", "new.txt");
    rig.author.commit("rename", { "new.txt": `${lines}\n${leak}` });
    expectReported(await rig.run());
  });

  test("in a commit's message", async () => {
    const rig = rigOf();
    rig.author.commit(`use ${token} for now`, { "b.txt": "b\n" });
    const result = await rig.run();
    expectReported(result);
    expect(result.summary).toContain("message of commit");
  });

  test("in a commit that the same pull request reverts", async () => {
    const rig = rigOf();
    rig.author.commit("leak", { "leak.env": leak });
    rig.author.git("revert", "--no-edit", "HEAD");
    expectReported(await rig.run());
  });

  test("at the end of a huge file", async () => {
    const rig = rigOf();
    rig.author.commit("huge", {
      "huge.txt": `${"just some words in a row, again and again\n".repeat(1_700_000)}${leak}`,
    });
    expectReported(await rig.run());
  });

  test("as the name of its file", async () => {
    const rig = rigOf();
    rig.author.commit("leak", { [`${token}.env`]: leak });
    const result = await rig.run();
    expectReported(result);
    expect(result.commands.find(({ name }) => name === "error")?.properties["file"]).not.toContain(token);
  });
});

describe("nothing is obeyed", () => {
  const evil = [
    "a\n::set-output name=complete::no",
    "a\r\n::add-mask::e",
    "::stop-commands::x",
    "##[set-env name=PATH]evil",
    "a ##[add-path]evil",
    "a%0A::set-env name=NODE_OPTIONS::evil",
    "a,line=9::b",
    "$(touch evil)`touch evil`;touch evil",
    "a|b <img src=x onerror=alert(1)> @octo #1 [x](javascript:alert(1)) <!--",
    "--upload-pack=touch evil",
    "\u202egnp.env",
  ];

  test.skipIf(process.platform === "win32")("names of files", async () => {
    const rig = rigOf();
    for (const name of evil)
      rig.author.commit("one", {
        [`dir/${name}`]: `KEY=${tokenOf("npm.access-token", name)}\n`,
        [`allowed/${name}`]: `KEY=${tokenOf("npm.access-token", `allowed ${name}`)} # gitleaks:allow\n`,
      });
    const result = await rig.run();
    expectObeyed(result, evil.length * 2);
    expect(result.summary.match(/gitleaks&#58;allow/g)).toHaveLength(evil.length);
  });

  test("authors, branches and messages", async () => {
    const rig = rigOf();
    for (const text of evil) {
      const name = text.replaceAll(/[\r\n<>]/g, " ");
      rig.author.git(
        "-c",
        `user.name=${name}`,
        "commit",
        "-q",
        "--allow-empty",
        "--author",
        `${name} <a@b.example>`,
        "-m",
        `${text}\n\n${tokenOf("npm.access-token", name)}`,
      );
    }
    expectObeyed(await rig.run(), evil.length);
  });

  test("a file that decides, and one with a comment that would allow, are told of without the secrets in their names", async () => {
    const rig = rigOf();
    const [decides, allows] = [tokenOf("npm.access-token", "decides"), tokenOf("npm.access-token", "allows")];
    rig.author.commit("names", {
      [`.keywarden/${decides}.yml`]: "# nothing\n",
      [`${allows}.env`]: `KEY=${token} # keywarden:allow npm -- it is only a test\n`,
    });
    const result = await rig.run();
    expect(result.log).toMatch(/\.keywarden\/npm_\S*\.yml is added by this change/);
    expect(result.log).toMatch(/npm_\S*\.env:1: .* is added by this change/);
    const told = result.log + result.summary + JSON.stringify(result.outputs);
    expect(leaksIn(told, [decides, allows, token])).toEqual([]);
  });

  test("no program that the checkout names is run", async () => {
    const rig = rigOf();
    const mark = join(temporaryFolder(), "mark");
    const program = `#!/bin/sh\ntouch ${mark}\n`;
    rig.author.commit("programs", {
      "leak.env": leak,
      ".gitattributes": "* filter=evil diff=evil textconv=evil\n",
      ".husky/pre-commit": program,
      git: program,
      "node_modules/octokit/index.js": `require("fs").writeFileSync(${JSON.stringify(mark)}, "")`,
      "package.json": `{"scripts":{"prepare":"touch ${mark}"}}`,
      "action.yml": "runs: {using: node24, main: evil.js}\n",
    });
    const step = rig.step();
    // A checkout that a careless step before ours has changed.
    for (const [name, value] of [
      ["core.fsmonitor", program],
      ["core.hooksPath", ".husky"],
      ["diff.external", program],
    ] as const)
      rig.author.git("-C", step.workspace, "config", name, value);
    expectReported(await runStep(step));
    expect(existsSync(mark)).toBe(false);
  });
});
