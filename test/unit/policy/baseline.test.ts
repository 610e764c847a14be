import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { parseBaseline, serialiseBaseline, updateBaseline } from "../../../src/policy/baseline.ts";
import type { Baseline, BaselineEntry } from "../../../src/policy/baseline.ts";
import { findingOf, fingerprintOf, occurrenceAt } from "../../helpers/matches.ts";

function entry(name: string, given: Partial<BaselineEntry> = {}): BaselineEntry {
  return { fingerprint: fingerprintOf(name), rule: "acme.live-key", reason: "known", ...given };
}

function baseline(...entries: readonly BaselineEntry[]): Baseline {
  return { version: 1, key: "default", entries };
}

function mistake(text: string, key?: string): ConfigError {
  try {
    parseBaseline(text, key === undefined ? {} : { key });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("no mistake found");
}

describe("the file", () => {
  test("is JSON with one sorted entry a line, and the same bytes in any order", () => {
    const given = [entry("b", { owner: "ops", until: "2030-01-01", paths: ["z", "a"] }), entry("a")];
    const text = serialiseBaseline(baseline(...given));
    expect(text).toBe(
      [
        "{",
        '"version": 1,',
        '"key": "default",',
        '"entries": [',
        `{"fingerprint":"${fingerprintOf("a")}","rule":"acme.live-key","reason":"known"},`,
        `{"fingerprint":"${fingerprintOf("b")}","rule":"acme.live-key","paths":["z","a"],"reason":"known","owner":"ops","until":"2030-01-01"},`,
        "null",
        "]",
        "}",
        "",
      ].join("\n"),
    );
    expect(serialiseBaseline(baseline(...given.toReversed()))).toBe(text);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  test("may be empty", () => {
    expect(parseBaseline(serialiseBaseline(baseline()))).toEqual(baseline());
  });

  test("may lack the closing null and use other white space", () => {
    const text = JSON.stringify({ version: 1, key: "default", entries: [entry("b"), entry("a")] }, undefined, 2);
    expect(parseBaseline(text.replaceAll("\n", "\r\n")).entries).toEqual([entry("a"), entry("b")]);
  });

  const good = serialiseBaseline(baseline(entry("a"), entry("b")));
  test.each([
    { name: "cut", text: good.slice(0, 80), line: 5, message: /not valid JSON/ },
    { name: "a list", text: "[]", line: 1, message: /must be an object/ },
    { name: "a later version", text: good.replace('"version": 1', '"version": 2'), line: 1, message: /version/ },
    { name: "an unknown key", text: good.replace('"key"', '"cay": 1, "key"'), line: 1, message: /unknown key "cay"/ },
    { name: "a key that is no id", text: good.replace("default", "mine"), line: 1, message: /key is not/ },
    { name: "no entries", text: '{"version": 1, "key": "default"}', line: 1, message: /entries must be a list/ },
    {
      name: "a null in the middle",
      text: good.replace('"entries": [', '"entries": [null,'),
      line: undefined,
      message: /must be an object/,
    },
    { name: "a bad fingerprint", text: good.replace(fingerprintOf("b"), "kf1:b"), line: 6, message: /fingerprint/ },
    { name: "no rule", text: good.replace('"rule":"acme.live-key",', ""), line: 5, message: /needs a rule/ },
    { name: "no reason", text: good.replace('"reason":"known"', '"reason":" "'), line: 5, message: /needs a reason/ },
    {
      name: "an unknown entry key",
      text: good.replace('"reason"', '"line":7,"reason"'),
      line: 5,
      message: /unknown key "line"/,
    },
    { name: "a bad date", text: good.replace('"reason"', '"until":"2030-02-30","reason"'), line: 5, message: /until/ },
    { name: "bad paths", text: good.replace('"reason"', '"paths":"a","reason"'), line: 5, message: /paths/ },
    { name: "a bad owner", text: good.replace('"reason"', '"owner":7,"reason"'), line: 5, message: /owner/ },
  ])("refuses $name with its line", ({ text, line, message }) => {
    const error = mistake(text);
    expect(error.message).toMatch(message);
    expect(error.position.file).toBe(".keywarden/baseline.json");
    expect(error.position.line).toBe(line);
  });

  test("refuses a baseline of another key, and says what to do", () => {
    expect(parseBaseline(good, { key: "default" }).entries).toHaveLength(2);
    const error = mistake(good, "0123abcd");
    expect(error.message).toMatch(/default.*0123abcd/);
    expect(error.hint).toMatch(/KEYWARDEN_KEY/);
  });
});

describe("two branches", () => {
  const lines = (text: string): string[] => text.split("\n");
  /** What `merge=union` does, and any merge whose changes do not touch: lines of both, in order. */
  const merge = (base: string, ours: string, theirs: string): string => {
    const added = (text: string): string[] => lines(text).filter((line) => !lines(base).includes(line));
    const kept = lines(base).filter((line) => lines(ours).includes(line) && lines(theirs).includes(line));
    const at = kept.indexOf("null");
    return [...kept.slice(0, at), ...added(ours), ...added(theirs), ...kept.slice(at)].join("\n");
  };
  const base = serialiseBaseline(baseline(entry("b"), entry("d")));

  test.each([
    { name: "both add", ours: ["b", "d", "e"], theirs: ["a", "b", "d"], want: ["a", "b", "d", "e"] },
    { name: "both add at the end", ours: ["b", "d", "e"], theirs: ["b", "d", "f"], want: ["b", "d", "e", "f"] },
    { name: "both add the same", ours: ["b", "c", "d"], theirs: ["b", "c", "d"], want: ["b", "c", "d"] },
    { name: "one removes the last", ours: ["b"], theirs: ["a", "b", "d"], want: ["a", "b"] },
    { name: "both remove all", ours: ["d"], theirs: ["b"], want: [] },
  ])("$name: the merged lines are a valid file", ({ ours, theirs, want }) => {
    const side = (names: string[]): string => serialiseBaseline(baseline(...names.map((name) => entry(name))));
    const merged = parseBaseline(merge(base, side(ours), side(theirs)));
    expect(merged.entries.map(({ fingerprint }) => fingerprint)).toEqual(want.map(fingerprintOf));
  });

  test("one secret with two lines becomes one entry with the earlier end", () => {
    const ours = entry("c", { reason: "ours", paths: ["a"], until: "2031-01-01" });
    const theirs = entry("c", { reason: "theirs", paths: ["b"], owner: "ops", until: "2030-01-01" });
    const text = (first: BaselineEntry, second: BaselineEntry): string => {
      const one = lines(serialiseBaseline(baseline(first)));
      return [...one.slice(0, 5), lines(serialiseBaseline(baseline(second)))[4], ...one.slice(5)].join("\n");
    };
    const want = [entry("c", { reason: "ours", paths: ["a", "b"], owner: "ops", until: "2030-01-01" })];
    expect(parseBaseline(text(ours, theirs)).entries).toEqual(want);
    expect(parseBaseline(text(theirs, ours)).entries).toEqual(want);
  });
});

describe("updateBaseline", () => {
  const found = [
    findingOf("b", [occurrenceAt("z", 1), occurrenceAt("a", 2), occurrenceAt("a", 9)]),
    findingOf("a", [occurrenceAt("b", 1)]),
  ];
  const defaults = { reason: "known at the start", owner: "ops", until: "2030-01-01" };

  test("makes a new one", () => {
    const made = updateBaseline({ findings: found, key: "default", defaults });
    expect(made).toEqual({
      baseline: baseline(entry("a", { ...defaults, paths: ["b"] }), entry("b", { ...defaults, paths: ["a", "z"] })),
      added: 2,
      kept: 0,
      gone: 0,
    });
  });

  test("keeps what people wrote, and brings paths up to date", () => {
    const old = baseline(entry("b", { reason: "revoked", paths: ["old"] }), entry("c", { owner: "me" }));
    const made = updateBaseline({ baseline: old, findings: found, key: "default", defaults });
    expect(made).toMatchObject({ added: 1, kept: 1, gone: 1 });
    expect(made.baseline.entries).toEqual([
      entry("a", { ...defaults, paths: ["b"] }),
      entry("b", { reason: "revoked", paths: ["a", "z"] }),
      entry("c", { owner: "me" }),
    ]);
  });

  test("drops what is gone only when asked", () => {
    const old = baseline(entry("c"));
    const made = updateBaseline({ baseline: old, findings: found, key: "default", defaults, prune: true });
    expect(made.gone).toBe(1);
    expect(made.baseline.entries.map(({ fingerprint }) => fingerprint)).toEqual([
      fingerprintOf("a"),
      fingerprintOf("b"),
    ]);
  });
});
