// The Markdown page: nothing of the data has a meaning in it, ticks stay for their round, and it changes only when something did.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../src/channels/markdown.ts";
import { richReminders, sampleOverview, sampleReminder } from "../../helpers/rotation-sample.ts";

const page = renderMarkdown(sampleOverview(richReminders()));
const openReminder = sampleReminder({ state: "due-soon", open: true });

/** The text without what a backslash takes the meaning from. */
function bare(text: string): string {
  return text.replaceAll(/\\[\\`*_[\]<>&|#~$@:]/g, "");
}

describe("the page", () => {
  it("names days and no distances, so that a day that passes changes nothing", () => {
    const later = { ...sampleOverview(richReminders()), at: "2026-12-24T00:00:00Z" };
    expect(renderMarkdown(later)).toBe(page);
  });

  it("says nothing of where a leak stands", () => {
    expect(page).toContain("ogarni-ai-x7k2m4p9");
    expect(page).not.toMatch(/prod\.env|1a2b3c4d/);
  });

  it("has a checklist for each that needs somebody, and the proof of each that was closed", () => {
    expect(page.match(/^### .*/gm)).toEqual([
      "### ogarni-ai-x7k2m4p9, round 1",
      "### search-key, round 1",
      "### map-key, round 3",
      "### mail-key, round 1",
      "### old-key, round 1",
    ]);
    expect(page.match(/^- \[ \] /gm)).toHaveLength(14);
    expect(page).toContain("- gone-key: verified inactive on 2026-11-27 (row invalid of its table)\n");
    expect(page).toContain("- kiosk-key: exempt until 2027-02-01: read-only demo\n");
  });

  it("closed nothing that was never due", () => {
    const { age, due = "" } = sampleReminder();
    const proof = { kind: "not-due", age, due } as const;
    expect(renderMarkdown(sampleOverview([sampleReminder({ proof })]))).not.toContain("## Closed");
    const closed = renderMarkdown(sampleOverview([sampleReminder({ proof, step: "closed" })]));
    expect(closed).toContain("## Closed\n\n- billing-key: not due any more: since 2026-10-12");
  });

  it.each([
    ["a pipe", "a|b", "a\\|b"],
    ["HTML", "<img src=x>", "\\<img src=x\\>"],
    ["a link", "[x](http://evil.example)", "\\[x\\](http\\://evil.example)"],
    ["a bare address", "WWW.evil.example", "WWW\\.evil.example"],
    ["code", "`rm`", "\\`rm\\`"],
    ["a new line", "a\n# b", "a\\\\n\\# b"],
    ["a terminal's escape", "a\u001b[31m", "a\\\\x1b\\[31m"],
    ["an entity", "&lt;", "\\&lt;"],
  ])("takes the meaning from %s", (_, owner, shown) => {
    expect(renderMarkdown(sampleOverview([sampleReminder({ owner })]))).toContain(`| ${shown} |\n`);
  });

  it("only links to https", () => {
    const of = (where: string): string =>
      renderMarkdown(sampleOverview([{ ...openReminder, playbook: { where, steps: ["x"] } }]));
    expect(of("https://acme.example/keys")).toContain("- Where: <https://acme.example/keys>\n");
    expect(of("javascript:alert(1)")).toContain("- Where: javascript:alert(1)\n");
    expect(of("https://a.example/> <b>")).toContain("- Where: https\\://a.example/\\> \\<b\\>\n");
  });

  it("whatever the texts: the same lines, the same cells, no markup", () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    const shape = (made: string): readonly number[] => made.split("\n").map((line) => bare(line).split("|").length);
    const expected = shape(renderMarkdown(sampleOverview([openReminder])));
    fc.assert(
      fc.property(text, (words) => {
        const made = renderMarkdown(sampleOverview([{ ...openReminder, owner: `x${words}` }]));
        expect(shape(made)).toEqual(expected);
        expect(bare(made).replaceAll(/<https:[^>]*>/g, "")).not.toMatch(/[<>]/);
      }),
    );
  });
});

describe("ticks", () => {
  const overview = sampleOverview([openReminder]);
  const made = renderMarkdown(overview);
  const ticked = made.replace("- [ ] deploy it", "- [x] deploy it");

  it("stay for the same round", () => {
    expect(renderMarkdown(overview, ticked)).toBe(ticked);
    expect(renderMarkdown(overview, ticked.replace("[x]", "[X]").replaceAll("\n", "\r\n"))).toBe(ticked);
  });

  it.each([
    ["the next round", { ...openReminder, cycle: 2 }],
    ["another credential", { ...openReminder, credential: "billing-key-2" }],
  ])("do not go over to %s", (_, reminder) => {
    expect(renderMarkdown(sampleOverview([reminder]), ticked)).not.toContain("[x]");
  });

  it("of an earlier page that is none are left alone", () => {
    expect(renderMarkdown(overview, "- [x] deploy it\n\u0000\n### ")).toBe(made);
  });
});
