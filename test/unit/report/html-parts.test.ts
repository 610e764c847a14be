// The parts of the HTML page that reckon: exposure and deadlines, groups, the timeline's scale, the filter.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../src/model/finding.ts";
import type { Exposure, Presence } from "../../../src/model/history.ts";
import { dateOf, dayOf, dayText } from "../../../src/report/history-words.ts";
import { facetKinds } from "../../../src/report/html-data.ts";
import type { PageData, PageState } from "../../../src/report/html-data.ts";
import { daysShown, deadlineText, exposureOf, periodText } from "../../../src/report/html-exposure.ts";
import { facetsOf } from "../../../src/report/html-facets.ts";
import { shapePage } from "../../../src/report/html-shape.ts";
import { plainOptions } from "../../../src/report/options.ts";
import { everything, makeFilter } from "../../../src/report/page/filter.ts";
import type { Wish } from "../../../src/report/page/filter.ts";
import { scaleOf } from "../../../src/report/page/scale.ts";
import { glossaryOf } from "../../../src/report/words.ts";
import { incidentAt, incidentReport } from "../../helpers/report-incident.ts";
import {
  sampleFinding,
  sampleFrame,
  sampleOccurrence,
  sampleReport,
  sampleVerdict,
} from "../../helpers/report-sample.ts";

const rotate = { everyDays: 90, source: "provider", steps: [] } as const;
const commit = "0a1b2c3d".repeat(5);
const day = (text: string): number => Date.parse(text) / 86_400_000;

function withHistory(since: string | undefined, presence: readonly Presence[] = [], exposure: Exposure = "history") {
  const introduced = { commit, path: "a.env", merge: false, ...(since === undefined ? {} : { date: since }) };
  return sampleFinding({ origin: { introduced, mayBeOlder: false, exposure, presence, refs: [] } });
}

describe("days", () => {
  it.each([
    ["2024-03-01", "2024-03-01"],
    ["2024-03-01T23:30:00-08:00", "2024-03-02"],
    ["2024-03-01T00:30:00+01:00", "2024-02-29"],
    ["2024-03-01T00:00:00", "2024-03-01"],
    ["1969-12-31T23:59:59Z", "1969-12-31"],
  ])("%s is in %s, UTC", (time, text) => expect(dayText(dayOf(time))).toBe(text));

  it.each(["", "yesterday", "2024-99-99", "+999999-01-01"])("%j is no day", (time) => {
    expect(dayOf(time)).toBeNaN();
    expect(dateOf(withHistory(time))).toBe(undefined);
    expect(exposureOf(withHistory(time), rotate)).toBe(undefined);
  });
});

describe("exposure", () => {
  const from = { commit, date: "2024-03-01T00:00:00Z" };
  const until = { commit, date: "2024-05-20T00:00:00Z" };
  const later = { commit, date: "2024-06-01T00:00:00Z" };
  const earlier = { commit, date: "2023-01-01T00:00:00Z" };
  const since = day("2024-03-01");

  it.each<[string, readonly Presence[], object]>([
    ["none", [], { spans: [] }],
    ["still there", [{ from, until: [] }], { spans: [{ from: since }] }],
    ["taken out", [{ from, until: [until] }], { spans: [{ from: since, to: day("2024-05-20") }] }],
    ["the last line lets go", [{ from, until: [later, until] }], { spans: [{ from: since, to: day("2024-06-01") }] }],
    ["a removal before the beginning", [{ from, until: [earlier] }], { spans: [{ from: since, to: since }] }],
    ["no date of its end", [{ from, until: [{ commit }] }], { spans: [{ from: since }] }],
    ["no date of its beginning", [{ from: { commit }, until: [until] }], { spans: [] }],
  ])("%s", (_, presence, want) => {
    const finding = withHistory("2024-03-01T00:00:00Z", presence);
    expect(exposureOf(finding, rotate)).toEqual({ since, due: since + 90, ...want });
    expect(exposureOf(finding, undefined)).toEqual({ since, ...want });
  });

  it("goes on where a branch that never took it out still has it at its tip", () => {
    const first = { from, until: [until] };
    const second = { from: later, until: [later] };
    const spans = (...presence: readonly Presence[]) =>
      exposureOf(withHistory("2024-03-01T00:00:00Z", presence, "tip"), rotate)?.spans;
    expect(spans(first)).toEqual([{ from: since }]);
    expect(spans(first, second)).toEqual([{ from: since, to: day("2024-05-20") }, { from: day("2024-06-01") }]);
    expect(spans({ from, until: [] }, second)).toEqual([
      { from: since },
      { from: day("2024-06-01"), to: day("2024-06-01") },
    ]);
    expect(spans()).toEqual([]);
  });

  it("of a day at the end of time has a deadline that can be written", () => {
    const exposure = exposureOf(withHistory("+275760-09-12T00:00:00Z"), { ...rotate, everyDays: 9999 });
    expect(deadlineText(exposure?.due, day("2025-01-01"))).toMatch(/^rotate by \+275760-09-13, in /);
  });
});

describe("deadlines in words", () => {
  it.each([
    [undefined, 100, ""],
    [90, undefined, "rotate by 1970-04-01"],
    [90, 90, "rotate by 1970-04-01, today"],
    [90, 89, "rotate by 1970-04-01, in 1 day"],
    [90, 91, "rotation was due 1970-04-01, 1 day ago"],
    [90, 1290, "rotation was due 1970-04-01, 1,200 days ago"],
  ])("due %s, today %s: %s", (due, today, want) => expect(deadlineText(due, today)).toBe(want));

  it.each([
    [undefined, ""],
    [rotate, "Every 90 days, as the provider advises"],
    [{ ...rotate, everyDays: 1, source: "default" } as const, "Every 1 day, keywarden's own advice"],
  ])("period %j", (given, want) => expect(periodText(given)).toBe(want));

  it.each<[PageState, boolean]>([
    ["active", true],
    ["open", true],
    ["dead", false],
    ["allowed", false],
  ])("what is %s has one: %s", (state, has) => {
    const data = shapePage(incidentReport(200), { ...plainOptions, scannedAt: incidentAt });
    const some = data.findings.filter((finding) => finding.state === state);
    expect(some.length).toBeGreaterThan(0);
    expect(some.every(({ deadline }) => (deadline !== "") === has)).toBe(true);
  });

  it("without a today nothing is overdue", () => {
    const data = shapePage(incidentReport(50), plainOptions);
    expect(data.findings.some(({ overdue }) => overdue)).toBe(false);
    expect(data.findings.some(({ deadline }) => deadline.startsWith("rotate by"))).toBe(true);
  });
});

describe("groups", () => {
  const grouped = (paths: readonly (readonly string[])[]) => {
    const verdicts = paths.map((some, index) => {
      const occurrences = some.map((path) => sampleOccurrence(path, 1));
      return sampleVerdict(sampleFinding({ fingerprint: `kw1-${index}`, occurrences }));
    });
    const report = sampleReport(verdicts);
    return facetsOf(
      verdicts,
      verdicts.map(() => "open" as const),
      glossaryOf(report),
    );
  };
  const names = (paths: readonly (readonly string[])[]): readonly string[] =>
    grouped(paths).path.facet.groups.map(({ name, open }) => `${name} ${open}`);

  it("are whole paths while these are few, each secret once in each", () => {
    expect(
      names([
        ["a/b/c.env", "a/b/c.env"],
        ["a/b/c.env", "d.env"],
      ]),
    ).toEqual(["a/b/c.env 2", "d.env 1"]);
  });

  it("are as deep folders as leave few enough of them", () => {
    const many = Array.from({ length: 30 }, (_, index) => [`src/${index % 3}/deep/${index}.env`]);
    expect(names([...many, ["top.env"]])).toEqual(["src/0/deep/ 10", "src/1/deep/ 10", "src/2/deep/ 10", "top.env 1"]);
  });

  it("of any paths are as deep as leave twelve at most", () => {
    const part = fc.constantFrom("a", "b", "a.b", "a-b", "");
    const anyPaths = fc.uniqueArray(
      fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/")),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(anyPaths, (paths) => {
        const cutAt = (depth: number): readonly string[] => {
          const parts = paths.map((path) => path.split("/"));
          const cuts = parts.map((some) => some.slice(0, depth).join("/") + (some.length > depth ? "/" : ""));
          return [...new Set(cuts)];
        };
        let depth = 6;
        while (depth > 1 && cutAt(depth).length > 12) depth--;
        const { facet } = grouped(paths.map((path) => [path])).path;
        expect(facet.groups.length + facet.more).toBe(cutAt(depth).length);
        expect(facet.groups.filter(({ name }) => !cutAt(depth).includes(name))).toEqual([]);
      }),
    );
  });

  it("are made of more paths than a call has arguments", () => {
    const paths = Array.from({ length: 150_000 }, (_, index) => `${index}/x`);
    expect(grouped([paths]).path.facet.more).toBe(149_992);
  });

  it("are made in no time where one path has very many folders", () => {
    const paths = Array.from({ length: 10_000 }, (_, index) => `${index}/x`);
    const since = performance.now();
    expect(grouped([[...paths, "d/".repeat(2000)]]).path.facet.groups).toHaveLength(8);
    expect(performance.now() - since).toBeLessThan(6000);
  });

  it("are the fullest eight, and a count of the others, where nothing can be cut", () => {
    const flat = Array.from({ length: 40 }, (_, index) => [`${index}.env`, "shared.env"]);
    const { facet, indexes } = grouped(flat).path;
    expect([facet.groups.length, facet.groups[0], facet.more]).toEqual([
      8,
      { name: "shared.env", open: 40, active: 0 },
      33,
    ]);
    expect(indexes.every((own) => own.includes(0))).toBe(true);
  });

  it("name what stands in no file", () => {
    const parts = ["message", "tag", "author", "name"] as const;
    const occurrences = parts.map((part) => sampleOccurrence("x", 1, { part, commit }));
    const verdict = sampleVerdict(
      sampleFinding({ occurrences: [...occurrences, sampleOccurrence("", 1, { object: commit })] }),
    );
    const { path } = facetsOf([verdict], ["open"], glossaryOf(sampleReport([verdict])));
    expect(path.facet.groups.map(({ name }) => name)).toEqual([
      "blobs without a name",
      "messages of commits",
      "messages of tags",
      "names of authors",
      "names of files and refs",
    ]);
  });

  it("leave out what is dead or allowed, and lead with what is alive", () => {
    const report = incidentReport(60);
    const data = shapePage(report, plainOptions);
    for (const kind of facetKinds) {
      const { groups } = data.facets[kind];
      for (const [index, { open, active }] of groups.entries()) {
        const own = data.findings.filter(
          ({ groups: all, state }) => all[kind].includes(index) && state !== "dead" && state !== "allowed",
        );
        expect([own.length, own.filter(({ state }) => state === "active").length]).toEqual([open, active]);
      }
      expect(groups.map(({ active }) => active)).toEqual(groups.map(({ active }) => active).toSorted((a, b) => b - a));
    }
  });
});

describe("the timeline", () => {
  const finding = shapePage(incidentReport(1), { ...plainOptions, scannedAt: incidentAt }).findings[0];
  const dataOf = (since: number, lastDay: number, due?: number): PageData => {
    if (finding === undefined) throw new Error("no finding");
    const exposure = { since, spans: [], ...(due === undefined ? {} : { due }) };
    const findings = [{ ...finding, exposure, deadline: due === undefined ? "" : "some day" }];
    const nothing = { groups: [], more: 0 };
    const facets = { path: nothing, author: nothing, provider: nothing };
    return { findings, rules: [], texts: [], facets, ...daysShown([exposure], lastDay) };
  };

  it("is not there where no secret has a date", () => {
    expect(scaleOf({ ...dataOf(1, 2), findings: [] })).toBe(undefined);
    expect(daysShown([], undefined)).toEqual({ firstDay: 0, lastDay: 0 });
  });

  it.each([
    ["years", "2019-06-01", "2025-11-03", ["2020", "2022", "2024"]],
    ["a year", "2024-12-15", "2025-11-03", ["2025-01", "2025-03", "2025-05", "2025-07", "2025-09", "2025-11"]],
    ["a month", "2025-10-20", "2025-11-03", ["2025-11"]],
    ["a day", "2025-11-03", "2025-11-03", []],
  ])("of %s has few marks", (_, since, last, texts) => {
    const scale = scaleOf(dataOf(day(since), day(last)));
    expect(scale?.marks.map(({ text }) => text)).toEqual(texts);
    expect([scale?.at(day(since)), scale?.at(day(since) - 99)]).toEqual([0, 0]);
  });

  it("goes on to a deadline that lies ahead, but not far", () => {
    const [since, today] = [day("2025-01-01"), day("2025-11-01")];
    expect(scaleOf(dataOf(since, today, today + 30))?.at(today + 30)).toBe(100);
    expect(scaleOf(dataOf(since, today, today + 30))?.at(today)).toBeLessThan(100);
    const far = scaleOf(dataOf(since, today, today + 5000));
    expect([far?.shows(today + 5000), Number(far?.at(today)) > 75]).toEqual([false, true]);
  });

  it("stays within its edges whatever the days are", () => {
    const anyDay = fc.integer({ min: -99_000_000, max: 99_000_000 });
    fc.assert(
      fc.property(anyDay, anyDay, fc.option(anyDay, { nil: undefined }), anyDay, (since, today, due, asked) => {
        const scale = scaleOf(dataOf(since, today, due));
        const at = scale?.at(asked) ?? -1;
        expect(at >= 0 && at <= 100).toBe(true);
        expect(scale?.marks.length).toBeLessThanOrEqual(8);
        expect(scale?.marks.every((mark) => mark.at >= 0 && mark.at <= 100)).toBe(true);
      }),
    );
  });

  it("of a first commit in the future begins today", () => {
    expect(daysShown([{ since: 200, spans: [] }], 100)).toEqual({ firstDay: 100, lastDay: 100 });
  });
});

describe("the filter", () => {
  const data = shapePage(incidentReport(300), { ...plainOptions, scannedAt: incidentAt });
  const filter = makeFilter(data);
  const ask = (wish: Partial<Wish>) => filter({ ...everything, ...wish });
  const count = (holds: (finding: PageData["findings"][number]) => boolean): number =>
    data.findings.filter(holds).length;

  it.each<[string, Partial<Wish>, number]>([
    ["nothing asked", {}, 300],
    ["a state", { show: "dead" }, count(({ state }) => state === "dead")],
    ["overdue", { show: "overdue" }, count(({ overdue }) => overdue)],
    ["a severity", { severity: "high" }, count(({ severity }) => severity === "high")],
    ["a group", { group: { kind: "author", index: 0 } }, count(({ groups }) => groups.author.includes(0))],
    ["a word in another case", { text: "TWILIO auth" }, count(({ provider }) => provider === "Twilio")],
    ["words of different fields", { text: "ada@ alive OPENAI" }, -1],
    ["white space", { text: " \t " }, 300],
    ["no such word", { text: "zzz-nowhere" }, 0],
    ["a pattern is no pattern", { text: ".*" }, 0],
  ])("%s", (_, wish, want) => {
    const found = ask(wish);
    if (want === -1) expect(found.length).toBeGreaterThan(0);
    else expect(found).toHaveLength(want);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  });

  it("finds by fingerprint, path, commit and author", () => {
    const [finding] = data.findings.slice(42);
    const [at = ""] = finding?.places[0] ?? [];
    for (const text of [finding?.id ?? "", at.toUpperCase()]) {
      expect(ask({ text }).map((index) => data.findings[index]?.id)).toContain(finding?.id);
    }
  });

  it("finds a commit by its whole id", () => {
    const [verdict] = incidentReport(300).verdicts.slice(42);
    const { commit: whole = "", author = "" } = verdict?.finding.firstSeen ?? {};
    const found = ask({ text: `${whole.toUpperCase()} ${author}` }).map((index) => data.findings[index]?.id);
    expect(found).toContain(verdict?.finding.fingerprint);
    expect(found.length).toBeLessThan(10);
    expect(ask({ text: `${"f".repeat(40)}` })).toEqual([]);
  });

  it.each(["oldest", "deadline"] as const)("orders by %s, the unknown last, equals as they were", (order) => {
    const found = ask({ order });
    expect(found).toHaveLength(300);
    const keys = found.map((index) => {
      const { exposure, deadline } = data.findings[index] ?? { deadline: "" };
      const known = order === "oldest" ? exposure?.since : deadline === "" ? undefined : exposure?.due;
      return known ?? Number.POSITIVE_INFINITY;
    });
    expect(keys).toEqual(keys.toSorted((a, b) => (a === b ? 0 : a - b)));
    for (let at = 1; at < found.length; at++) {
      if (keys[at] === keys[at - 1]) expect(Number(found[at])).toBeGreaterThan(Number(found[at - 1]));
    }
  });
});

describe("code around a mask", () => {
  it("is cut between characters, never within one", () => {
    const smiles = "\u{1f600}".repeat(200);
    const frame = sampleFrame(`x${smiles}`, "…(9)", `x${smiles}`);
    const finding = sampleFinding({ occurrences: [sampleOccurrence("a.txt", 1, { frame })] });
    const { findings } = shapePage(sampleReport([sampleVerdict(finding)]), plainOptions);
    const [before = "", , after = ""] = findings[0]?.frame ?? [];
    expect([before.slice(0, 3), after.slice(-3)]).toEqual(["…\u{1f600}", "\u{1f600}…"]);
  });
});

describe("labels", () => {
  const proof = (status: "active" | "inactive" | "revoked" | "unknown"): Partial<Verdict> => {
    return {
      verification: { fingerprint: "", status, reason: "answer", row: "ok", checkedAt: "", facts: [] } as never,
    };
  };
  const suppressed = { kind: "inline", by: "keywarden:allow" } as const;

  it.each<[Partial<Verdict>, string, PageState]>([
    [{}, "Not verified", "open"],
    [proof("active"), "Alive", "active"],
    [{ ...proof("active"), decision: "allow", suppressed }, "Alive", "active"],
    [proof("inactive"), "Inactive", "dead"],
    [proof("revoked"), "Revoked", "dead"],
    [proof("unknown"), "No proof", "open"],
    [{ decision: "allow", suppressed }, "Allowed", "allowed"],
    [{ decision: "allow" }, "Low confidence", "allowed"],
  ])("%j is %s", (fields, label, state) => {
    const report = sampleReport([sampleVerdict(sampleFinding(), fields)]);
    const [finding] = shapePage(report, { ...plainOptions, verbose: true }).findings;
    expect(finding).toMatchObject({ label, state });
  });
});
