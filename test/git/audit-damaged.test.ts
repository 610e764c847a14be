// Damaged packs and indexes: no crash, no hang, what is sound is scanned and what is not is named; see bench/fuzz-packs.ts.

import process from "node:process";
import { expect, test } from "vitest";
import { makeSubject, removeFolder, tryDamage } from "../helpers/pack-fuzz.ts";

/** Another number tries other damage: KEYWARDEN_TEST_SEED=7 npm test -- test/git/audit-damaged.test.ts */
const seed = Number(process.env["KEYWARDEN_TEST_SEED"] ?? 1);
const budgetMs = 18_000;

test("an audit of damaged packs and indexes names what it lost and scans the rest", { timeout: 60_000 }, async () => {
  const end = Date.now() + budgetMs;
  const faults: string[] = [];
  let trials = 0;
  for (let number = seed; Date.now() < end; number++) {
    const subject = await makeSubject(number);
    for (let trial = 0; trial < 6 && Date.now() < end; trial++, trials++) {
      const outcome = await tryDamage(subject, number * 100 + trial);
      if (outcome.faults.length > 0) faults.push(`${number} ${trial}: ${outcome.deeds.join("; ")}`, ...outcome.faults);
    }
    removeFolder(subject.dir);
  }
  expect(faults).toEqual([]);
  expect(trials).toBeGreaterThan(0);
});

// What longer runs found, kept: bench/fuzz-packs.ts numbers a subject's trials like this.
test.each([
  ["both indexes of a pack lost other ids", 2008, 16],
  ["a pack whose index points astray, a sound copy of its objects elsewhere", 5001, 16],
  ["an index that gives objects the places of others, sound copies elsewhere", 7017, 2],
  ["git announces another size than that of what it gives", 7014, 16],
  ["an index with a few bytes too many", 5002, 23],
  ["an index with a few bytes too many, its checksum made anew", 5016, 17],
  ["a pack changed behind its index's back, its own checksum made anew", 5014, 13],
])("%s", async (_, number, trial) => {
  const subject = await makeSubject(number);
  const { deeds, faults } = await tryDamage(subject, number * 25 + trial);
  removeFolder(subject.dir);
  expect({ deeds, faults }).toEqual({ deeds, faults: [] });
});
