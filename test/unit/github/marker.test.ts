// Hidden lines: written, read back, and refused when anybody else had a hand in them.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createSeal,
  isMarkable,
  openingLine,
  readOpening,
  readState,
  stateLine,
  stepLine,
  tellsStep,
} from "../../../src/github/marker.ts";
import type { IssueState } from "../../../src/github/marker.ts";

const key = new Uint8Array(32).fill(1);
const seal = createSeal(key, 42);
const state: IssueState = { cycle: 2, step: "overdue-7", open: true, labels: ["provider:x"] };

describe("the first line", () => {
  const line = openingLine(seal, "acme-prod");

  test("has the form that is promised", () => {
    expect(line).toMatch(/^<!-- rotation:v1 id=acme-prod mac=[0-9a-f]{16} -->$/);
    expect(readOpening(seal, `${line}\r\nmore`)).toBe("acme-prod");
  });

  test.each([
    ["another id", line.replace("acme-prod", "acme-test")],
    ["another mac", line.replace(/mac=./, (found) => (found === "mac=0" ? "mac=1" : "mac=0"))],
    ["a shorter mac", line.replace(/mac=./, "mac=")],
    ["a longer mac", line.replace("mac=", "mac=0")],
    ["not the first line", `hello\n${line}`],
    ["something before it", ` ${line}`],
    ["something after it", `${line} hello`],
    ["another repository", openingLine(createSeal(key, 43), "acme-prod")],
    ["another key", openingLine(createSeal(new Uint8Array(32).fill(2), 42), "acme-prod")],
    ["the mac of a state", stateLine(seal, "acme-prod", state)],
    ["nothing", ""],
  ])("refused: %s", (_, body) => expect(readOpening(seal, body)).toBeUndefined());
});

test.each([
  ["acme-prod", true],
  ["~dashboard", true],
  ["", false],
  ["-->", false],
  ["a b", false],
  ["a\nb", false],
  ["Acme", false],
  ["a".repeat(201), false],
])("%j may stand in a hidden line: %s", (id, may) => expect(isMarkable(id)).toBe(may));

describe("the second line", () => {
  test("whatever is remembered comes back, on one line that nothing ends early", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), fc.boolean(), (step, owner, open) => {
        const given: IssueState = {
          cycle: 1,
          step,
          open,
          labels: [owner, "--><script>"],
          owner: { name: owner, source: "inventory" },
        };
        const line = stateLine(seal, "x", given);
        expect(line).not.toMatch(/\n|-->.|^.+<!--/s);
        expect(readState(seal, "x", `first\n${line}\nrest`)).toEqual(given);
      }),
    );
  });

  test.each([
    ["another id", "y", stateLine(seal, "x", state)],
    ["a changed value", "x", stateLine(seal, "x", state).replace("true", "false")],
    ["another repository", "x", stateLine(createSeal(key, 1), "x", state)],
    ["no state", "x", "hello"],
  ])("refused: %s", (_, id, line) => expect(readState(seal, id, `first\n${line}`)).toBeUndefined());
});

test("a comment tells one step of one cycle", () => {
  const line = stepLine(seal, "x", { cycle: 1, step: "due-7" });
  expect(tellsStep(`${line}\r\nwords`, line)).toBe(true);
  for (const other of [
    stepLine(seal, "x", { cycle: 2, step: "due-7" }),
    stepLine(seal, "x", { cycle: 1, step: "due-1" }),
    stepLine(seal, "y", { cycle: 1, step: "due-7" }),
    "words",
    "",
  ]) {
    expect(tellsStep(other, line)).toBe(false);
  }
});
