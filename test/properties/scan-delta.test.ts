// Contents made of one another are scanned by what changed; a full scan of each is the oracle.

import process from "node:process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { builtInSetup, DeltaRig } from "../helpers/delta-rig.ts";
import { textPlans, versionsOf } from "../helpers/edited-text.ts";
import type { TextPlan } from "../helpers/edited-text.ts";

/** More runs than the suite takes: KEYWARDEN_TEST_RUNS=100000 npm test -- test/properties/scan-delta.test.ts */
const asked = process.env["KEYWARDEN_TEST_RUNS"];
const limits =
  asked === undefined
    ? { numRuns: 200, interruptAfterTimeLimit: 8000 }
    : { numRuns: Number(asked), endOnFailure: false };

const rig = new DeltaRig(builtInSetup());

function checkVersions(plan: TextPlan): void {
  for (const version of versionsOf(plan, (bytes) => rig.isQuiet(bytes))) {
    const { bytes, told } =
      "root" in version
        ? { bytes: version.root, told: rig.root(version.root) }
        : rig.next(version.pieces, version.base);
    expect(told).toEqual(rig.whole(bytes));
  }
}

test("a content scanned by what changed gives what a full scan gives", { timeout: 3_600_000 }, () => {
  fc.assert(fc.property(textPlans(5), checkVersions), limits);
  // A property that hardly ever took the shortcut would show nothing of it.
  expect(rig.scans.taken - rig.scans.full).toBeGreaterThan(rig.scans.taken / 16);
});
