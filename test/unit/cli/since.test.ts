// Dates of --since: the forms that git takes, and what is none.

import { describe, expect, it } from "vitest";
import { parseSince } from "../../../src/cli/since.ts";
import { UsageError } from "../../../src/errors.ts";

describe("--since", () => {
  it.each<[text: string, iso: string]>([
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    [" 2026-01-31 ", "2026-01-31T00:00:00.000Z"],
    ["2026-01-31T18:30:00Z", "2026-01-31T18:30:00.000Z"],
    ["2026-01-31T18:30", "2026-01-31T18:30:00.000Z"],
    ["2026-01-31T18:30:15.250Z", "2026-01-31T18:30:15.000Z"],
    ["2026-01-31T18:30:00+01:00", "2026-01-31T17:30:00.000Z"],
    ["2026-01-31 18:30:00 +0100", "2026-01-31T17:30:00.000Z"],
    ["2026-01-31 18:30:00 -0830", "2026-02-01T03:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ])("%j", (text, iso) => {
    expect(new Date(parseSince(text)).toISOString()).toBe(iso);
  });

  it.each([
    "",
    "yesterday",
    "2 weeks ago",
    "2026-02-30",
    "2026-1-31",
    "31.01.2026",
    "2026-01-31T25:00",
    "2026-01-31T18",
    "1767225600",
    "2026-01-31 x",
  ])("%j is none", (text) => {
    expect(() => parseSince(text)).toThrow(UsageError);
    expect(() => parseSince(text)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("2026-01-31T18:30:00Z") }),
    );
  });
});
