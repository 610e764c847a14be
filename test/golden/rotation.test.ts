// Every channel over one rich overview, compared byte for byte with the files in test/golden/rotation.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderCalendar } from "../../src/channels/ics.ts";
import { renderRotationJson } from "../../src/channels/json.ts";
import { renderMarkdown } from "../../src/channels/markdown.ts";
import { renderRotationTerminal } from "../../src/channels/terminal.ts";
import { richReminders, sampleOverview } from "../helpers/rotation-sample.ts";

const folder = join(import.meta.dirname, "rotation");
const plain = { color: false, width: 100, verbose: false };
const overview = sampleOverview(richReminders());

const files: Readonly<Record<string, string>> = {
  "terminal.txt": renderRotationTerminal(overview, plain),
  "terminal-narrow.txt": renderRotationTerminal(overview, { ...plain, width: 40 }),
  // The file shows an escape character by its symbol, so that it can be read and diffed.
  "terminal-color.txt": renderRotationTerminal(overview, { ...plain, color: true }).replaceAll("\u001b", "\u241b"),
  "terminal-empty.txt": renderRotationTerminal(sampleOverview([]), plain),
  "rotation.md": renderMarkdown(overview),
  "empty.md": renderMarkdown(sampleOverview([])),
  "rotation-report.json": renderRotationJson(overview),
  "rotation.ics": renderCalendar(overview),
};

describe("golden channels", () => {
  it.each(Object.entries(files))("%s", (file, text) => {
    const path = join(folder, file);
    // Carriage returns of the calendar are its grammar's and tested elsewhere.
    const lines = (value: string): string => value.replaceAll("\r\n", "\n");
    if (process.env.UPDATE_GOLDEN) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, lines(text));
    }
    expect(lines(text)).toBe(lines(readFileSync(path, "utf8")));
  });
});
