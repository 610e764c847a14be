// A vitest run → which engine it ran on, and one closing line, `N passed, N failed`, that programs can read.

import { loadRegexEngine } from "../src/base/regex/engine.ts";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Counts tests, and as failed also each file that could not be loaded and each error outside of a
 * test, so that a run that fails never says `0 failed`.
 */
export function countResults(
  modules: readonly TestModule[],
  unhandledErrors: readonly SerializedError[],
): { passed: number; failed: number } {
  let passed = 0;
  let failed = unhandledErrors.length;
  for (const module of modules) {
    const failedBefore = failed;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") passed++;
      else if (state === "failed") failed++;
    }
    if (module.state() === "failed" && failed === failedBefore) failed++;
  }
  return { passed, failed };
}

/** Give it to vitest after `default`, so that its line is the last. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const { passed, failed } = countResults(modules, unhandledErrors);
    const engine = loadRegexEngine().name;
    process.stdout.write(`\nNode ${process.version}, regular expressions by ${engine}\n`);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}
