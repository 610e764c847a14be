// The closing line counts what a run did, and never says that nothing failed when something did.

import { describe, expect, test } from "vitest";
import type { SerializedError, TestModule } from "vitest/node";
import { countResults } from "../reporter.ts";

function module(states: readonly string[], state = states.includes("failed") ? "failed" : "passed"): TestModule {
  const tests = states.map((one) => ({ result: () => ({ state: one }) }));
  return { state: () => state, children: { allTests: () => tests } } as unknown as TestModule;
}

describe("countResults", () => {
  const error: SerializedError = { message: "late" };
  test.each<[name: string, modules: TestModule[], errors: SerializedError[], want: [passed: number, failed: number]]>([
    ["nothing ran", [], [], [0, 0]],
    ["all passed", [module(["passed", "passed"]), module(["passed"])], [], [3, 0]],
    ["skipped tests count as neither", [module(["passed", "skipped", "pending"])], [], [1, 0]],
    ["some failed", [module(["passed", "failed"]), module(["failed"])], [], [1, 2]],
    ["a file that could not be loaded", [module([], "failed"), module(["passed"])], [], [1, 1]],
    ["a hook that failed beside tests that passed", [module(["passed"], "failed")], [], [1, 1]],
    ["an error outside of any test", [module(["passed"])], [error], [1, 1]],
  ])("%s", (_, modules, errors, [passed, failed]) => {
    expect(countResults(modules, errors)).toEqual({ passed, failed });
  });
});
