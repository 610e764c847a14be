// Audits of a repository that did not change: from its note, to the letter what an audit tells that lays everything out.

import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SealedNote } from "../../src/base/sealed-note.ts";
import type * as Plan from "../../src/pipeline/audit/plan.ts";
import { formatReport } from "../../src/index.ts";
import type { AuditOptions, Report } from "../../src/index.ts";
import { auditOf, fillerStream } from "../helpers/audit-rig.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { buildHistory, historyPlans } from "../helpers/random-history.ts";
import type { HistoryPlan } from "../helpers/random-history.ts";
import { remembering, tellingOf } from "../helpers/remembered-audit.ts";
import type { RememberedAudit } from "../helpers/remembered-audit.ts";

/** How often an audit laid its work out, and what happens meanwhile. */
const layout = vi.hoisted(() => ({ count: 0, meanwhile: () => undefined as unknown }));

vi.mock("../../src/pipeline/audit/plan.ts", async (original) => {
  const plan = await original<typeof Plan>();
  const planAudit: typeof plan.planAudit = (...given) => {
    layout.count++;
    layout.meanwhile();
    return plan.planAudit(...given);
  };
  return { ...plan, planAudit };
});

beforeEach(() => {
  layout.meanwhile = () => undefined;
});

afterEach(() => {
  vi.restoreAllMocks();
  removeTemporary();
});

afterAll(() => templates.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const token = (seed: string): string => tokenOf("ofself.access-token", `unchanged ${seed}`);

/** Everything of a report: what was read again, too. */
const whole = (report: Report): string => formatReport(report, "json") + formatReport(report, "terminal");

/** The report, and whether it came from the note. */
async function seen(audited: Promise<Report>): Promise<{ report: Report; fromNote: boolean }> {
  const before = layout.count;
  const report = await audited;
  return { report, fromNote: layout.count === before };
}

/** Audits from the note, and then as if there were none: both reports, which are to be one. */
async function bothWays(memory: RememberedAudit, options: AuditOptions = {}): Promise<void> {
  const quick = await seen(memory.audit(options));
  expect(quick.fromNote).toBe(true);
  memory.forget("unchanged");
  const slow = await seen(memory.audit(options));
  expect(slow.fromNote).toBe(false);
  expect(whole(quick.report)).toBe(whole(slow.report));
  expect((await seen(memory.audit(options))).fromNote).toBe(true);
}

const templates = new Map<boolean, string>();

/** A repository like that of `build`, which is built once. */
function sample(isPacked = true): GitRepo {
  let template = templates.get(isPacked);
  if (template === undefined) {
    template = mkdtempSync(join(tmpdir(), "keywarden-test-"));
    cpSync(build(isPacked).dir, template, { recursive: true });
    templates.set(isPacked, template);
  }
  const dir = temporaryFolder();
  cpSync(template, dir, { recursive: true });
  return new GitRepo(dir);
}

/** Secrets in files (one moved, one gone), messages, a tag, a stash, something dangling; a pointer of Git LFS; a pack. */
function build(isPacked: boolean): GitRepo {
  const repo = GitRepo.create();
  const lines = Array.from({ length: 60 }, (_, line) => `line ${line} of a file that is stored as a change\n`);
  repo.commit("add", { "a/one.txt": `${lines.join("")}T=${token("one")}\n`, "b/two.txt": `T=${token("two")}\n` });
  repo.commit("edit", { "a/one.txt": `${lines.slice(3).join("")}T=${token("one")}\n` });
  repo.git("mv", "a/one.txt", "a/moved.txt");
  repo.commit(`move\n\nsaid ${token("said")}`);
  repo.commit("gone", { "b/two.txt": "clean\n" });
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 9\n`;
  repo.commit("large", { "big.bin": pointer });
  repo.git("tag", "-a", "-m", `tagged ${token("tag")}`, "v1");
  repo.git("tag", "-a", "-m", "nothing", "v2", "HEAD~1");
  repo.git("branch", "side", "HEAD~2");
  if (isPacked) repo.git("repack", "-q", "-adf", "--depth=50", "--window=50");
  repo.write("b/two.txt", `T=${token("stash")}\n`);
  repo.git("stash", "-q");
  repo.run(["hash-object", "-w", "--stdin"], { input: `T=${token("dangling")}\n` });
  repo.write("staged.txt", `T=${token("staged")}\n`);
  repo.git("add", "staged.txt");
  return repo;
}

describe.each([
  ["loose", false],
  ["packed", true],
])("an unchanged repository, %s", (_, isPacked) => {
  test("is told of from its note, to the letter", async () => {
    const memory = remembering(sample(isPacked));
    const first = await seen(memory.audit());
    expect([first.fromNote, memory.names("unchanged").length]).toEqual([false, 1]);
    await bothWays(memory);
    expect(first.report.verdicts.length).toBe(7);
    expect(tellingOf(await memory.audit())).toBe(tellingOf(first.report));
  });

  const others: readonly (readonly [what: string, options: AuditOptions])[] = [
    ["the day", { now: new Date(Date.UTC(2027, 1, 1)) }],
    ["the key of fingerprints", { env: { KEYWARDEN_KEY: "another key of sixteen bytes or more" } }],
    ["the number of threads", { settings: { jobs: 2 } }],
    ["the level of confidence", { settings: { minConfidence: "low" } }],
    ["that secrets are shown", { settings: { showSecrets: true } }],
    ["less memory", { settings: { maxMemory: 200 * 1024 * 1024 } }],
  ];

  test.each(others)("another run may differ in %s", async (__, options) => {
    const repo = sample(isPacked);
    const memory = remembering(repo);
    await memory.audit();
    const { report, fromNote } = await seen(memory.audit(options));
    expect(fromNote).toBe(true);
    expect(tellingOf(report)).toBe(
      tellingOf(await auditOf(repo.dir, { ...options, env: { ...repo.env, ...options.env } })),
    );
  });
});

describe("a note is passed over", () => {
  const changes: readonly (readonly [what: string, change: (repo: GitRepo) => void])[] = [
    ["a new ref", (repo) => repo.git("update-ref", "refs/x/y", "HEAD~3")],
    ["a moved branch", (repo) => repo.git("update-ref", "refs/heads/side", "HEAD")],
    ["a deleted branch", (repo) => repo.git("branch", "-q", "-D", "side")],
    ["a tag that is gone", (repo) => repo.git("tag", "-d", "v1")],
    ["a reflog that expired", (repo) => repo.git("reflog", "expire", "--expire=all", "--all")],
    ["a file that is staged no more", (repo) => repo.git("rm", "-q", "--cached", "staged.txt")],
    ["a dropped stash", (repo) => repo.git("stash", "drop", "-q")],
    ["a loose object", (repo) => repo.run(["hash-object", "-w", "--stdin"], { input: `T=${token("new")}\n` })],
    ["a commit", (repo) => repo.commit("more", { "more.txt": `T=${token("more")}\n` })],
    ["a repack", (repo) => repo.git("repack", "-q", "-adk")],
    ["a clean-up", (repo) => repo.git("gc", "-q", "--prune=now")],
    ["a shallow end", (repo) => writeFileSync(join(repo.dir, ".git/shallow"), `${repo.git("rev-parse", "HEAD~1")}\n`)],
    ["a replaced commit", (repo) => repo.git("replace", "HEAD", "HEAD~1")],
    [
      "a work tree more",
      (repo) => repo.git("worktree", "add", "-q", "--detach", join(temporaryFolder(), "w"), "HEAD~3"),
    ],
    [
      "objects of another repository",
      (repo) => {
        const other = GitRepo.create();
        other.commit("elsewhere", { "o.txt": `T=${token("elsewhere")}\n` });
        writeFileSync(join(repo.dir, ".git/objects/info/alternates"), `${join(other.dir, ".git/objects")}\n`);
      },
    ],
  ];

  test.each(changes)("after %s", async (_, change) => {
    const repo = sample();
    const memory = remembering(repo);
    await memory.audit();
    expect((await seen(memory.audit())).fromNote).toBe(true);
    change(repo);
    const { report, fromNote } = await seen(memory.audit());
    expect(fromNote).toBe(false);
    expect(tellingOf(report)).toBe(tellingOf(await auditOf(repo.dir)));
  });

  test.each([
    ["rules that are left out", { settings: { except: ["ofself"] } }],
    ["another depth of decoding", { settings: { maxDecodeDepth: 1 } }],
    ["no cache", { cache: false }],
    ["a narrow scope", { refs: ["side"] }],
  ] as const)("with %s", async (_, options) => {
    const repo = sample();
    const memory = remembering(repo);
    await memory.audit();
    const { report, fromNote } = await seen(memory.audit(options));
    expect(fromNote).toBe(false);
    expect(tellingOf(report)).toBe(tellingOf(await auditOf(repo.dir, options)));
  });

  test("in another work tree of the same repository, which then has one of its own", async () => {
    const repo = sample();
    const dir = join(temporaryFolder(), "linked");
    repo.git("worktree", "add", "-q", dir, "side");
    const memory = remembering(repo);
    await memory.audit();
    expect((await seen(memory.audit({ repository: dir }))).fromNote).toBe(false);
    expect((await seen(memory.audit({ repository: dir }))).fromNote).toBe(true);
    expect((await seen(memory.audit())).fromNote).toBe(true);
  });

  test("after a byte of a pack changed, behind its times: the damage is told of", async () => {
    const repo = sample();
    const memory = remembering(repo);
    await memory.audit();
    const folder = join(repo.dir, ".git/objects/pack");
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith(".pack")) ?? "");
    const { atime, mtime } = statSync(file);
    const bytes = readFileSync(file);
    bytes[40] = (bytes[40] as number) ^ 1;
    rmSync(file);
    writeFileSync(file, bytes);
    utimesSync(file, atime, mtime);
    const { report, fromNote } = await seen(memory.audit());
    expect(fromNote).toBe(false);
    expect(report.problems.map(({ message }) => message).join()).toContain("is damaged");
  });

  /** Notes that are sealed as they should be, and say what is not so. */
  const lies: readonly (readonly [what: string, from: RegExp, to: string])[] = [
    ["that other things were found", /"digest":"../, '"digest":"zz'],
    ["that an entry stands elsewhere", /"offset":(\d)/, '"offset":9$1'],
    ["that an entry is shorter", /"length":\d+/, '"length":5'],
    ["that a pack has another name", /pack-/, "pock-"],
    ["that a loose object has another name", /("loose":\[\{"file":".*?objects\/)../, "$1zz"],
    ["that an entry is of another kind", /"type":3/, '"type":1'],
    ["that a blob is made from nothing", /"base":\d+/, '"base":-1'],
    ["that an object has another id", /"ids":"../, '"ids":"00'],
  ];

  test.each(lies)("where it says %s", async (_, from, to) => {
    const repo = sample();
    const memory = remembering(repo);
    const write = SealedNote.prototype.write;
    const lying = vi.spyOn(SealedNote.prototype, "write").mockImplementation(function (this: SealedNote, text, secret) {
      expect(text).toMatch(from);
      return write.call(this, text.replace(from, to), secret);
    });
    const first = await memory.audit();
    expect(lying).toHaveBeenCalledOnce();
    const { report, fromNote } = await seen(memory.audit());
    expect(fromNote).toBe(false);
    expect(tellingOf(report)).toBe(tellingOf(first));
  });
});

describe("nothing is noted", () => {
  test.each([
    ["a ref", (repo: GitRepo) => repo.git("update-ref", "refs/x/y", "HEAD")],
    [
      "a staged file",
      (repo: GitRepo) => {
        repo.write("z.txt", "z\n");
        repo.git("add", "z.txt");
      },
    ],
    [
      "a line of a reflog",
      (repo: GitRepo) => repo.git("update-ref", "-m", "x", "--create-reflog", "refs/heads/z", "HEAD"),
    ],
  ])("where %s came while the audit ran", async (_, change) => {
    const repo = sample();
    const memory = remembering(repo);
    layout.meanwhile = () => {
      layout.meanwhile = () => undefined;
      change(repo);
    };
    await memory.audit();
    expect([memory.names("objects").length, memory.names("unchanged").length]).toEqual([1, 0]);
    expect((await seen(memory.audit())).fromNote).toBe(false);
    expect((await seen(memory.audit())).fromNote).toBe(true);
  });

  test.each([
    ["the name of a file", (repo: GitRepo, secret: string) => repo.commit("named", { [`dir/${secret}.txt`]: "x\n" })],
    [
      "an author",
      (repo: GitRepo, secret: string) =>
        repo.git("commit", "-q", "--allow-empty", "-m", "x", `--author=${secret} <a@b.c>`),
    ],
    ["the name of a ref", (repo: GitRepo, secret: string) => repo.git("branch", `b/${secret}`)],
    ["the name of a tag", (repo: GitRepo, secret: string) => repo.git("tag", "-a", "-m", "x", secret)],
    [
      "the name of a staged file",
      (repo: GitRepo, secret: string) => {
        repo.write(`${secret}.txt`, `T=${token("in it")}\n`);
        repo.git("add", "-A");
      },
    ],
  ])("of a repository in which %s holds a secret", async (_, plant) => {
    const repo = sample();
    plant(repo, token("name"));
    const memory = remembering(repo);
    for (const __ of [1, 2]) expect((await seen(memory.audit())).fromNote).toBe(false);
    expect(memory.names("unchanged")).toEqual([]);
    expect(leaksIn(memory.content(), [token("name")])).toEqual([]);
  });

  test("of an audit that did not see everything, or was interrupted", async () => {
    const origin = sample();
    const dir = join(temporaryFolder(), "clone");
    origin.git("clone", "-q", "--depth=1", `file://${origin.dir}`, dir);
    const shallow = remembering({ dir });
    await shallow.audit();
    const broken = remembering(origin);
    const stop = new AbortController();
    layout.meanwhile = () => stop.abort();
    await broken.audit({ signal: stop.signal });
    for (const memory of [shallow, broken]) expect(memory.names("unchanged")).toEqual([]);
  });
});

test("nothing of secrets, names, ids or frames can be read in the cache", async () => {
  const repo = sample();
  const memory = remembering(repo);
  await memory.audit();
  await memory.audit({ settings: { showSecrets: true } });
  const text = memory.content();
  const tokens = ["one", "two", "said", "tag", "stash", "dangling", "staged"].map(token);
  expect(leaksIn(text, tokens)).toEqual([]);
  for (const name of [
    "moved.txt",
    "Ann",
    "main",
    "refs/",
    repo.dir,
    "COMMIT_MSG",
    "ofs_",
    "pack-",
    repo.git("rev-parse", "HEAD"),
  ])
    expect(text).not.toContain(name);
});

test("where only refs changed the cache of objects stays as it is", async () => {
  const repo = sample();
  const memory = remembering(repo);
  await memory.audit();
  const number = () => statSync(join(memory.folder, memory.names("objects")[0] ?? "")).ino;
  const first = number();
  repo.git("branch", "more");
  await memory.audit();
  expect(number()).toBe(first);
  repo.commit("more");
  await memory.audit();
  expect(number()).not.toBe(first);
  expect(tellingOf(await memory.audit())).toBe(tellingOf(await auditOf(repo.dir)));
});

test("a damaged note is none, and is replaced", async () => {
  const repo = sample();
  const memory = remembering(repo);
  const first = tellingOf(await memory.audit());
  const file = join(memory.folder, memory.names("unchanged")[0] ?? "");
  const good = readFileSync(file);
  const flipped = (at: number) => Buffer.from(good.map((byte, place) => (place === at ? byte ^ 1 : byte)));
  const damages = [
    Buffer.alloc(0),
    good.subarray(0, 20),
    good.subarray(0, -1),
    ...[0, 9, 25, 60, good.length - 1].map(flipped),
  ];
  for (const bytes of damages) {
    writeFileSync(file, bytes);
    const { report, fromNote } = await seen(memory.audit());
    expect([fromNote, tellingOf(report)]).toEqual([false, first]);
    expect((await seen(memory.audit())).fromNote).toBe(true);
  }
  rmSync(file);
  mkdirSync(file);
  expect(tellingOf(await memory.audit())).toBe(first);
});

test("a note without the cache of objects is enough, and a writer that was killed left nothing that matters", async () => {
  const memory = remembering(sample());
  await memory.audit();
  memory.forget("objects");
  const [name = ""] = memory.names("unchanged");
  const litter = join(memory.folder, `${name.slice(0, 40)}.${"0".repeat(16)}.tmp`);
  writeFileSync(litter, readFileSync(join(memory.folder, name)).subarray(0, 50));
  expect((await seen(memory.audit())).fromNote).toBe(true);
  appendFileSync(join(memory.folder, name), "x");
  expect((await seen(memory.audit())).fromNote).toBe(false);
});

test("many audits at once, beside a note and without", async () => {
  const repo = sample();
  repo.run(["fast-import", "--quiet"], { input: fillerStream("filler", 20, 30) });
  const memory = remembering(repo);
  for (const _ of [1, 2]) {
    const reports = await Promise.all([1, 2, 3, 4].map(() => memory.audit()));
    expect(new Set(reports.map(tellingOf)).size).toBe(1);
    expect([memory.names("objects").length, memory.names("unchanged").length]).toEqual([1, 1]);
  }
  await bothWays(memory);
});

/** The plan with numbers by which neither names nor authors hold a secret (see random-history.ts). */
function withPlainNames(plan: HistoryPlan): HistoryPlan {
  const numbered = (number: number, rest: number) => number - (number % 6) + rest;
  const named = (file: number) => (file % 4 === 0 ? file + 1 : file);
  return {
    ...plan,
    commits: plan.commits.map((commit, place) => {
      const words = numbered(commit.words, place === 0 ? 5 : 4);
      return { ...commit, words, file: named(commit.file), to: named(commit.to) };
    }),
    tags: plan.tags.map((number) => numbered(number, 4)),
  };
}

/** More runs than the suite takes: KEYWARDEN_TEST_RUNS=500 npm test -- test/git/audit-unchanged.test.ts */
const numRuns = Number(process.env["KEYWARDEN_TEST_RUNS"] ?? 6);

test.each(["sha1", "sha256"])("random repositories with ids of %s", { timeout: 3_600_000 }, async (format) => {
  await fc.assert(
    fc.asyncProperty(historyPlans(30).map(withPlainNames), async (plan) => {
      const repo = GitRepo.create(`--object-format=${format}`);
      buildHistory(repo, plan);
      const memory = remembering(repo);
      const first = await memory.audit();
      await bothWays(memory);
      expect(tellingOf(await memory.audit())).toBe(tellingOf(first));
      expect(tellingOf(await auditOf(repo.dir))).toBe(tellingOf(first));
      removeTemporary();
    }),
    { numRuns: format === "sha1" ? numRuns : Math.ceil(numRuns / 4) },
  );
});

test("random repositories with secrets in any name", { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(historyPlans(12), async (plan) => {
      const repo = GitRepo.create();
      buildHistory(repo, plan);
      const memory = remembering(repo);
      const first = tellingOf(await memory.audit());
      expect(tellingOf(await memory.audit())).toBe(first);
      expect(tellingOf(await auditOf(repo.dir))).toBe(first);
      removeTemporary();
    }),
    { numRuns: Math.ceil(numRuns / 2) },
  );
});
