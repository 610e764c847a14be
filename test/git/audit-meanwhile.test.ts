// What comes between while an audit runs: an abort at any step ends it, and what git packs and prunes is told of as before.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";

import type * as Leftovers from "../../src/pipeline/audit/leftovers.ts";
import type * as Plan from "../../src/pipeline/audit/plan.ts";
import type { Report } from "../../src/index.ts";
import { auditOf, fillerStream } from "../helpers/audit-rig.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";
import { buildHidingPlaces } from "../helpers/hiding-places.ts";

/** What happens when the work is laid out, and when git has given what the threads could not read. */
const steps = vi.hoisted(() => ({ laidOut: () => undefined as unknown, askedGit: () => undefined as unknown }));

vi.mock("../../src/pipeline/audit/plan.ts", async (original) => {
  const plan = await original<typeof Plan>();
  const planAudit: typeof plan.planAudit = (...given) => {
    const laidOut = plan.planAudit(...given);
    steps.laidOut();
    return laidOut;
  };
  return { ...plan, planAudit };
});

vi.mock("../../src/pipeline/audit/leftovers.ts", async (original) => {
  const leftovers = await original<typeof Leftovers>();
  const readLeftovers: typeof leftovers.readLeftovers = async (...given) => {
    const read = await leftovers.readLeftovers(...given);
    await steps.askedGit();
    return read;
  };
  return { ...leftovers, readLeftovers };
});

beforeEach(() => {
  steps.laidOut = () => undefined;
  steps.askedGit = () => undefined;
});
afterAll(removeTemporary);

const token = (seed: string): string => tokenOf("ofself.access-token", `meanwhile ${seed}`);

function sample(isLarge: boolean): GitRepo {
  const repo = GitRepo.create();
  if (isLarge) repo.run(["fast-import", "--quiet"], { input: fillerStream("filler", 60, 60) });
  repo.commit("one", { "a.txt": `T=${token("one")}\n` });
  return repo;
}

describe.each([
  ["on this thread", false],
  ["on threads of its own", true],
])("an abort, with the work done %s", (_, isLarge) => {
  const expectEnded = ({ coverage, problems }: Report): void => {
    expect(coverage.complete).toBe(false);
    expect(problems.map(({ kind }) => kind)).toContain("interrupted");
  };

  test("before anything was read", async () => {
    const report = await auditOf(sample(isLarge).dir, { signal: AbortSignal.abort() });
    expectEnded(report);
    expect(report.coverage.objects?.bytes).toBe(0);
  });

  test("when the work is laid out", async () => {
    const stop = new AbortController();
    steps.laidOut = () => stop.abort();
    const report = await auditOf(sample(isLarge).dir, { signal: stop.signal });
    expectEnded(report);
    expect(report.coverage.objects?.bytes).toBe(0);
  });

  test("while git is asked for what the threads could not read", async () => {
    const repo = sample(isLarge);
    const stop = new AbortController();
    steps.laidOut = () => repo.git("gc", "-q");
    steps.askedGit = async () => {
      stop.abort();
      // The threads are gone by the time that they would be given their next order.
      await new Promise((next) => setTimeout(next, 200));
    };
    expectEnded(await auditOf(repo.dir, { signal: stop.signal }));
  });
});

describe("loose objects that git packs and prunes meanwhile", () => {
  const pointer = (name: string): string =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash("sha256").update(name).digest("hex")}\nsize 9\n`;

  test("are told of as before: origins, names, paths, people and pointers", async () => {
    const { repo } = buildHidingPlaces();
    repo.commit("large", { "a.bin": pointer("a") });
    repo.git("checkout", "-q", "--detach");
    const path = `held/${token("folder")}/${token("file")}.txt`;
    repo.commit("by a tag alone", { [path]: "x\n", "held/by-tag.txt": `T=${token("by tag")}\n` });
    repo.git("tag", "-a", "held", "-m", "held");
    repo.git("checkout", "-q", "main");
    const told = ({ verdicts, coverage, problems }: Report) => ({ verdicts, unseen: coverage.unseen, problems });
    const first = told(await auditOf(repo.dir));
    steps.laidOut = () => repo.git("gc", "-q");
    const second = await auditOf(repo.dir);
    expect(second.coverage.objects?.byGit).toBeGreaterThan(0);
    expect(told(second)).toEqual(first);
  });

  test("however many they are", async () => {
    const repo = GitRepo.create();
    repo.run(["fast-import", "--quiet"], { input: fillerStream("main", 70, 62) });
    const folder = join(repo.dir, ".git/objects/pack");
    const packs = readdirSync(folder).filter((name) => name.endsWith(".pack"));
    const bytes = packs.map((name) => readFileSync(join(folder, name)));
    rmSync(folder, { recursive: true });
    for (const input of bytes) repo.run(["unpack-objects", "-q"], { input });
    steps.laidOut = () => repo.git("gc", "-q");
    const { coverage, problems } = await auditOf(repo.dir);
    expect(coverage.objects?.byGit).toBeGreaterThan(4200);
    expect(problems).toEqual([]);
    expect(coverage).toMatchObject({ complete: true, unseen: [] });
  });
});
