// No format gives a secret away, unless it says that it can and was asked to.

import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { plainOptions } from "../../../src/report/options.ts";
import { everyFormat } from "../../helpers/every-format.ts";
import { auditReport } from "../../helpers/report-audit.ts";
import { richReport } from "../../helpers/report-rich.ts";

const report = richReport();
const audit = auditReport();
const audited = audit.verdicts.map(({ finding }) => finding.secret.reveal());
const values = report.verdicts.map(({ finding }) => finding.secret.reveal());
const acting = report.verdicts
  .filter(({ decision }) => decision !== "allow")
  .map(({ finding }) => finding.secret.reveal());

/** The value, or any eight characters of its random part, in plain text or in an encoding of it. */
function leaks(text: string, value: string): boolean {
  const random = value.slice(value.indexOf("Zq"));
  const forms = [
    random.slice(0, 8),
    Buffer.from(value).toString("base64").slice(4, 20),
    Buffer.from(random).toString("hex").slice(0, 16),
  ];
  return forms.some((form) => text.includes(form));
}

const switches = [true, false].flatMap((verbose) =>
  [true, false].map((color) => ({ ...plainOptions, verbose, color })),
);

describe.each(everyFormat.map((format) => [format.name, format] as const))("%s", (name, format) => {
  it("never holds a secret of its own accord", () => {
    for (const options of switches) {
      const text = format.render(report, options);
      expect(values.filter((value) => leaks(text, value))).toEqual([]);
      expect(text).not.toContain("[object");
      const ofAudit = format.render(audit, { ...options, scannedAt: "2025-11-03T12:00:00" });
      expect(audited.filter((value) => leaks(ofAudit, value))).toEqual([]);
      expect(ofAudit).not.toContain("[object");
    }
  });

  it(format.showsSecrets ? "shows them with showSecrets" : "does not show them with showSecrets either", () => {
    const text = format.render(report, { ...plainOptions, showSecrets: true });
    const shown = values.filter((value) => text.includes(value));
    if (!format.showsSecrets) expect(shown).toEqual([]);
    else expect(shown).toEqual(name === "json" || name === "jsonl" ? values : acting);
  });
});

describe("the report itself", () => {
  it("prints and serializes without secrets", () => {
    const text = `${JSON.stringify(report)}${inspect(report, { depth: 20 })}${String(report.verdicts[0]?.finding.secret)}`;
    expect(values.filter((value) => leaks(text, value))).toEqual([]);
  });

  it("the check above can fail", () => {
    expect(values.every((value) => leaks(value, value))).toBe(true);
  });
});
