// What a step says, in the files that the runner takes it out of, up to the sizes that the runner takes.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Runner } from "../../../src/action/runner.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";

afterAll(removeTemporary);

test.each([
  [1024 * 1024 - 1, true],
  [1024 * 1024, false],
])("a summary of %i bytes: %s", (length, isTold) => {
  const file = join(temporaryFolder(), "summary");
  writeFileSync(file, "");
  expect(new Runner({ GITHUB_STEP_SUMMARY: file }).addSummary("x".repeat(length))).toBe(isTold);
  expect(readFileSync(file).length).toBe(isTold ? 1024 * 1024 : 0);
});
