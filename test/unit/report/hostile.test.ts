// Whatever a path, an author or a message holds, each format stays well-formed and gives it back.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "../../../src/model/finding.ts";
import type { Origin } from "../../../src/model/history.ts";
import { csvField } from "../../../src/report/format-csv.ts";
import { commandData, commandProperty } from "../../../src/report/format-github.ts";
import { xmlText } from "../../../src/report/format-junit.ts";
import { uriOf } from "../../../src/report/format-sarif.ts";
import { escapeText } from "../../../src/base/escape.ts";
import { formatNamed } from "../../../src/report/formats.ts";
import { plainOptions } from "../../../src/report/options.ts";
import { hostilePath } from "../../helpers/report-rich.ts";
import { sampleFinding, sampleOccurrence, sampleReport, sampleVerdict } from "../../helpers/report-sample.ts";
import { readCommand, readCsv, readXml } from "../../helpers/report-readers.ts";

const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\ufffd");

/** A history with such names wherever it has any. */
function originOf(path: string, extra: string): Origin {
  const point = { commit: "0a1b2c3d".repeat(5), author: extra, date: extra };
  const refs = [{ kind: "branch" as const, count: 3, examples: [path, extra] }];
  const stretch = { from: point, until: [point] };
  const introduced = { ...point, path, merge: true };
  return { introduced, mayBeOlder: true, exposure: "tip", tips: refs, presence: [stretch, stretch], refs };
}

function reportOf(path: string, extra: string): Report {
  const occurrence = sampleOccurrence(path, 1, { author: extra, commit: "0a1b2c3d".repeat(5) });
  return sampleReport(
    [
      sampleVerdict(
        sampleFinding({
          occurrences: [occurrence],
          facts: [{ name: "note", value: extra }],
          origin: originOf(path, extra),
        }),
      ),
    ],
    {
      problems: [{ kind: "unreadable", path, message: extra, hint: extra }],
    },
  );
}

function render(name: string, report: Report): string {
  return formatNamed(name)?.render(report, plainOptions) ?? "";
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    hostilePath,
    "a:b/c",
    "//host/x",
    "../up",
    "C:\\x",
    "]]>",
    "<!--",
    "%0A%25",
    "a\r\nb",
    "\ud800",
    "\uffff",
    "=1+1",
  ),
);

describe("tables", () => {
  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\\tx"],
    ["\uff1d1", "'\uff1d1"],
    ["=a,b", `"'=a,b"`],
    ["a\r\nb", "a\\r\\nb"],
    [" x", '" x"'],
    ["a;b", '"a;b"'],
    ["a;=1+1", `"a;'=1+1"`],
    ['a;"@SUM(A1)";b', `"a;""'@SUM(A1)"";b"`],
    ["a-b+c=d@e", "a-b+c=d@e"],
    ["", ""],
  ])("csv %j", (value, expected) => {
    expect(csvField(value)).toBe(expected);
  });

  it.each([
    [`<a href="x">&'</a>`, "&lt;a href=&quot;x&quot;&gt;&amp;&apos;&lt;/a&gt;"],
    ["]]>", "]]&gt;"],
    ["\u0000\u001b", "\\x00\\x1b"],
    ["\ufffe\uffff", "\ufffd\ufffd"],
    ["\ud800", "\\ud800"],
  ])("xml %j", (value, expected) => {
    expect(xmlText(value)).toBe(expected);
  });

  it.each([
    ["100%: a, b; c=d", "100%25: a, b; c=d", "100%25%3A a%2C b; c=d"],
    ["a\r\nb", "a%0D%0Ab", "a%0D%0Ab"],
    ["%0A", "%250A", "%250A"],
  ])("github %j", (value, data, property) => {
    expect(commandData(value)).toBe(data);
    expect(commandProperty(value)).toBe(property);
  });

  it.each([
    ["src/a b.ts", "src/a%20b.ts"],
    ["c:/x", "c%3A/x"],
    ["ключ?#", "%D0%BA%D0%BB%D1%8E%D1%87%3F%23"],
    ["/abs", "./abs"],
    ["//host/x", ".//host/x"],
    ["a\\b", "a%5Cb"],
    ["\ud800", "%EF%BF%BD"],
  ])("sarif %j", (path, expected) => {
    expect(uriOf(path)).toBe(expected);
  });
});

describe("any text", () => {
  const check = (name: string, holds: (path: string, extra: string, text: string) => void): void => {
    it(name, () => {
      fc.assert(
        fc.property(anyText, anyText, (path, extra) =>
          holds(path, extra, render(name.split(" ")[0] ?? "", reportOf(path, extra))),
        ),
        {
          numRuns: 60,
        },
      );
    });
  };

  check("json", (path, extra, text) => {
    const json = JSON.parse(text) as { findings: { occurrences: { path: string; author: string }[] }[] };
    expect(json.findings[0]?.occurrences[0]).toMatchObject({ path, author: extra });
  });

  check("jsonl", (path, _, text) => {
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { occurrences?: { path: string }[] });
    expect(lines).toHaveLength(3);
    expect(lines[1]?.occurrences?.[0]?.path).toBe(path);
  });

  check("sarif", (path, _, text) => {
    const log = JSON.parse(text) as {
      runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
    };
    const uri = log.runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri ?? "?";
    expect(decodeURIComponent(uri).replace(/^\.\//, "/")).toBe(wellFormed(path).replace(/^\.\//, "/"));
    // It must stay below the root: no scheme, no host, no query.
    const base = new URL("file:///root/deep/deeper/");
    expect(new URL(uri, base)).toMatchObject({ protocol: "file:", host: "", search: "", hash: "" });
  });

  check("json has the history as it is", (path, extra, text) => {
    const json = JSON.parse(text) as { findings: { origin: Origin }[] };
    expect(json.findings[0]?.origin).toEqual(originOf(path, extra));
  });

  check("gitleaks-json", (path, _, text) => {
    const [entry] = JSON.parse(text) as { File: string; Fingerprint: string }[];
    expect(entry?.File).toBe(path);
    expect(entry?.Fingerprint).toBe(`${"0a1b2c3d".repeat(5)}:${path}:sample.key:1`);
  });

  check("gitlab", (path, _, text) => {
    const report = JSON.parse(text) as { vulnerabilities: { location: { file: string } }[] };
    expect(report.vulnerabilities[0]?.location.file).toBe(path);
  });

  check("csv", (path, extra, text) => {
    const [header = [], row = [], ...rest] = readCsv(text);
    expect(rest).toEqual([]);
    expect(row).toHaveLength(header.length);
    for (const [column, value] of [
      ["path", path],
      ["author", extra],
    ] as const) {
      const field = row[header.indexOf(column)] ?? "?";
      expect(field.replace(/^'/, "")).toBe(escapeText(value).replace(/^'/, ""));
      expect(field).not.toMatch(/^[=+\-@]/);
    }
  });

  check("junit", (path, extra, text) => {
    const suite = readXml(text).children[0];
    expect(suite?.children).toHaveLength(2);
    expect(suite?.children[0]?.attributes.file).toBe(escapeText(path).replace(/[\ufffe\uffff]/g, "\ufffd"));
    expect(suite?.children[1]?.children[0]?.attributes.message).toBe(
      escapeText(extra).replace(/[\ufffe\uffff]/g, "\ufffd"),
    );
  });

  check("github", (path, _, text) => {
    const commands = text.trimEnd().split("\n").map(readCommand);
    expect(commands.map((command) => command?.name)).toEqual(["error", "warning", "notice"]);
    expect(commands[0]?.properties).toMatchObject({ file: escapeText(path), line: "1", col: "5", title: "Sample key" });
  });

  check("terminal", (_, __, text) => {
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(text).not.toMatch(/^\s*::\w|##\[/m);
  });
});

describe("output that is printed in a job's log", () => {
  it.each(["terminal", "json", "jsonl", "sarif", "gitleaks-json", "csv", "junit", "gitlab"])(
    "%s runs no command",
    (name) => {
      const text = render(name, reportOf("::stop-commands::x", "long words ".repeat(12) + "::add-mask::x ##[error]y"));
      expect(text).not.toMatch(/^\s*::\w|##\[/m);
    },
  );
});
