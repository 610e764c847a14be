// Random repositories: an audit finds in each object what a full scan of it finds, match by match.

import process from "node:process";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  auditByThreads,
  auditEveryObject,
  differences,
  everyObject,
  everyRule,
  scanEveryObject,
} from "../helpers/every-object.ts";
import { GitRepo, gitTestEnv, removeTemporary } from "../helpers/git-repo.ts";
import { buildHistory, historyPlans } from "../helpers/random-history.ts";

afterEach(removeTemporary);

const now = Date.UTC(2026, 5, 1);
/** More runs than the suite takes: KEYWARDEN_TEST_RUNS=500 npm test -- test/properties/audit-exact.test.ts */
const numRuns = Number(process.env["KEYWARDEN_TEST_RUNS"] ?? 6);
const timeout = 3_600_000;

async function compare(repo: GitRepo): Promise<number> {
  const by = { dir: repo.dir, env: gitTestEnv, jobs: 1, now };
  const { setup } = await everyRule(by);
  const full = await scanEveryObject(everyObject(repo.dir, gitTestEnv), setup);
  const audit = await auditEveryObject(by);
  expect(audit.problems).toEqual([]);
  expect(differences(full.finds, audit.finds)).toEqual([]);
  expect(audit.objects).toBe(full.objects);
  return full.matches;
}

describe("an audit finds what a full scan of every object finds", () => {
  test.each(["sha1", "sha256"])("in repositories with ids of %s", { timeout }, async (format) => {
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(historyPlans(40), async (plan) => {
        const repo = GitRepo.create(`--object-format=${format}`);
        buildHistory(repo, plan);
        matches += await compare(repo);
        removeTemporary();
      }),
      { numRuns: format === "sha1" ? numRuns : Math.ceil(numRuns / 4) },
    );
    expect(matches).toBeGreaterThan(0);
  });

  test("with one thread and with two", { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(historyPlans(40), async (plan) => {
        const repo = GitRepo.create();
        buildHistory(repo, plan);
        const by = { dir: repo.dir, env: gitTestEnv, now };
        const { setup } = await everyRule({ jobs: 1, now });
        const { finds } = await scanEveryObject(everyObject(repo.dir, gitTestEnv), setup);
        for (const jobs of [0, 1, 2]) {
          const threads = await auditByThreads({ ...by, jobs });
          expect(threads.problems).toEqual([]);
          expect(differences(finds, threads.finds)).toEqual([]);
        }
        removeTemporary();
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });
});
