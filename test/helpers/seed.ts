// KEYWARDEN_TEST_SEED in, the number that all chance in the tests begins at out: the same each time unless asked otherwise.

import process from "node:process";
import fc from "fast-check";

const asked = process.env["KEYWARDEN_TEST_SEED"] ?? "1";

/** What chance begins at. A failed property names its seed, so that a run under `random` can be had again. */
export const testSeed = asked === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(asked);

if (!Number.isSafeInteger(testSeed)) throw new Error("KEYWARDEN_TEST_SEED is to be a whole number, or random");

fc.configureGlobal({ seed: testSeed });
