// How a report words history: age, exposure, who brought a secret in and took it out, and what an audit did not see.

import { describe, expect, it } from "vitest";
import { unseenKinds } from "../../../src/model/finding.ts";
import type { Finding, Occurrence } from "../../../src/model/finding.ts";
import { exposures } from "../../../src/model/history.ts";
import type { Origin, ReachingRefs } from "../../../src/model/history.ts";
import { objectsText, otherwiseText, unseenSentence, unseenText } from "../../../src/report/coverage-words.ts";
import { ageText, exposureText, originLines, originSentence, refsText } from "../../../src/report/history-words.ts";
import { fileOf, placeNotes, placeOf } from "../../../src/report/places.ts";
import { adviceFor, allowFor } from "../../../src/report/words.ts";
import { sampleFinding, sampleOccurrence } from "../../helpers/report-sample.ts";

const id = "0a1b2c3d".repeat(5);
const point = { commit: id, author: "Ada <ada@example.test>", date: "2024-03-01T23:30:00-02:00" };
const introduced = { ...point, path: "a.env", merge: false };

function withOrigin(origin: Partial<Origin>, fields: Partial<Finding> = {}): Finding {
  return sampleFinding({
    origin: { mayBeOlder: false, exposure: "history", presence: [], refs: [], ...origin },
    ...fields,
  });
}

function refs(kind: ReachingRefs["kind"], count: number, ...examples: string[]): ReachingRefs {
  return { kind, count, examples };
}

describe("age", () => {
  it.each([
    ["2024-03-02T01:30:00", "today"],
    ["2024-03-03T01:29:59", "today"],
    ["2024-03-03T01:30:00", "1 day"],
    ["2024-03-03T01:30:00Z", "1 day"],
    ["2024-03-05T01:30:00+02:00", "2 days"],
    ["2027-03-02T01:30:00", "1,095 days"],
    ["2024-03-01T00:00:00", "2024-03-01"],
    [undefined, "2024-03-01"],
  ])("at %s: %s", (at, want) => {
    expect(ageText(withOrigin({ introduced }), at)).toBe(want);
  });

  it.each<[string, Finding, string]>([
    ["that may be more", withOrigin({ introduced, mayBeOlder: true }), "31+ days"],
    ["that nobody knows", withOrigin({}), ""],
    ["of a date that is none", withOrigin({ introduced: { ...introduced, date: "soon" } }), ""],
    ["by the first dated place", sampleFinding({ firstSeen: point }), "31 days"],
  ])("%s", (_, finding, want) => {
    expect(ageText(finding, "2024-04-02T12:00:00")).toBe(want);
  });

  it("of one day is still counted where it may be more", () => {
    expect(ageText(withOrigin({ introduced, mayBeOlder: true }), "2024-03-03T02:00:00")).toBe("1+ days");
    expect(ageText(withOrigin({ introduced, mayBeOlder: true }), undefined)).toBe("2024-03-01 or earlier");
  });
});

describe("exposure", () => {
  it.each<[Partial<Origin> | undefined, string]>([
    [undefined, "in the working tree, not committed"],
    [{ exposure: "tip" }, "at the tip of a branch"],
    [{ exposure: "tip", tips: [refs("branch", 1, "refs/heads/main")] }, "at the tip of main"],
    [{ exposure: "tip", tips: [refs("branch", 2, "dev", "main")] }, "at the tip of dev and 1 more branch"],
    [
      { exposure: "tip", tips: [refs("branch", 1, "refs/heads/main"), refs("remote", 3, "refs/remotes/origin/main")] },
      "at the tip of main and 3 more branches",
    ],
    [{ exposure: "tip", tips: [refs("other", 1, "HEAD"), refs("branch", 1, "refs/heads/a/b")] }, "at the tip of a/b"],
    [{ exposure: "tip", tips: [refs("other", 1, "HEAD")] }, "at the tip of HEAD"],
    [{ exposure: "tip", tips: [refs("branch", 0)] }, "at the tip of a branch"],
    [{ exposure: "history", refs: [refs("branch", 9, "main"), refs("tag", 1, "v1")] }, "only in history"],
    [{ exposure: "history", refs: [refs("tag", 3, "refs/tags/v1")] }, "only in history, through tags v1 and 2 more"],
    [{ exposure: "history", refs: [refs("notes", 1, "refs/notes/commits")] }, "only in history, through notes commits"],
    [{ exposure: "stash" }, "only in a stash"],
  ])("%j", (origin, want) => {
    expect(exposureText(origin === undefined ? sampleFinding() : withOrigin(origin))).toBe(want);
  });

  it("has words of its own for each", () => {
    const texts = exposures.map((exposure) => exposureText(withOrigin({ exposure })));
    expect(new Set(texts).size).toBe(exposures.length);
    expect(texts.join("\n")).not.toMatch(/undefined/);
  });
});

describe("history", () => {
  it("is nothing where none was read", () => {
    expect(originLines(sampleFinding())).toEqual([]);
    expect(originSentence(sampleFinding())).toBe("");
  });

  it("tells who brought it in and who took it out", () => {
    const went = { commit: "4e5f6a7b".repeat(5), date: "2024-05-01T00:00:00Z" };
    const lines = originLines(
      withOrigin({
        introduced: { ...introduced, merge: true },
        presence: [{ from: point, until: [went, point] }],
        refs: [refs("branch", 1, "refs/heads/main")],
      }),
    );
    expect(lines).toEqual([
      ["Found", "only in history"],
      [
        "Introduced",
        "2024-03-01 in commit 0a1b2c3d0a1b by Ada <ada@example.test>, a.env (born in this merge, no parent holds it)",
      ],
      ["Taken out", "2024-05-01 in commit 4e5f6a7b4e5f and in 1 more commit, on other lines of history"],
      ["Reached by", "branch main"],
    ]);
  });

  it("does not call taken out what a branch still has", () => {
    const tips = [refs("branch", 1, "refs/heads/main")];
    const lines = originLines(
      withOrigin({ exposure: "tip", tips, presence: [{ from: point, until: [{ commit: id }] }] }),
    );
    expect(lines[1]).toEqual(["Taken out", "in commit 0a1b2c3d0a1b, but not at the tip of main"]);
  });

  it("counts the commits that took it out beyond those that it has", () => {
    const stretch = { from: point, until: [point, point], moreUntil: 5 };
    const once = originLines(withOrigin({ presence: [stretch] }));
    expect(once.find(([title]) => title === "Taken out")?.[1]).toMatch(/ and in 6 more commits, on other lines/);
    const twice = originLines(withOrigin({ presence: [stretch, stretch] }));
    expect(twice.find(([title]) => title === "In and out")?.[1]).toMatch(/ and in 6 more commits$/);
  });

  it("tells how often it came back, and counts what is too much to tell", () => {
    const presence = Array.from({ length: 6 }, () => ({ from: { commit: id }, until: [] }));
    const lines = originLines(withOrigin({ presence }));
    expect(lines.map(([title]) => title)).toEqual(["Found", "In and out", "", "", "", ""]);
    expect(lines.at(-1)?.[1]).toBe("and 2 more times");
    expect(originLines(withOrigin({ presence, morePresence: 10 })).at(-1)?.[1]).toBe("and 12 more times");
  });

  it("says that it does not know what came before", () => {
    expect(originLines(withOrigin({ mayBeOlder: true }))).toContainEqual([
      "Introduced",
      "before the history that is here begins",
    ]);
  });

  it.each<[readonly ReachingRefs[], string]>([
    [[], ""],
    [[refs("branch", 0)], ""],
    [[refs("branch", 2)], "branches 2"],
    [
      [refs("remote", 1, "refs/remotes/o/x"), refs("other", 2, "refs/pull/1/head")],
      "remote branch o/x; refs refs/pull/1/head and 1 more",
    ],
  ])("refs %j", (some, want) => {
    expect(refsText(some)).toBe(want);
  });
});

describe("places", () => {
  it.each<[Partial<Occurrence>, file: string, place: string, notes: readonly string[]]>([
    [{ commit: id }, "a.env", "a.env:1:5", ["commit 0a1b2c3d0a1b"]],
    [{ object: id }, "a.env", "a.env:1:5", ["blob 0a1b2c3d0a1b"]],
    [{ path: "", object: id }, `blob/${id}`, "blob 0a1b2c3d0a1b:1:5", []],
    [{ part: "message", commit: id }, `commit-message/${id}`, "message of commit 0a1b2c3d0a1b:1:5", []],
    [{ part: "message" }, "commit-message/unknown", "commit message:1:5", []],
    [{ part: "tag", object: id }, `tag-message/${id}`, "message of tag 0a1b2c3d0a1b:1:5", []],
    [{ part: "author", commit: id }, `author/${id}`, "author or committer of commit 0a1b2c3d0a1b", []],
    [{ part: "author", object: id }, `author/${id}`, "tagger of tag 0a1b2c3d0a1b", []],
    [{ part: "name", commit: id }, "a.env", "name of file a.env", ["commit 0a1b2c3d0a1b"]],
    [{ part: "name", path: "refs/heads/…(9)" }, "refs/heads/…(9)", "name of refs/heads/…(9)", []],
  ])("%j", (fields, file, place, notes) => {
    const occurrence = sampleOccurrence("a.env", 1, fields);
    expect(fileOf(occurrence)).toBe(file);
    expect(placeOf(occurrence)).toBe(place);
    expect(placeNotes(occurrence)).toEqual(notes);
  });
});

describe("advice", () => {
  it.each<[Origin["exposure"], RegExp, RegExp]>([
    ["tip", /^It is in the history/, /^allow: .*kw1-01/],
    ["history", /^It is in the history/, /^allow: /],
    ["dangling", /^It is in the repository's objects/, /^allow: /],
    ["index", /^Take it out of the file/, /^keywarden:allow sample\.key/],
  ])("for %s", (exposure, advice, allow) => {
    const finding = withOrigin({ exposure });
    expect(adviceFor(finding)).toMatch(advice);
    expect(allowFor(finding).code).toMatch(allow);
  });
});

describe("coverage", () => {
  it.each(unseenKinds)("has words for %s, one and many", (kind) => {
    const one = { kind, count: 1, examples: [], incomplete: true };
    expect(unseenText(one)).toMatch(/\b1\b/);
    expect(unseenText({ ...one, count: 1234 })).toMatch(/1,234/);
    expect(unseenSentence(one)).toMatch(/^not seen: \S/);
  });

  it.each([
    [{ cached: 0, byGit: 0 }, ""],
    [{ cached: 4500, byGit: 0 }, "4,500 known to be clean from an earlier audit, and not read again"],
    [{ cached: 0, byGit: 1 }, "1 read through git, because keywarden could not read them itself"],
  ])("%j", (counts, want) => {
    expect(otherwiseText({ commits: 0, trees: 0, blobs: 0, tags: 0, bytes: 0, ...counts })).toBe(want);
  });

  it("counts objects by kind", () => {
    const objects = { commits: 1, trees: 2, blobs: 0, tags: 1, bytes: 5, cached: 0, byGit: 0 };
    expect(objectsText(objects)).toBe("1 commit, 2 trees, 0 blobs and 1 tag, 5 B unpacked");
    expect(objectsText({ ...objects, worktreeFiles: 3 })).toMatch(/; 3 files of the working tree$/);
  });
});
