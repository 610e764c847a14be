// What a step says, in the files that the runner takes it out of, up to the sizes that the runner takes.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Runner } from "../../../src/action/runner.ts";
import { UsageError } from "../../../src/errors.ts";
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

test("files that cannot be written: a summary is left out, outputs are a mistake with a name", () => {
  const folder = temporaryFolder();
  const runner = new Runner({ GITHUB_STEP_SUMMARY: folder, GITHUB_OUTPUT: folder });
  expect(runner.addSummary("x")).toBe(false);
  expect(() => runner.setOutputs({ complete: "true" })).toThrow(UsageError);
  expect(() => runner.setOutputs({ complete: "true" })).toThrow("the step's outputs cannot be written (EISDIR)");
});
