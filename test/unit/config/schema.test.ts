// The JSON schema agrees with the parser, the reference names everything, the nearest word is the nearest.

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { isDay } from "../../../src/base/dates.ts";
import { formatNames } from "../../../src/config/kinds.ts";
import { editDistance, nearest } from "../../../src/base/nearest.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { configurationPage } from "../../../src/config/reference.ts";
import { fileKeys, settingsSchema } from "../../../src/config/schema.ts";
import { settings } from "../../../src/config/settings.ts";
import { formatNames as namesThereAre } from "../../../src/report/formats.ts";

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(settingsSchema());

describe("settingsSchema", () => {
  test.each<[text: string, fine: boolean]>([
    ["{}", true],
    ["jobs: auto", true],
    ["jobs: 3", true],
    ["jobs: 0", false],
    ["jobs: 1.5", false],
    ["jobs: many", false],
    ["fail-on: never", true],
    ["fail-on: critical", false],
    ["unknown: 1", false],
    ["show-secrets: true", false],
    ["baseline: false", true],
    ["baseline: true", false],
    ["format: [{format: json, output: a}]", true],
    ["format: [json]", false],
    ["format: [{format: json, to: a}]", false],
    ["honour: [ggignore, .secrets.baseline]", true],
    ["honour: [nosec]", false],
    ["allow: [{rules: [a], reason: b, until: 2027-01-31}]", true],
    ["allow: [{rules: [a], reason: b, until: 2027-02-31}]", false],
    ["allow: [{rules: [a]}]", false],
    ["exclude: ['']", false],
  ])("%s: schema and parser agree", (text, fine) => {
    expect(validate(parseYaml(text))).toBe(fine);
    const parse = (): unknown => parseConfig(text, "config.yml", "/root");
    if (fine) expect(parse).not.toThrow();
    else expect(parse).toThrow();
  });

  test("each key says what it does and what it is by default", () => {
    const properties = settingsSchema().properties as Record<string, { description?: string; default?: unknown }>;
    expect(Object.keys(properties)).toEqual(fileKeys());
    for (const setting of settings) {
      if (setting.where === "flag") continue;
      expect(properties[setting.key]?.description).toContain(setting.help);
      expect(properties[setting.key]?.default).toEqual("default" in setting ? setting.default : undefined);
    }
  });
});

test("the reference has a section and a flag for each setting", () => {
  const page = configurationPage();
  for (const setting of settings) {
    expect(page).toContain(`### ${setting.key}\n`);
    expect(page).toContain(`\`${setting.flag}\``);
    expect(page).toContain(setting.doc);
  }
});

test("formats that can be asked for are the formats that there are", () => {
  expect([...formatNames]).toEqual(namesThereAre);
});

describe("nearest", () => {
  test.each<[word: string, want: string | undefined]>([
    ["exlude", "exclude"],
    ["EXCLUDE", "exclude"],
    ["fail_on", "fail-on"],
    ["baselines", "baseline"],
    ["color", "color"],
    ["colour", "color"],
    ["honor", "honour"],
    ["decode", undefined],
    ["", undefined],
    ["x".repeat(10_000), undefined],
  ])("%s", (word, want) => {
    expect(nearest(word, fileKeys())).toBe(want);
  });

  test("distance: zero only to itself, symmetric, at most the longer length", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  test("a swap of neighbours is one step", () => expect(editDistance("hgih", "high")).toBe(1));
});

describe("isDay", () => {
  test.each<[text: string, want: boolean]>([
    ["2026-01-31", true],
    ["2028-02-29", true],
    ["2000-02-29", true],
    ["0004-02-29", true],
    ["1900-02-29", false],
    ["2027-02-29", false],
    ["2026-00-10", false],
    ["2026-13-01", false],
    ["2026-04-31", false],
    ["2026-04-00", false],
    ["2026-4-1", false],
    ["2026-04-01T00:00", false],
    ["٢٠٢٦-٠١-٠١", false],
    ["", false],
  ])("%s", (text, want) => expect(isDay(text)).toBe(want));

  test("every day that Date knows", () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date("0100-01-01"), max: new Date("9999-12-31") }),
        (date) => {
          expect(isDay(date.toISOString().slice(0, 10))).toBe(true);
        },
      ),
    );
  });
});
