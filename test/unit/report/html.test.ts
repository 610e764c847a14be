// The HTML page, without a browser: its structure, its policy, and that no text of anybody's becomes markup.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding, Report } from "../../../src/model/finding.ts";
import { escapeText } from "../../../src/base/escape.ts";
import { renderHtml } from "../../../src/report/format-html.ts";
import { countStates, headlineFor } from "../../../src/report/html-summary.ts";
import type { StateCounts } from "../../../src/report/html-summary.ts";
import { plainOptions } from "../../../src/report/options.ts";
import { dataIn, policyIn, readHtml, sourceHash } from "../../helpers/html-reader.ts";
import type { HtmlElement } from "../../helpers/html-reader.ts";
import { auditReport } from "../../helpers/report-audit.ts";
import { incidentAt, incidentReport } from "../../helpers/report-incident.ts";
import { richReport } from "../../helpers/report-rich.ts";
import {
  sampleFinding,
  sampleFrame,
  sampleOccurrence,
  sampleReport,
  sampleRule,
  sampleVerdict,
} from "../../helpers/report-sample.ts";

const options = { ...plainOptions, scannedAt: incidentAt };
const reports: readonly (readonly [string, Report])[] = [
  ["an incident", incidentReport(120)],
  ["a scan", richReport()],
  ["an audit", auditReport()],
  ["a clean run", sampleReport([])],
];

function named(elements: readonly HtmlElement[], name: string): readonly HtmlElement[] {
  return elements.filter((element) => element.name === name);
}

describe.each(reports)("%s", (_, report) => {
  const page = renderHtml(report, options);
  const elements = readHtml(page);

  it("has one style and one script, and a policy that allows these and nothing else", () => {
    const [style, ...styles] = named(elements, "style");
    const [data, script, ...scripts] = named(elements, "script");
    expect([styles, scripts]).toEqual([[], []]);
    expect(data?.attributes).toEqual({ type: "application/json", id: "data" });
    expect(script?.attributes).toEqual({});
    expect(policyIn(elements)).toEqual({
      "default-src": "'none'",
      "style-src": sourceHash(style?.text ?? ""),
      "script-src": sourceHash(script?.text ?? ""),
      "base-uri": "'none'",
      "form-action": "'none'",
      "require-trusted-types-for": "'script'",
      "trusted-types": "'none'",
    });
  });

  it("puts the policy before everything that it is about", () => {
    const head = elements.slice(0, 5).map(({ name, attributes }) => [name, ...Object.keys(attributes)]);
    expect(head).toEqual([
      ["html", "lang"],
      ["head"],
      ["meta", "charset"],
      ["meta", "http-equiv", "content"],
      ["meta", "name", "content"],
    ]);
  });

  it("names nothing that a browser would load, and nothing that runs or styles from an attribute", () => {
    const attributes = elements.flatMap((element) => Object.keys(element.attributes));
    expect(attributes.filter((name) => /^(?:on|src|style$|srcset|action|formaction|poster|ping)/.test(name))).toEqual(
      [],
    );
    const loading = elements.filter(({ name }) => /^(?:link|img|iframe|object|embed|base|video|audio|use)$/.test(name));
    expect(loading).toEqual([]);
    const style = named(elements, "style")[0]?.text ?? "";
    expect(style).not.toMatch(/url\(|@import|@font-face/);
  });

  it("links to its own parts and, for readers who ask, to https pages that learn nothing", () => {
    for (const { attributes } of named(elements, "a")) {
      const { href = "", rel, target } = attributes;
      if (href.startsWith("#")) continue;
      expect([href.startsWith("https://"), rel, target]).toEqual([true, "noopener noreferrer", "_blank"]);
    }
  });

  it("links to parts that are there, without JavaScript", () => {
    const ids = new Set(elements.flatMap(({ attributes }) => attributes["id"] ?? []));
    const parts = named(elements, "a").flatMap(({ attributes }) => /^#(.+)$/.exec(attributes["href"] ?? "")?.[1] ?? []);
    expect(parts.filter((part) => !ids.has(decodeURIComponent(part)))).toEqual([]);
    const all = elements.flatMap(({ attributes }) => attributes["id"] ?? []);
    expect(all).toHaveLength(ids.size);
  });

  it("has one headline, headings without gaps, and a language", () => {
    expect(named(elements, "h1")).toHaveLength(1);
    expect(elements[0]?.attributes["lang"]).toBe("en");
    let level = 0;
    for (const { name } of elements.filter((element) => /^h[1-6]$/.test(element.name))) {
      expect(Number(name[1])).toBeLessThanOrEqual(level + 1);
      level = Number(name[1]);
    }
  });

  it("is the same every time", () => expect(renderHtml(report, options)).toBe(page));

  it("holds no secret, asked to or not", () => {
    const shown = renderHtml(report, { ...options, showSecrets: true, verbose: true });
    const values = report.verdicts.map(({ finding }) => finding.secret.reveal());
    expect(values.filter((value) => shown.includes(value.slice(-12)))).toEqual([]);
    expect(renderHtml(report, { ...options, showSecrets: true })).toBe(page);
  });
});

const hostileTexts = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "</style><img src=x onerror=alert(1)>",
  "\"onmouseover='alert(1)'",
  "&lt;b&gt;&amp;",
  "</noscript></template></title>",
  "javascript:alert(1)",
  "\u2028\u2029\u0000\ufffe\ud800\u202e\u200b",
  "]]>--!>",
];

function hostileReport(text: string): Report {
  const point = { commit: "0a1b2c3d".repeat(5), author: text, date: text };
  const refs = [{ kind: "branch" as const, count: 2, examples: [text] }];
  const finding: Finding = sampleFinding({
    fingerprint: "kw1-hostile",
    facts: [{ name: text, value: text }],
    pairedWith: { rule: text, value: text },
    occurrences: [sampleOccurrence(text, 1, { ...point, frame: sampleFrame(text, "…(9)", text) })],
    origin: {
      introduced: { ...point, path: text, merge: false },
      mayBeOlder: false,
      exposure: "tip",
      tips: refs,
      presence: [{ from: point, until: [] }],
      refs,
    },
  });
  const rule = sampleRule({ id: "sample.key", provider: "sample", providerName: text, name: text, what: text });
  const rotate = { everyDays: 90, source: "default", where: text, steps: [text] } as const;
  const coverage = { sources: [text], files: 1, blobs: 1, bytes: 1 };
  const { verdicts: _, ...rest } = sampleReport([]);
  return {
    ...rest,
    tool: { name: "keywarden", version: text, rules: text, engine: text },
    verdicts: [
      sampleVerdict(finding, { reasons: [text] }),
      sampleVerdict(
        { ...finding, fingerprint: "kw1-allowed" },
        {
          decision: "allow",
          suppressed: { kind: "inline", by: text, reason: text, owner: text, until: text },
        },
      ),
    ],
    rules: [{ ...rule, risk: text, rotate, references: [text], homepage: text }],
    problems: [{ kind: "unreadable", path: text, message: text, hint: text }],
    coverage: {
      ...coverage,
      complete: false,
      skipped: [{ reason: "excluded", count: 2, examples: [text] }],
      unseen: [{ kind: "shallow", count: 2, examples: [text], incomplete: true }],
    },
  };
}

/** What a browser builds: names and attribute names, without the words. */
function outline(elements: readonly HtmlElement[]): readonly string[] {
  return elements.map(({ name, attributes }) => [name, ...Object.keys(attributes)].join(" "));
}

describe("text that poses as markup", () => {
  const calm = outline(readHtml(renderHtml(hostileReport("calm"), options)));

  it.each(hostileTexts)("%j stays text everywhere", (text) => {
    const page = renderHtml(hostileReport(text), options);
    const elements = readHtml(page);
    expect(outline(elements)).toEqual(calm);
    const data = dataIn(elements);
    expect(data.findings[0]?.places[0]?.[0]).toBe(`${escapeText(text)}:1:5`);
    expect(data.rules[0]).not.toHaveProperty("where");
    const cell = elements.find(({ attributes }) => attributes["class"] === "place");
    expect(cell?.text.replace("\ufffd", "")).toContain(escapeText(text).replaceAll(/[\ufffe\uffff]/g, ""));
  });

  it("any text stays text", () => {
    const any = fc.oneof(fc.string({ unit: "binary", maxLength: 30 }), fc.constantFrom(...hostileTexts));
    fc.assert(
      fc.property(any, any, (first, second) => {
        const page = renderHtml(hostileReport(first + second), options);
        expect(outline(readHtml(page))).toEqual(calm);
        // What stands in a log runs no command there, and steers no terminal.
        expect(page.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(page).not.toMatch(/^\s*::\w|##\[/m);
      }),
      { numRuns: 60 },
    );
  });
});

describe("where a key is replaced", () => {
  it.each([
    ["https://console.example/keys?a=1&b=<2>", "https://console.example/keys?a=1&b=%3C2%3E"],
    ["http://console.example/", undefined],
    ["javascript:alert(1)", undefined],
    ["data:text/html,x", undefined],
    ["//console.example", undefined],
    ["https://[", undefined],
    ["see the wiki", undefined],
  ])("%s is linked as %s", (where, href) => {
    const report = sampleReport([sampleVerdict(sampleFinding())]);
    const rotate = { everyDays: 90, source: "provider", where, steps: ["roll it"] } as const;
    const page = renderHtml({ ...report, rules: report.rules.map((rule) => ({ ...rule, rotate })) }, options);
    const elements = readHtml(page);
    expect(dataIn(elements).rules[0]?.where).toBe(href);
    const links = named(elements, "a").map(({ attributes }) => attributes["href"] ?? "");
    expect(links.filter((link) => !link.startsWith("#"))).toEqual(href === undefined ? [] : [href, href]);
  });
});

describe("the headline", () => {
  const none: StateCounts = { active: 0, open: 0, dead: 0, allowed: 0, overdue: 0 };
  const clean = sampleReport([]);
  const partial = { ...clean, coverage: { ...clean.coverage, complete: false } };
  const unread = { ...partial.coverage, files: 0, blobs: 0 };
  const nothing = { ...clean, coverage: { ...clean.coverage, files: 0, blobs: 0 } };

  it.each<[string, Report, Partial<StateCounts>, string, string]>([
    ["one alive", clean, { active: 1 }, "1 secret is alive", "bad"],
    ["alive and open", clean, { active: 2, open: 3 }, "2 secrets are alive", "bad"],
    ["open", clean, { open: 1 }, "1 secret may be alive", "bad"],
    ["dead alone", clean, { dead: 4 }, "No secret is known to be alive", "good"],
    ["allowed alone", clean, { allowed: 4 }, "No secrets found", "good"],
    ["clean", clean, {}, "No secrets found", "good"],
    ["clean, but not all was read", partial, {}, "No secrets found in what was read", "warn"],
    ["nothing, since nothing could be read", { ...nothing, coverage: unread }, {}, "Nothing was read", "warn"],
    ["nothing to scan", nothing, {}, "Nothing to scan", "good"],
  ])("%s", (_, report, counts, text, tone) => {
    expect(headlineFor(report, { ...none, ...counts })).toMatchObject({ text, tone });
  });

  it.each<[string, Report, Partial<StateCounts>, string]>([
    ["clean", clean, {}, "Nothing here needs to be rotated."],
    ["clean, but not all was read", partial, {}, "What was not read was not checked."],
    ["allowed alone", clean, { allowed: 1 }, "1 secret is allowed; there is no other."],
  ])("%s promises no more than is known", (_, report, counts, more) => {
    expect(headlineFor(report, { ...none, ...counts }).more).toBe(more);
  });

  it("counts each secret in one state", () => {
    const elements = readHtml(renderHtml(incidentReport(300), options));
    const data = dataIn(elements);
    const { active, open, dead, allowed, overdue } = countStates(data);
    expect(active).toBeGreaterThan(0);
    expect(active + open + dead + allowed).toBe(300);
    expect(overdue).toBeLessThanOrEqual(active + open);
    expect(data.findings.slice(0, active).every(({ state }) => state === "active")).toBe(true);
    expect(data.findings.every(({ state, overdue: late }) => !late || state === "active" || state === "open")).toBe(
      true,
    );
  });
});

describe("size", () => {
  it("a page without findings is small, and a finding adds little", () => {
    const empty = renderHtml(sampleReport([]), options).length;
    const [few, many] = [
      renderHtml(incidentReport(200), options).length,
      renderHtml(incidentReport(400), options).length,
    ];
    expect(empty).toBeLessThan(40_000);
    expect((many - few) / 200).toBeLessThan(1_200);
  });

  it("a secret in very many places, on a very long line, stays bounded", () => {
    const frame = sampleFrame("a".repeat(100_000), "…(9)", "b".repeat(100_000));
    const places = Array.from({ length: 5000 }, (_, index) => sampleOccurrence(`f${index}.txt`, 1, { frame }));
    const page = renderHtml(sampleReport([sampleVerdict(sampleFinding({ occurrences: places }))]), options);
    expect(page.length).toBeLessThan(60_000);
    expect(dataIn(readHtml(page)).findings[0]).toMatchObject({ morePlaces: 4960 });
  });
});
