// What the formats for other programs pass on, beyond being well-formed.

import { describe, expect, it } from "vitest";
import { formatNamed, formatNames, loadRender } from "../../../src/report/formats.ts";
import { plainOptions } from "../../../src/report/options.ts";
import type { RenderOptions } from "../../../src/report/options.ts";
import { everyFormat } from "../../helpers/every-format.ts";
import { readCommand, readCsv, readXml } from "../../helpers/report-readers.ts";
import { richReport } from "../../helpers/report-rich.ts";
import { sampleFinding, sampleOccurrence, sampleReport, sampleVerdict } from "../../helpers/report-sample.ts";

const report = richReport();

function render(name: string, options: Partial<RenderOptions> = {}): string {
  return formatNamed(name)?.render(report, { ...plainOptions, ...options }) ?? "";
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly partialFingerprints: Record<string, string>;
  readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[];
}

function sarif(options: Partial<RenderOptions> = {}) {
  const log = JSON.parse(render("sarif", options)) as {
    runs: {
      tool: { driver: { rules: { id: string }[] } };
      results: SarifResult[];
      invocations: { executionSuccessful: boolean; toolExecutionNotifications: unknown[] }[];
    }[];
  };
  const run = log.runs[0];
  if (run === undefined) throw new Error("no run");
  return run;
}

describe("the table", () => {
  it("names each format once, and ends each text with a newline", () => {
    expect(everyFormat.map(({ name }) => name)).toEqual([...new Set(formatNames)]);
    expect(everyFormat.every((format) => format.render(report, plainOptions).endsWith("\n"))).toBe(true);
  });

  it("knows no other name", async () => {
    expect(["", "JSON", "toString"].map(formatNamed)).toEqual([undefined, undefined, undefined]);
    expect(await loadRender("JSON")).toBe(undefined);
  });

  it("loads what is not at hand", async () => {
    expect(formatNamed("html")).toBe(undefined);
    expect((await loadRender("html"))?.(report, plainOptions)).toMatch(/^<!doctype html>/);
    expect(await loadRender("csv")).toBe(formatNamed("csv")?.render);
  });
});

describe("sarif", () => {
  it("has no more results than GitHub takes, of every finding the first, and says what is missing", () => {
    const places = Array.from({ length: 25_010 }, (_, index) => sampleOccurrence(`f${index}.txt`, 1));
    const many = sampleVerdict(sampleFinding({ fingerprint: "kw1-many", occurrences: places }));
    const few = sampleVerdict(sampleFinding({ fingerprint: "kw1-few", occurrences: [sampleOccurrence("z", 1)] }));
    const log = JSON.parse(formatNamed("sarif")?.render(sampleReport([many, few]), plainOptions) ?? "") as {
      runs: {
        results: SarifResult[];
        invocations: { toolExecutionNotifications: { message: { text: string } }[] }[];
      }[];
    };
    const { results = [], invocations = [] } = log.runs[0] ?? {};
    expect(results).toHaveLength(25_000);
    expect(results.at(-1)?.partialFingerprints["keywarden/v1"]).toBe("kw1-few");
    expect(results.at(-2)?.partialFingerprints["keywarden/place/v1"]).toBe("kw1-many:24999");
    expect(invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      "11 further places are not in this file, since GitHub takes 25,000 results: the JSON report has them all",
    ]);
  });

  it("has one result for each place, whose rule and fingerprints lead back to the finding", () => {
    const { results, tool } = sarif();
    expect(results.every((result) => tool.driver.rules[result.ruleIndex]?.id === result.ruleId)).toBe(true);
    const stripe = results.filter((result) => result.partialFingerprints["keywarden/v1"] === "kw1-stripe");
    expect(stripe).toHaveLength(8);
    expect(new Set(stripe.map((result) => result.partialFingerprints["keywarden/place/v1"])).size).toBe(8);
  });

  it("passes suppressed findings on with their suppression, and others that are allowed only with verbose", () => {
    const suppressions = sarif().results.flatMap((result) => result.suppressions ?? []);
    expect(suppressions.map(({ kind }) => kind)).toEqual(["inSource", "external"]);
    expect(suppressions[1]?.justification).toContain("rotated");
    const all = sarif({ verbose: true }).results.length;
    expect(all - sarif().results.length).toBe(1);
  });

  it("says that an incomplete run was no success, and why", () => {
    expect(sarif().invocations[0]).toMatchObject({ executionSuccessful: false });
    expect(sarif().invocations[0]?.toolExecutionNotifications).toHaveLength(2);
  });

  it.each([
    ["critical", "error"],
    ["high", "error"],
    ["medium", "warning"],
    ["low", "note"],
    ["info", "note"],
  ] as const)("%s is %s", (severity, level) => {
    const one = sampleReport([sampleVerdict(sampleFinding({ severity }))]);
    const log = JSON.parse(formatNamed("sarif")?.render(one, plainOptions) ?? "") as {
      runs: { results: SarifResult[] }[];
    };
    expect(log.runs[0]?.results[0]?.level).toBe(level);
  });
});

describe("gitleaks-json", () => {
  const entryOf = (fields: Parameters<typeof sampleOccurrence>[2]): Record<string, unknown> => {
    const one = sampleReport([sampleVerdict(sampleFinding({ occurrences: [sampleOccurrence("a/b.ts", 7, fields)] }))]);
    return (
      (JSON.parse(formatNamed("gitleaks-json")?.render(one, plainOptions) ?? "") as Record<string, unknown>[])[0] ?? {}
    );
  };

  it.each([
    [{}, { Fingerprint: "a/b.ts:sample.key:7", Commit: "", Author: "", Email: "", Date: "", EndColumn: 24 }],
    [{ commit: "c0ffee" }, { Fingerprint: "c0ffee:a/b.ts:sample.key:7", Commit: "c0ffee" }],
    [{ author: "Ada B <a@b.test>" }, { Author: "Ada B", Email: "a@b.test" }],
    [{ author: "nobody" }, { Author: "nobody", Email: "" }],
    [{ date: "2024-03-01T09:30:00+01:00" }, { Date: "2024-03-01T08:30:00Z" }],
    [{ date: "yesterday" }, { Date: "yesterday" }],
  ])("%j", (fields, expected) => {
    expect(entryOf(fields)).toMatchObject(expected);
  });

  it("leaves out what is allowed", () => {
    const entries = JSON.parse(render("gitleaks-json", { verbose: true })) as { Fingerprint: string }[];
    expect(entries).toHaveLength(11);
  });
});

describe("csv", () => {
  it("has a row for every place and CRLF line ends", () => {
    const text = render("csv");
    expect(readCsv(text)).toHaveLength(1 + report.summary.occurrences);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});

describe("junit", () => {
  it("counts what it holds", () => {
    const root = readXml(render("junit"));
    const cases = root.children[0]?.children ?? [];
    const outcomes = (name: string): string =>
      String(cases.filter((one) => one.children.some((child) => child.name === name)).length);
    expect(root.attributes).toMatchObject({
      tests: String(cases.length),
      failures: outcomes("failure"),
      errors: outcomes("error"),
      skipped: outcomes("skipped"),
    });
    expect([outcomes("failure"), outcomes("error"), outcomes("skipped")]).toEqual(["3", "2", "2"]);
  });

  it("of a clean run is one test that passes", () => {
    const suite = readXml(formatNamed("junit")?.render(sampleReport([]), plainOptions) ?? "").children[0];
    expect(suite?.children.map((one) => one.children)).toEqual([[]]);
  });
});

describe("github", () => {
  it("marks places, five of each finding at most, skips what is allowed, and ends with a notice", () => {
    const commands = render("github").trimEnd().split("\n").map(readCommand);
    expect(commands.map((command) => command?.name)).toEqual([
      ...Array.from({ length: 7 }, () => "error"),
      ...Array.from({ length: 3 }, () => "warning"),
      "notice",
    ]);
    expect(commands.at(-1)?.message).toBe(
      "3 secrets block, 1 warning, 2 suppressed; 1,204 files, 3.4 MB read; incomplete: 2 problems",
    );
    expect(render("github", { verbose: true }).match(/^::error/gm)).toHaveLength(10);
  });

  it("gives no columns to a place of several lines", () => {
    const one = sampleReport([
      sampleVerdict(sampleFinding({ occurrences: [sampleOccurrence("key.pem", 1, { endLine: 9 })] })),
    ]);
    const command = readCommand((formatNamed("github")?.render(one, plainOptions) ?? "").split("\n")[0] ?? "");
    expect(command?.properties).toEqual({ file: "key.pem", line: "1", endLine: "9", title: "Sample key" });
  });
});

describe("gitlab", () => {
  it("takes the time it is given", () => {
    const times = [undefined, "2026-11-22T08:00:00"].map((scannedAt) => {
      const text = render("gitlab", scannedAt === undefined ? {} : { scannedAt });
      return (JSON.parse(text) as { scan: { end_time: string } }).scan.end_time;
    });
    expect(times).toEqual(["1970-01-01T00:00:00", "2026-11-22T08:00:00"]);
  });
});
