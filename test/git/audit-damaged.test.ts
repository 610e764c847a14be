// Damaged packs and indexes: no crash, no hang, what is sound is scanned and what is not is named; see bench/fuzz-packs.ts.

import { expect, test } from "vitest";
import { makeSubject, removeFolder, tryDamage } from "../helpers/pack-fuzz.ts";
import { testSeed } from "../helpers/seed.ts";

/** So much a machine does in less than twenty seconds; bench/fuzz-packs.ts goes on for as long as it is told to. */
const subjects = 6;
const trialsEach = 6;

test("an audit of damaged packs and indexes names what it lost and scans the rest", { timeout: 300_000 }, async () => {
  const faults: string[] = [];
  for (let number = testSeed; number < testSeed + subjects; number++) {
    const subject = await makeSubject(number);
    for (let trial = 0; trial < trialsEach; trial++) {
      const outcome = await tryDamage(subject, number * 100 + trial);
      if (outcome.faults.length > 0) faults.push(`${number} ${trial}: ${outcome.deeds.join("; ")}`, ...outcome.faults);
    }
    removeFolder(subject.dir);
  }
  expect(faults).toEqual([]);
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
