// Verification from the command line: what is sent, when nothing is, and what the answers change.

import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test as base } from "vitest";
import { jsonOf, keywarden } from "../helpers/cli-run.ts";
import type { CliResult } from "../helpers/cli-run.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { keyOf, noNetwork, privateHome, SendGrid } from "../helpers/verify-rig.ts";

afterAll(removeTemporary);

const [live, dead, other] = ["live", "dead", "other"].map(keyOf) as [string, string, string];

/** Each test has a provider and a folder of its own, so that they run side by side. */
const test = base.extend<{ sendgrid: SendGrid; folder: string }>({
  // Vitest reads the names of fixtures off the first parameter.
  // oxlint-disable-next-line no-empty-pattern
  sendgrid: async ({}, use) => {
    const sendgrid = await SendGrid.start(live);
    await use(sendgrid);
    await sendgrid.server.close();
  },
  // oxlint-disable-next-line no-empty-pattern
  folder: async ({}, use) => use(temporaryFolder()),
});

/** The same with keys in the folder. */
const holding = (text: string) =>
  test.extend<{ folder: string }>({
    // oxlint-disable-next-line no-empty-pattern
    folder: async ({}, use) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "a.env"), text);
      await use(folder);
    },
  });
const testBoth = holding(`A=${dead}\nB=${live}\n`);
const testLive = holding(`A=${live}\n`);

const statuses = (result: CliResult): string[] =>
  jsonOf(result).findings.map(({ verification }) => `${verification?.status} ${verification?.reason}`);

describe.concurrent("keywarden verify", () => {
  test.for<[string, string, string, number]>([
    ["a key that works", live, "active answer", 1],
    ["a key that does not", dead, "inactive answer", 0],
  ])("%s", async ([, key, want, code], { sendgrid, folder }) => {
    const result = await sendgrid.run(["verify", "--format", "json"], {
      cwd: folder,
      input: `SENDGRID_API_KEY=${key}\n`,
    });
    expect([statuses(result), result.code]).toEqual([[want], code]);
    expect(result.stderr).toMatch(/Twilio SendGrid: GET http:\/\/127\.0\.0\.1:\d+\/v3\/scopes, headers authorization/);
    expect(result.stdout + result.stderr).not.toContain(key);
  });

  test("the words for people say what, why and when", async ({ sendgrid, folder }) => {
    const result = await sendgrid.run(["verify"], { cwd: folder, input: `${live}\n` });
    expect(result.stdout.replaceAll(/\s+/g, " ")).toMatch(
      /VERIFIED ACTIVE: it still opens the door \(answer \S+; scope mail\.send; asked \d{4}-/,
    );
    expect(result.stdout).toMatch(/verified {4}1 active/);
  });

  test("a provider in trouble is no death, and 4 only where an answer was required", async ({ sendgrid, folder }) => {
    sendgrid.before = () => ({ status: 500 });
    const run = (...more: string[]) =>
      sendgrid.run(["verify", "--no-cache", "--format", "json", ...more], { cwd: folder, input: live });
    const [plain, required] = [await run(), await run("--require-verify")];
    expect([statuses(plain), plain.code, required.code]).toEqual([["unknown server-error"], 1, 4]);
  });

  test("what is no credential is a mistake", async ({ sendgrid, folder }) => {
    const result = await sendgrid.run(["verify"], { cwd: folder, input: "hello\n" });
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(/no credential was recognised/)]);
    expect(sendgrid.server.asked).toEqual([]);
  });

  test("the findings of a saved report: files are read again, and nothing else in them is asked about", async ({
    sendgrid,
    folder,
  }) => {
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src/a.env"), `A=${live}\n`);
    writeFileSync(join(folder, "src/b.env"), `B=${dead}\n`);
    await keywarden(["scan", ".", "--format", "json", "--output", "report.json"], { cwd: folder });
    appendFileSync(join(folder, "src/a.env"), `NEW=${other}\n`);
    const result = await sendgrid.run(["verify", "--report", "report.json", "--format", "json"], { cwd: folder });
    expect([statuses(result), result.code]).toEqual([["active answer", "inactive answer"], 1]);
    expect(sendgrid.keys().toSorted()).toEqual([live, dead].toSorted());
  });

  test("the findings of a saved report of commits: their blobs are read", async ({ sendgrid, folder }) => {
    const repo = GitRepo.create();
    repo.write("a.env", `A=${live}\n`);
    repo.git("add", "-A");
    repo.git("commit", "-qm", "first");
    repo.write("a.env", "A=\n");
    repo.git("add", "-A");
    repo.git("commit", "-qm", `second, drops ${dead}`);
    const report = join(folder, "report.json");
    await keywarden(["scan", "--range", "HEAD", "--format", "json", "--output", report], { cwd: repo.dir });
    const result = await sendgrid.run(["verify", "--report", report, "--format", "json"], { cwd: repo.dir });
    expect(statuses(result)).toEqual(["active answer", "inactive answer"]);
  });

  test.for<[string, string, string | undefined, RegExp]>([
    ["no such file", "none.json", undefined, /no such report/],
    ["no JSON", "a.json", "{", /not a JSON report of keywarden/],
    ["another JSON", "a.json", "[]", /not a JSON report of keywarden/],
    ["a report without findings", "a.json", '{"findings": []}', /none of the report's secrets/],
  ])("--report %s", async ([, name, text, says], { sendgrid, folder }) => {
    if (text !== undefined) writeFileSync(join(folder, name), text);
    const result = await sendgrid.run(["verify", "--report", name], { cwd: folder });
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});

describe.concurrent("--plan", () => {
  test("names who would be asked about how much, and sends nothing", async ({ sendgrid, folder }) => {
    writeFileSync(join(folder, "a.env"), `A=${live}\nB=${dead}\n`);
    const result = await sendgrid.run(["scan", ".", "--plan"], { cwd: folder });
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/2 secrets at 1 place would be asked about/);
    expect(result.stdout).toMatch(
      /GET http:\/\/127\.0\.0\.1:\d+\/v3\/scopes, headers authorization: 2 secrets after an impossible key/,
    );
    expect(result.stdout + result.stderr).not.toMatch(/SG\.[A-Za-z0-9]/);
    expect(sendgrid.server.asked).toEqual([]);
  });
});

describe.concurrent("what the answers change", () => {
  testBoth("what works leads, what is dead only warns", async ({ sendgrid, folder }) => {
    const result = await sendgrid.run(["scan", ".", "--verify", "--format", "json"], { cwd: folder });
    const rows = jsonOf(result).findings.map(({ verification, verdict }) => `${verification?.status} ${verdict}`);
    expect([rows, result.code]).toEqual([["active block", "inactive warn"], 1]);
  });

  testBoth.for<[string, number]>([
    ["medium", 0],
    ["any", 1],
  ])("only dead ones, --fail-on %s: %d", async ([level, code], { sendgrid, folder }) => {
    writeFileSync(join(folder, "a.env"), `A=${dead}\n`);
    expect((await sendgrid.run(["scan", ".", "--verify", "--fail-on", level], { cwd: folder })).code).toBe(code);
  });

  testBoth.for<[string, number]>([
    ["medium", 1],
    ["active", 0],
  ])("only unknown ones, --fail-on %s: %d", async ([level, code], { sendgrid, folder }) => {
    sendgrid.before = () => ({ status: 404 });
    expect((await sendgrid.run(["scan", ".", "--verify", "--fail-on", level], { cwd: folder })).code).toBe(code);
  });

  testBoth("--fail-on active needs --verify", async ({ folder }) => {
    const result = await keywarden(["scan", ".", "--fail-on", "active"], { cwd: folder });
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(/needs --verify/)]);
  });

  testBoth("what works breaks through the baseline; what is dead stays in it", async ({ sendgrid, folder }) => {
    await keywarden(["baseline", "create", "--reason", "known"], { cwd: folder });
    const silent = await keywarden(["scan", "."], { cwd: folder });
    const result = await sendgrid.run(["scan", ".", "--verify", "--format", "json"], { cwd: folder });
    const rows = jsonOf(result).findings.map(({ verification, verdict }) => `${verification?.status} ${verdict}`);
    expect([silent.code, rows, result.code]).toEqual([0, ["active block", "inactive allow"], 1]);
  });

  testBoth("what a comment allows on purpose is asked about nowhere", async ({ sendgrid, folder }) => {
    writeFileSync(join(folder, "a.env"), `A=${live} # keywarden:allow sendgrid.api-key -- demo\n`);
    const result = await sendgrid.run(["scan", ".", "--verify", "--format", "json"], { cwd: folder });
    expect([statuses(result), result.code, sendgrid.server.asked]).toEqual([["skipped suppressed"], 0, []]);
  });

  testBoth("every format says it", async ({ sendgrid, folder }) => {
    const formats = {
      csv: /,active,answer\r\n/,
      sarif: /"verification": "active"/,
      junit: /verified active/,
      github: /verified active/,
      "gitleaks-json": /"verified-active"/,
      jsonl: /"status":"active"/,
    };
    const args = Object.keys(formats).flatMap((format) => ["--format", format, "--output", `out.${format}`]);
    await sendgrid.run(["scan", "a.env", "--verify", ...args], { cwd: folder });
    for (const [format, says] of Object.entries(formats)) {
      expect([format, readFileSync(join(folder, `out.${format}`), "utf8")]).toEqual([
        format,
        expect.stringMatching(says),
      ]);
    }
  });
});

describe.concurrent("the budget and the cache", () => {
  const many = (count: number): string =>
    Array.from({ length: count }, (_, index) => `K${index}=${keyOf(`many ${index % 40}`)}\n`).join("");

  test("1,000 places of 40 secrets cost 40 requests and a control", async ({ sendgrid, folder }) => {
    writeFileSync(join(folder, "a.env"), many(1000));
    const result = await sendgrid.run(["scan", ".", "--verify", "--verify-budget", "40", "--format", "json"], {
      cwd: folder,
    });
    expect(jsonOf(result).summary.occurrences).toBe(1000);
    expect(new Set(statuses(result))).toEqual(new Set(["inactive answer"]));
    expect(sendgrid.server.asked.length).toBe(41);
    expect(new Set(sendgrid.keys()).size).toBe(40);
  });

  test("25 of one provider unless told otherwise; the others wait", async ({ sendgrid, folder }) => {
    writeFileSync(join(folder, "a.env"), many(40));
    const result = await sendgrid.run(["scan", ".", "--verify", "--format", "json"], { cwd: folder });
    const count = (want: string): number => statuses(result).filter((status) => status === want).length;
    expect([count("inactive answer"), count("skipped budget"), sendgrid.server.asked.length]).toEqual([25, 15, 26]);
  });

  test("a verdict of an earlier run is not asked for again, unless the cache is left out", async ({
    sendgrid,
    folder,
  }) => {
    writeFileSync(join(folder, "a.env"), `A=${live}\n`);
    const run = (...more: string[]) =>
      sendgrid.run(["scan", ".", "--verify", "--format", "json", ...more], { cwd: folder });
    const first = await run();
    const asked = sendgrid.server.asked.length;
    const second = await run();
    expect([asked, sendgrid.server.asked.length]).toEqual([2, 2]);
    const verified = (result: CliResult) => jsonOf(result).findings[0]?.verification;
    expect(verified(second)).toEqual(verified(first));
    await run("--no-cache");
    expect(sendgrid.server.asked.length).toBe(4);
  });

  test("failures are not remembered", async ({ sendgrid, folder }) => {
    writeFileSync(join(folder, "a.env"), `A=${live}\n`);
    sendgrid.before = (_, count) => (count === 2 ? { status: 404 } : undefined);
    const run = () => sendgrid.run(["scan", ".", "--verify", "--format", "json"], { cwd: folder });
    expect([statuses(await run()), statuses(await run())]).toEqual([["unknown no-row"], ["active answer"]]);
  });

  test("several runs at once share a cache and come to the same result", async ({ sendgrid, folder }) => {
    writeFileSync(join(folder, "a.env"), `A=${live}\nB=${dead}\n`);
    const runs = Array.from({ length: 4 }, () =>
      sendgrid.run(["scan", ".", "--verify", "--format", "json"], { cwd: folder }),
    );
    for (const result of await Promise.all(runs))
      expect(statuses(result)).toEqual(["active answer", "inactive answer"]);
    const entries = readdirSync(join(sendgrid.home.cache, "keywarden", "verify"));
    expect([entries.length, entries.filter((name) => name.endsWith(".tmp"))]).toEqual([3, []]);
  });
});

describe.concurrent("where nobody is asked", () => {
  testLive("a scan without --verify opens no socket at all", async ({ sendgrid, folder }) => {
    const env = noNetwork;
    const result = await keywarden(["scan", ".", "--format", "json"], { cwd: folder, env });
    expect([result.code, jsonOf(result).findings.map(({ verification }) => verification)]).toEqual([1, [undefined]]);
    // The same with --verify shows that the trap works.
    expect((await sendgrid.run(["scan", ".", "--verify"], { cwd: folder, env })).code).toBe(99);
    expect((await sendgrid.run(["scan", ".", "--plan"], { cwd: folder, env })).code).toBe(0);
  });

  testLive.for<[string, NodeJS.ProcessEnv, RegExp]>([
    ["in pre-commit", { PRE_COMMIT: "1" }, /no place in a git hook/],
    ["in a hook of git's", { GIT_INDEX_FILE: "index" }, /no place in a git hook/],
    ["with TLS switched off", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, /NODE_TLS_REJECT_UNAUTHORIZED=0/],
    ["with addresses going to a log", { NODE_DEBUG: "undici" }, /NODE_DEBUG/],
    ["where it is forbidden", { KEYWARDEN_VERIFY: "never" }, /forbidden here/],
  ])("%s: a mistake", async ([, env, says], { sendgrid, folder }) => {
    const result = await sendgrid.run(["scan", ".", "--verify"], { cwd: folder, env });
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(sendgrid.server.asked).toEqual([]);
  });

  testLive("of what is staged: a mistake", async ({ sendgrid, folder }) => {
    const result = await sendgrid.run(["scan", "--staged", "--verify"], { cwd: folder });
    expect([result.code, result.stderr]).toEqual([
      2,
      expect.stringMatching(/--verify and --staged cannot be combined/),
    ]);
  });

  testLive("for a pull request from a fork the scan runs, and asks nobody", async ({ sendgrid, folder }) => {
    const event = join(folder, "event.json");
    const repo = (name: string) => ({ repo: { full_name: name } });
    const run = async (from: string, ...more: string[]) => {
      writeFileSync(event, JSON.stringify({ pull_request: { head: repo(from), base: repo("acme/app") } }));
      const env = { GITHUB_EVENT_NAME: "pull_request", GITHUB_EVENT_PATH: event };
      return sendgrid.run(["scan", "a.env", "--verify", "--format", "json", ...more], { cwd: folder, env });
    };
    const forked = await run("mallory/app");
    expect([statuses(forked), forked.code, sendgrid.server.asked]).toEqual([["skipped fork"], 1, []]);
    expect(forked.stderr).toMatch(/refused for a pull request from another repository/);
    expect((await run("mallory/app", "--require-verify")).code).toBe(4);
    expect(statuses(await run("acme/app"))).toEqual(["active answer"]);
  });

  testLive.for(["verify: true", "endpoint: sendgrid=http://127.0.0.1:1", "proxy: http://127.0.0.1:1"])(
    "the scanned repository cannot say %s",
    async (line, { folder }) => {
      mkdirSync(join(folder, ".keywarden"));
      writeFileSync(join(folder, ".keywarden/config.yml"), `${line}\n`);
      const result = await keywarden(["scan", ".", "--verify", "--plan"], { cwd: folder });
      expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(/config\.yml:1:1: unknown key/)]);
    },
  );

  testLive.for<[string[], RegExp]>([
    [["--endpoint", "nobody=https://a.example"], /no provider called nobody/],
    [["--endpoint", "sendgrid=http://a.example"], /must begin with https/],
    [["--endpoint", "sendgrid"], /PROVIDER=URL/],
    [["--proxy", "nonsense"], /--proxy needs an address/],
    [["--verify-provider", "sendgird"], /Did you mean sendgrid/],
    [["--verify-budget", "many"], /--verify-budget/],
  ])("%j is a mistake", async ([args, says], { sendgrid, folder }) => {
    const result = await keywarden(["scan", ".", "--verify", ...args], { cwd: folder, env: sendgrid.home.env });
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(says)]);
  });

  testLive.for(["--require-verify", "--proxy=http://127.0.0.1:1", "--endpoint=sendgrid=http://127.0.0.1:1"])(
    "%s alone is a mistake",
    async (flag, { folder }) => {
      const result = await keywarden(["scan", ".", flag], { cwd: folder });
      expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(/needs --verify/)]);
    },
  );
});

describe.concurrent("the user's own verify.yml", () => {
  const run = ({ sendgrid, folder }: { sendgrid: SendGrid; folder: string }, text: string, ...more: string[]) => {
    writeFileSync(join(sendgrid.home.config, "verify.yml"), text);
    return keywarden(["scan", ".", "--verify", "--format", "json", ...more], { cwd: folder, env: sendgrid.home.env });
  };

  testLive("names an endpoint", async ({ sendgrid, folder }) => {
    expect(statuses(await run({ sendgrid, folder }, `endpoints:\n  sendgrid: ${sendgrid.server.url}\n`))).toEqual([
      "active answer",
    ]);
  });

  testLive("narrows to providers, which a flag cannot widen", async ({ sendgrid, folder }) => {
    const text = `providers: [github]\nendpoints:\n  sendgrid: ${sendgrid.server.url}\n`;
    expect(statuses(await run({ sendgrid, folder }, text))).toEqual(["skipped not-chosen"]);
    expect(statuses(await run({ sendgrid, folder }, text, "--verify-provider", "sendgrid"))).toEqual([
      "skipped not-chosen",
    ]);
    expect(sendgrid.server.asked).toEqual([]);
  });

  testLive.for<[string, RegExp]>([
    ["enabled: false\n", /switched off/],
    ["enable: false\n", /unknown key enable/],
    ["budget: many\n", /budget/],
    ["endpoints:\n  sendgrid: http://a.example\n", /must begin with https/],
  ])("%j", async ([text, says], { sendgrid, folder }) => {
    const result = await run({ sendgrid, folder }, text);
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(says)]);
  });

  testLive.for<[string, readonly string[], RegExp]>([
    ["enabled: false\n", [], /switched off in verify\.yml/],
    ["providers: [github]\n", [], /nobody needs to be asked/],
    ["providers: [github]\n", ["--verify-provider", "sendgrid"], /nobody needs to be asked/],
    ["budget: 0\n", [], /nobody needs to be asked/],
  ])("forbids wherever it stands, also inside of what is scanned: %j %j", async ([text, more, says]) => {
    const home = privateHome();
    writeFileSync(join(home.config, "verify.yml"), text);
    writeFileSync(join(home.config, "a.env"), `A=${live}\n`);
    const result = await keywarden(["scan", ".", "--plan", ...more], { cwd: join(home.config, ".."), env: home.env });
    expect(`${result.stdout}${result.stderr}`).toMatch(says);
  });

  testLive("leads nowhere where it stands inside of what is scanned, and that is told", async ({ sendgrid }) => {
    const home = privateHome();
    writeFileSync(join(home.config, "verify.yml"), `endpoints:\n  sendgrid: ${sendgrid.server.url}\n`);
    writeFileSync(join(home.config, "a.env"), `A=${live}\n`);
    const result = await keywarden(["scan", ".", "--plan"], { cwd: join(home.config, ".."), env: home.env });
    expect(result.stdout).toContain("https://api.sendgrid.com/v3/scopes");
    expect(result.stderr).toMatch(/endpoints and its proxy do not count/);
  });
});
