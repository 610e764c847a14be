// The HTML page in a real browser: what people see, press and type, and what leaves the page (nothing).

import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/model/finding.ts";
import { renderHtml } from "../../src/report/format-html.ts";
import { plainOptions } from "../../src/report/options.ts";
import { findChromium, startChromium } from "../helpers/browser.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { auditReport } from "../helpers/report-audit.ts";
import { incidentAt, incidentReport } from "../helpers/report-incident.ts";
import { richReport } from "../helpers/report-rich.ts";
import { sampleFinding, sampleFrame, sampleOccurrence, sampleReport, sampleVerdict } from "../helpers/report-sample.ts";

/** As much of a browser's globals as these tests use inside the page. */
interface ElementLike {
  open: boolean;
  value: string;
  innerHTML: string;
  readonly innerText: string;
  readonly scrollWidth: number;
  readonly clientWidth: number;
  readonly getBoundingClientRect: () => { readonly top: number };
  readonly dispatchEvent: (event: Event) => boolean;
}

interface PageGlobals {
  readonly axe: {
    readonly run: () => Promise<{
      readonly violations: readonly {
        readonly id: string;
        readonly impact: string;
        readonly nodes: readonly { html: string }[];
      }[];
    }>;
  };
  readonly document: {
    readonly body: ElementLike;
    readonly documentElement: ElementLike;
    readonly activeElement: ElementLike;
    readonly querySelector: (selector: string) => ElementLike;
    readonly querySelectorAll: (selector: string) => Iterable<ElementLike>;
  };
  readonly getComputedStyle: (element: unknown) => { readonly backgroundColor: string };
}

const executable = findChromium(process.env);
// A reporter that only counts what was skipped would not say why.
if (executable === undefined) {
  process.stderr.write("SKIPPED: the HTML page in a browser: no Chromium in the search path; CHROMIUM may name one\n");
}

/** A report in which everything that somebody may name has that name. */
function longReport(name: string): Report {
  const finding = sampleFinding({
    facts: [{ name, value: name }],
    occurrences: [sampleOccurrence(name, 1, { author: name, frame: sampleFrame(name, "…(9)", name) })],
  });
  const rotate = { everyDays: 90, source: "default", where: `https://${name}.example`, steps: [name] } as const;
  const report = sampleReport([sampleVerdict(finding, { reasons: [name] })], {
    problems: [{ kind: "unreadable", path: name, message: name, hint: name }],
  });
  const named = { name, providerName: name, what: name, risk: name, rotate };
  return { ...report, rules: report.rules.map((rule) => ({ ...rule, ...named })) };
}

describe.skipIf(executable === undefined)("the page in a browser", () => {
  const folder = temporaryFolder();
  const closing: (() => Promise<void>)[] = [];
  let browser: Browser;

  beforeAll(async () => {
    browser = await startChromium(executable ?? "");
  });

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  afterAll(async () => {
    await browser?.close();
    removeTemporary();
  });

  function write(name: string, report: Report): string {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, renderHtml(report, { ...plainOptions, scannedAt: incidentAt }));
    return pathToFileURL(file).href;
  }

  const incident = write("incident", incidentReport(230));
  const pages: readonly (readonly [string, string])[] = [
    ["an incident", incident],
    ["a scan", write("scan", richReport())],
    ["an audit", write("audit", auditReport())],
    ["a clean run", write("clean", sampleReport([]))],
  ];

  /** Everything that a page complained about or asked for besides itself. */
  interface Watched {
    readonly page: Page;
    readonly trouble: string[];
    readonly requests: string[];
  }

  async function open(url: string, options: BrowserContextOptions = {}): Promise<Watched> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    closing.push(() => context.close());
    const page = await context.newPage();
    const trouble: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("dialog", (dialog) => {
      trouble.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(url);
    return { page, trouble, requests };
  }

  const status = (page: Page): Promise<string> => page.getByRole("status").innerText();
  const entries = (page: Page): Promise<number> => page.locator("ol.cards > li").count();

  describe.each(pages)("%s", (_, url) => {
    it("asks for nothing, and complains about nothing", async () => {
      const { page, trouble, requests } = await open(url);
      for (const summary of (await page.locator("summary").all()).slice(0, 3)) await summary.click();
      expect([requests, trouble]).toEqual([[url], []]);
    });

    it("asks its server for nothing but itself", async () => {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(request.url ?? "");
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(readFileSync(new URL(url)));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const { port } = server.address() as AddressInfo;
        const { page } = await open(`http://127.0.0.1:${port}/report`);
        await page.waitForTimeout(200);
        expect(asked).toEqual(["/report"]);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });

    const looks = [
      ["light", 1280],
      ["dark", 360],
    ] as const;

    it.each(looks)("has no serious fault for axe, and nothing hangs over: %s, %d wide", async (theme, width) => {
      // axe is put in from outside, which the page's own policy would forbid.
      const view = { bypassCSP: true, colorScheme: theme, viewport: { width, height: 900 } };
      const { page } = await open(url, view);
      await page.evaluate(axe.source);
      await page.locator("details").evaluateAll((all) => {
        for (const details of all.slice(0, 2)) (details as unknown as ElementLike).open = true;
      });
      const faults = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as PageGlobals).axe.run();
        return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
      });
      expect(faults).toEqual([]);
      const over = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = (globalThis as unknown as PageGlobals).document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect(over).toBe(0);
    });
  });

  describe("ten thousand secrets", () => {
    const count = 10_000;
    const big = write("big", incidentReport(count));

    it("are shown, filtered and turned over in under a second each", async () => {
      const { page, trouble } = await open(big);
      expect(await status(page)).toBe("10,000 secrets");
      expect(await entries(page)).toBe(50);
      // From the first byte to a list that can be used, as the browser itself measures it; the best of three.
      const times: number[] = [];
      for (let turn = 0; turn < 3; turn++) {
        await page.reload();
        times.push(
          await page.evaluate(() => {
            const [entry] = performance.getEntriesByType("navigation" as "resource");
            return (entry as unknown as { loadEventEnd: number }).loadEventEnd;
          }),
        );
      }
      expect(Math.min(...times)).toBeLessThan(1000);
      const filter = async (words: string): Promise<number> =>
        page.evaluate((text) => {
          const { document } = globalThis as unknown as PageGlobals;
          const field = document.querySelector("input[type=search]");
          const since = performance.now();
          field.value = text;
          field.dispatchEvent(new Event("input", { bubbles: true }));
          // Reading a size makes the browser lay everything out.
          return document.documentElement.scrollWidth > 0 ? performance.now() - since : Number.NaN;
        }, words);
      const filtering = [
        await filter("s"),
        await filter("stripe ada"),
        await filter("settings-9 billing"),
        await filter(""),
      ];
      expect(filtering.filter((time) => !(time < 1000))).toEqual([]);
      expect(await status(page)).toBe("10,000 secrets");
      await filter("kw1-9999");
      expect([await status(page), await entries(page)]).toEqual(["1 of 10,000 secrets", 1]);
      expect(trouble).toEqual([]);
    });
  });

  describe("text that poses as markup", () => {
    const path = "<script>window.ran=1;alert(1)</script><img src=x onerror=alert(2)>";
    const frame = sampleFrame('<b onclick="alert(3)">', "…(9)", "</script><script>alert(4)</script>");
    const finding = sampleFinding({
      occurrences: [sampleOccurrence(path, 1, { frame, author: "</style><svg onload=alert(5)>" })],
    });
    const report = sampleReport([sampleVerdict(finding)], {
      problems: [{ kind: "unreadable", path, message: path, hint: path }],
    });
    const url = write("hostile", report);

    it("is text, and runs nothing", async () => {
      const { page, trouble } = await open(url);
      await page.locator("summary").click();
      expect(await page.locator(".cards .place").innerText()).toBe(`${path}:1:5`);
      expect(await page.locator("pre").innerText()).toBe(`${frame.text}`);
      expect(await page.evaluate(() => (globalThis as { ran?: number }).ran)).toBe(undefined);
      expect(await page.locator("img, svg[onload], b[onclick]").count()).toBe(0);
      expect(trouble).toEqual([]);
    });

    it("of any length breaks where the window ends", async () => {
      const long = "x".repeat(300);
      const { page } = await open(write("long", longReport(long)), { viewport: { width: 360, height: 900 } });
      await page.locator("summary").click();
      expect(await page.locator("details[open] .body").innerText()).toContain(long);
      const over = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = (globalThis as unknown as PageGlobals).document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect(over).toBe(0);
    });

    it("could not run, or become markup, if it were in the page: the policy is in force", async () => {
      const { page } = await open(url);
      const refusal = await page.evaluate(() => {
        const { document } = globalThis as unknown as PageGlobals;
        try {
          document.body.innerHTML = "<b>x</b>";
          return "none";
        } catch (error) {
          return (error as Error).name;
        }
      });
      expect(refusal).toBe("TypeError");
    });
  });

  describe("a reader", () => {
    it("sees at once what is alive, where, and what to do", async () => {
      const { page } = await open(incident);
      const seen = await page.evaluate(() => {
        const { document } = globalThis as unknown as PageGlobals;
        return [...document.querySelectorAll("h1, .urgent > li:first-child")].map((element) => {
          const { top } = element.getBoundingClientRect();
          return [top < 900, element.innerText] as const;
        });
      });
      expect(seen.map(([isInView]) => isInView)).toEqual([true, true]);
      expect(seen[0]?.[1]).toBe("2 secrets are alive");
      expect(seen[1]?.[1]).toMatch(/Alive[^]*services\/billing[^]*Create a new key[^]*Open console/);
    });

    it("gets everywhere with the keyboard", async () => {
      const { page } = await open(incident);
      const focused = (): Promise<string> =>
        page.evaluate(() => (globalThis as unknown as PageGlobals).document.activeElement.innerText);
      await page.keyboard.press("Tab");
      expect(await focused()).toBe("To the secrets");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.type("twilio");
      expect(await status(page)).toMatch(/^\d+ of 230 secrets$/);
      await page.locator("summary").first().focus();
      await page.keyboard.press("Enter");
      expect(await page.locator("details[open] h3").allInnerTexts()).toEqual([
        "What to do",
        "Where it is",
        "What is known",
      ]);
    });

    it("narrows the list by state, severity, group and words, and clears it again", async () => {
      const { page } = await open(incident);
      const tile = page.getByRole("button", { name: /alive, proven/ });
      await tile.click();
      expect([await status(page), await tile.getAttribute("aria-pressed")]).toEqual(["2 of 230 secrets", "true"]);
      expect(await page.locator(".cards .badge").allInnerTexts()).toEqual(["Alive", "Alive"]);
      await page.getByLabel("Severity").selectOption("high");
      expect([await status(page), await page.locator(".cards").textContent()]).toEqual([
        "0 of 230 secrets",
        "Nothing matches. Clear the filter to see all secrets.",
      ]);
      await page.getByRole("button", { name: "Clear" }).click();
      expect([await status(page), await tile.getAttribute("aria-pressed")]).toEqual(["230 secrets", "false"]);
      await page.locator("button[data-facet=author]").first().click();
      expect(await status(page)).toMatch(/^\d+ of 230 secrets$/);
      await page.getByRole("button", { name: /^Only Ada Example/ }).click();
      expect(await status(page)).toBe("230 secrets");
      await page.getByLabel("Order").selectOption("oldest");
      const ages = (await page.locator(".cards .time").allInnerTexts()).map((text) => Number.parseInt(text, 10));
      expect(ages).toEqual(ages.toSorted((a, b) => b - a));
    });

    it("turns pages, and follows a link to a secret on another one", async () => {
      const { page, trouble } = await open(incident);
      const pager = page.locator(".pager").first();
      await pager.getByRole("button", { name: "Last" }).click();
      expect([await pager.locator(".says").innerText(), await entries(page)]).toEqual(["Page 5 of 5", 30]);
      expect(await pager.getByRole("button", { name: "Next" }).isDisabled()).toBe(true);
      await page.locator(".urgent a[href='#f-kw1-6']").click();
      await page.locator("#f-kw1-6 details[open]").waitFor();
      expect(await pager.locator(".says").innerText()).toBe("Page 1 of 5");
      // The address points there already; the list has moved on.
      await page.getByRole("searchbox").fill("twilio");
      expect(await page.locator("#f-kw1-6").count()).toBe(0);
      await page.locator(".urgent a[href='#f-kw1-6']").click();
      await page.locator("#f-kw1-6 details[open]").waitFor();
      await page.goto(`${incident}#f-kw1-43`);
      expect(await page.locator("#f-kw1-43").count()).toBe(1);
      await page.goto(`${incident}#f-%`);
      expect(trouble).toEqual([]);
    });

    it("picks a theme", async () => {
      const { page } = await open(incident, { colorScheme: "dark" });
      const ground = (): Promise<string> =>
        page.locator("body").evaluate((body) => {
          return (globalThis as unknown as PageGlobals).getComputedStyle(body).backgroundColor;
        });
      const seen = [await ground()];
      const button = page.locator("#theme");
      for (const name of ["light", "dark", "system"]) {
        await button.click();
        expect(await button.innerText()).toBe(`Theme: ${name}`);
        seen.push(await ground());
      }
      expect(seen[0]).toBe(seen[2]);
      expect(seen[0]).toBe(seen[3]);
      expect(seen[0]).not.toBe(seen[1]);
    });

    const announce = (page: Page, what: string): Promise<unknown> =>
      page.evaluate((name) => (globalThis as unknown as ElementLike).dispatchEvent(new Event(name)), what);

    it("prints every secret with its playbook, and goes on as before", async () => {
      const { page, trouble } = await open(incident, { colorScheme: "dark" });
      const pager = page.locator(".pager").first();
      await pager.getByRole("button", { name: "Next" }).click();
      await page.locator("summary").nth(3).click();
      const [first, opened] = [page.locator(".cards > li").first(), page.locator(".cards > li:has(details[open])")];
      const before = [await first.getAttribute("id"), await opened.getAttribute("id")];
      await announce(page, "beforeprint");
      await announce(page, "beforeprint");
      expect(await page.locator("details[open] .body ol.steps").count()).toBe(230);
      expect(new Set(await page.locator(".cards > li").evaluateAll((all) => all.map(({ id }) => id))).size).toBe(230);
      await page.emulateMedia({ media: "print" });
      expect(await page.locator(".paper").innerText()).toBe("All 230 secrets.");
      expect([await pager.isVisible(), await page.locator("form").isVisible()]).toEqual([false, false]);
      const pdf = await page.pdf();
      expect(pdf.subarray(0, 5).toString("latin1")).toBe("%PDF-");
      await announce(page, "afterprint");
      await page.emulateMedia({ media: "screen" });
      expect([await first.getAttribute("id"), await opened.getAttribute("id")]).toEqual(before);
      expect([await entries(page), await page.locator(".paper").isVisible()]).toEqual([50, false]);
      expect(await pager.locator(".says").innerText()).toBe("Page 2 of 5");
      expect(trouble).toEqual([]);
    });

    it("says on paper what the filter leaves out, and what is too much for paper", async () => {
      const { page } = await open(write("many", incidentReport(700)));
      await page.getByLabel("Severity").selectOption("high");
      await page.getByRole("searchbox").fill("twilio");
      await announce(page, "beforeprint");
      expect(await page.locator(".paper").textContent()).toBe("140 of 700 secrets: with “twilio”; high.");
      expect(await page.locator("details[open]").count()).toBe(140);
      await announce(page, "afterprint");
      await page.getByRole("button", { name: "Clear" }).click();
      await announce(page, "beforeprint");
      expect(await page.locator(".paper").textContent()).toBe(
        "All 700 secrets. On paper are the first 500; a filter brings others.",
      );
      expect(await page.locator("details[open]").count()).toBe(500);
    });

    it("without JavaScript has a table of the most urgent secrets, with playbooks", async () => {
      const { page } = await open(incident, { javaScriptEnabled: false });
      expect(await page.locator("tbody tr").count()).toBe(100);
      expect(await page.locator("#plain").isVisible()).toBe(true);
      expect(await page.locator("#plain section ol.steps").first().innerText()).toContain("Create a new key");
      expect(await page.locator("#theme").isVisible()).toBe(false);
    });
  });
});
