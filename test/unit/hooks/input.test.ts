// What git hands to hooks: the lines of a push, and a message with what is not part of it.

import { describe, expect, it } from "vitest";

import { keptMessage } from "../../../src/hooks/kept-message.ts";
import { parsePushLines } from "../../../src/hooks/push-lines.ts";

const [one, two, none] = ["1".repeat(40), "2".repeat(64), "0".repeat(40)];

describe("lines of a push", () => {
  it.each([
    ["", []],
    ["\n\n", []],
    [`refs/heads/a ${one} refs/heads/b ${none}\n`, [["refs/heads/a", one, "refs/heads/b", none]]],
    [`(delete) ${none} refs/heads/b ${one}\r\n`, [["(delete)", none, "refs/heads/b", one]]],
    [`HEAD ${two} refs/tags/ü ${two}`, [["HEAD", two, "refs/tags/ü", two]]],
  ])("%j", (text, want) => {
    const read = parsePushLines(text).map((ref) => [ref.localRef, ref.localId, ref.remoteRef, ref.remoteId]);
    expect(read).toEqual(want);
  });

  it.each(["nonsense", `a ${one} b`, `a ${one} b ${none.slice(1)}`, `a ${one} b --all`, `a ${one} b ${none} c`])(
    "%j is refused",
    (text) => expect(() => parsePushLines(text)).toThrow(/not what git tells/),
  );
});

const scissors = "# ------------------------ >8 ------------------------";

describe("a message", () => {
  it.each([
    ["a plain one", "fix\n\n# a comment\n", "fix\n\n# a comment\n"],
    ["a verbose one", `fix\n${scissors}\n# Do not modify\ndiff --git a b\n-old\n`, "fix\n"],
    ["another comment sign", `fix\n${scissors.replace("#", ";")}\n; Do not\n`, "fix\n"],
    ["scissors that somebody wrote", `fix\n${scissors}\nsecret\n`, `fix\n${scissors}\nsecret\n`],
    ["scissors inside a line", `see ${scissors}\n# x\n`, `see ${scissors}\n# x\n`],
  ])("%s", (_, text, want) => expect(keptMessage(text)).toBe(want));
});
