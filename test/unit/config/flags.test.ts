// Flags and their merging with the file: every setting has its flag, and each flag says what the file would say.

import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addSettingFlags } from "../../../src/config/flags.ts";
import type { Setting } from "../../../src/config/kinds.ts";
import { camelCase, formatNames } from "../../../src/config/kinds.ts";
import { mergeSettings } from "../../../src/config/merge.ts";
import type { PartialSettings } from "../../../src/config/settings.ts";
import { foreignSuppressions, settings } from "../../../src/config/settings.ts";
import type { KeywardenError } from "../../../src/errors.ts";
import { UsageError } from "../../../src/errors.ts";

const table: readonly Setting[] = settings;

function typed(...args: string[]): PartialSettings {
  const command = new Command("scan").argument("[paths...]").exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  const read = addSettingFlags(command);
  command.parse(args, { from: "user" });
  return read();
}

describe("flags", () => {
  test.each<[args: string[], want: PartialSettings]>([
    [[], {}],
    [["--include", "a/**", "--include", "b/**"], { include: ["a/**", "b/**"] }],
    [["--exclude", "*.{js,ts}"], { exclude: ["*.{js,ts}"] }],
    [["--only", "stripe, acme.live-key", "--only", "aws"], { only: ["stripe", "acme.live-key", "aws"] }],
    [["--gitignore"], { gitignore: true }],
    [["--no-gitignore"], { gitignore: false }],
    [["--no-gitignore", "--gitignore"], { gitignore: true }],
    [["--no-baseline"], { baseline: false }],
    [["--baseline", "known.json"], { baseline: "known.json" }],
    [["--no-color"], { color: "never" }],
    [["--color", "always"], { color: "always" }],
    [["--jobs", "4"], { jobs: 4 }],
    [["-j", "auto"], { jobs: "auto" }],
    [["-j4"], { jobs: 4 }],
    [["--jobs", "4", "--jobs", "2"], { jobs: 2 }],
    [["--exit-code=0"], { exitCode: 0 }],
    [["--fail-on", "never"], { failOn: "never" }],
    [["--show-secrets", "--timings"], { showSecrets: true, timings: true }],
    [["--no-honour"], { honour: [] }],
    [["--honour", "pragma: allowlist secret"], { honour: ["pragma: allowlist secret"] }],
    [["--max-memory", "512M", "--cache-size=2GiB"], { maxMemory: 512 * 1024 ** 2, cacheSize: 2 * 1024 ** 3 }],
    [["--format", "json"], { format: [{ format: "json" }] }],
    [["--format", "json", "--output", "a"], { format: [{ format: "json", output: "a" }] }],
    [["--output", "a", "--format", "json"], { format: [{ format: "json", output: "a" }] }],
    [
      ["--format", "terminal", "--format", "sarif", "--output", "a", "--format", "csv", "--output", "b"],
      { format: [{ format: "terminal" }, { format: "sarif", output: "a" }, { format: "csv", output: "b" }] },
    ],
    [
      ["--output", "a", "--format", "json", "--output", "b", "--format", "csv"],
      {
        format: [
          { format: "json", output: "a" },
          { format: "csv", output: "b" },
        ],
      },
    ],
    [
      ["--allow", "paths=a/**; paths=b,c ;rules=acme; reason=x = y; owner=me; until=2027-01-31;"],
      { allow: [{ paths: ["a/**", "b,c"], rules: ["acme"], reason: "x = y", owner: "me", until: "2027-01-31" }] },
    ],
  ])("%j", (args, want) => {
    expect(typed(...args)).toEqual(want);
  });

  test.each<[args: string[], says: RegExp]>([
    [["--fail-on", "hgih"], /--fail-on: expected one of low, medium, high, unknown, any, active, never/],
    [["--jobs", "0"], /--jobs: expected a whole number from 1 to 256 or auto/],
    [["--jobs", "1e2"], /--jobs/],
    [["--jobs", "-1"], /--jobs/],
    [["--jobs", ""], /--jobs/],
    [["--exit-code", "256"], /--exit-code: .* from 0 to 255/],
    [["--include", " "], /--include needs a value/],
    [["--max-memory", "lots"], /--max-memory: expected a size such as 512M or 1G, at least 64M/],
    [["--max-memory", "63M"], /--max-memory: expected a size/],
    [["--cache-size", "-1G"], /--cache-size: expected a size .* at least 1M/],
    [["--only", "a,,b"], /--only needs a value/],
    [["--honour", "nosec"], /--honour: expected one of/],
    [["--format", "xml"], /--format: expected one of/],
    [["--format", "json", "--output", ""], /--output needs a file name/],
    [["--output", "a"], /--output needs a --format/],
    [["--format", "json", "--output", "a", "--output", "b", "--output", "c"], /two --output/],
    [["--format", "json", "--output", "a", "--output", "b"], /--output needs a --format/],
    [["--allow", "rules=a"], /needs a reason/],
    [["--allow", "reason=a"], /needs paths, rules or fingerprints/],
    [["--allow", "rules=a;reason=b;until=2026-13-01"], /date of the calendar/],
    [["--allow", "rules=;reason=b"], /empty/],
    [["--allow", "rule=a;reason=b"], /names are paths, rules/],
    [["--allow", "a"], /names are paths, rules/],
  ])("%j is refused", (args, says) => {
    expect(() => typed(...args)).toThrow(UsageError);
    expect(() => typed(...args)).toThrow(says);
  });

  test("a near miss is named in the hint, the value never in the message", () => {
    try {
      typed("--fail-on", "hgih");
    } catch (error) {
      expect((error as KeywardenError).hint).toBe("Did you mean high?");
      expect((error as KeywardenError).message).not.toContain("hgih");
    }
    expect.assertions(2);
  });

  test.each(table.map((setting) => [setting.key, setting] as const))(
    "%s has a flag of its own name and a help line",
    (key, setting) => {
      expect(setting.flag).toMatch(new RegExp(`^(-[a-z], )?--${key}( |$)`));
      expect(new Command().createOption(setting.flag).attributeName()).toBe(camelCase(key));
      expect(setting.help).not.toMatch(/\.$|\n/);
      expect(setting.help.length).toBeLessThanOrEqual(100);
      expect(setting.doc).toMatch(/\.$/);
    },
  );

  test("help shows each of them", () => {
    const command = new Command("scan");
    addSettingFlags(command);
    const help = command.helpInformation();
    for (const setting of table) expect(help).toContain(setting.flag);
    expect(help).toContain("--output <file>");
  });
});

describe("mergeSettings", () => {
  test("defaults, when nobody says anything", () => {
    expect(mergeSettings({}, {})).toEqual({
      include: [],
      exclude: [],
      gitignore: true,
      rules: [],
      only: [],
      except: [],
      minSeverity: "info",
      minConfidence: "medium",
      failOn: "medium",
      exitCode: 1,
      format: [{ format: "terminal" }],
      showSecrets: false,
      maxDecodeDepth: 3,
      jobs: "auto",
      cacheSize: 1024 ** 3,
      honour: [...foreignSuppressions],
      allow: [],
      color: "auto",
      timings: false,
    });
  });

  const entry = (reason: string) => ({ rules: ["a"], reason });
  test.each<[name: string, file: PartialSettings, flags: PartialSettings, want: PartialSettings]>([
    ["the file over the default", { jobs: 2, gitignore: false }, {}, { jobs: 2, gitignore: false }],
    ["the flag over the file", { jobs: 2, failOn: "high" }, { jobs: "auto" }, { jobs: "auto", failOn: "high" }],
    ["a false flag over a true file", { timings: true }, { timings: false }, { timings: false }],
    ["a zero flag", { exitCode: 7 }, { exitCode: 0 }, { exitCode: 0 }],
    ["no baseline over a baseline", { baseline: "a" }, { baseline: false }, { baseline: false }],
    ["includes are replaced", { include: ["a"] }, { include: ["b"] }, { include: ["b"] }],
    ["selections are replaced", { only: ["a"], except: ["x"] }, { only: ["b"] }, { only: ["b"], except: ["x"] }],
    ["honour is replaced", { honour: ["ggignore"] }, { honour: [] }, { honour: [] }],
    ["excludes grow", { exclude: ["a"] }, { exclude: ["b"] }, { exclude: ["a", "b"] }],
    ["rules grow", { rules: ["a"] }, { rules: ["b"] }, { rules: ["a", "b"] }],
    ["allow grows", { allow: [entry("a")] }, { allow: [entry("b")] }, { allow: [entry("a"), entry("b")] }],
    [
      "formats are replaced",
      { format: [{ format: "csv" }] },
      { format: [{ format: "json" }] },
      { format: [{ format: "json" }] },
    ],
    ["a file cannot show secrets", { showSecrets: true }, {}, { showSecrets: false }],
  ])("%s", (_, file, flags, want) => {
    const before = JSON.stringify([file, flags]);
    expect(mergeSettings(file, flags)).toMatchObject(want);
    expect(JSON.stringify([file, flags])).toBe(before);
  });

  test("two reports to standard output are refused", () => {
    expect(() => mergeSettings({}, { format: formatNames.slice(0, 2).map((format) => ({ format })) })).toThrow(
      UsageError,
    );
  });
});
