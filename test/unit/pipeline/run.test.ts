// A whole run over a folder: the lists beside it are honoured by hash, values do not stay, and baselines are written.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { mergeSettings } from "../../../src/config/merge.ts";
import type { PartialSettings } from "../../../src/config/settings.ts";
import { UsageError } from "../../../src/errors.ts";
import type { Report } from "../../../src/model/finding.ts";
import { importList, writeBaseline } from "../../../src/pipeline/run-baseline.ts";
import type { BaselineOutcome } from "../../../src/pipeline/run-baseline.ts";
import { runScan } from "../../../src/pipeline/run-scan.ts";
import { openTarget } from "../../../src/pipeline/scan-target.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { plantedToken } from "./planted.ts";

afterAll(removeTemporary);

const [known, fresh] = [plantedToken("known"), plantedToken("fresh")];

function tree(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

async function requestOf(root: string, given: PartialSettings = {}) {
  const settings = mergeSettings({}, given);
  const target = { kind: "paths", paths: ["src"] } as const;
  const source = await openTarget(target, { cwd: root, root }, settings);
  return { root, sources: [source], settings, env: {}, now: Date.UTC(2026, 0, 1) };
}

async function scanned(root: string, given: PartialSettings = {}): Promise<Report> {
  return (await runScan(await requestOf(root, given))).report;
}

function decisions(report: Report): string[] {
  return report.verdicts.flatMap(({ decision, suppressed, finding }) =>
    finding.occurrences.map((place) => `${place.path}:${place.line} ${decision} ${suppressed?.by ?? "-"}`),
  );
}

const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const detectSecrets = (secret: string, line: number): string =>
  JSON.stringify({
    version: "1.5.0",
    results: { "src/a": [{ type: "x", hashed_secret: sha1(secret), line_number: line }] },
  });

describe("other scanners' lists", () => {
  test.each<[what: string, list: string, text: string]>([
    ["detect-secrets", ".secrets.baseline", detectSecrets(known, 1)],
    ["detect-secrets, from another line", ".secrets.baseline", detectSecrets(known, 40)],
    [
      "ggshield",
      ".gitguardian.yaml",
      `version: 2\nsecret:\n  ignored_matches:\n    - match: ${sha256(known)}\n      name: old\n`,
    ],
    ["gitleaks", ".gitleaksignore", "src/a:generic-api-key:1\n"],
    ["betterleaks", ".betterleaksignore", "src/a:generic-api-key:1\n"],
  ])("%s: the known secret is allowed", async (_, list, text) => {
    const report = await scanned(tree({ [list]: text, "src/a": `T=${known}\n` }));
    expect(decisions(report)).toEqual([`src/a:1 allow ${list}`]);
    expect(report.summary.suppressed).toBe(1);
  });

  test("detect-secrets: a new secret on a listed line is new", async () => {
    const report = await scanned(tree({ ".secrets.baseline": detectSecrets(known, 1), "src/a": `T=${fresh}\n` }));
    expect(decisions(report)).toEqual(["src/a:1 block -"]);
  });

  test("values serve to look secrets up by hash, and do not stay in the report", async () => {
    const root = tree({
      ".secrets.baseline": detectSecrets(known, 1),
      "src/a": `T=${known}\n`,
      "src/b": `T=${fresh}\n`,
    });
    const values = (report: Report): string[] => report.verdicts.map(({ finding }) => finding.secret.reveal());
    expect(values(await scanned(root))).toEqual(["", ""]);
    expect(values(await scanned(root, { showSecrets: true })).toSorted()).toEqual([known, fresh].toSorted());
    const { report } = await runScan({ ...(await requestOf(root)), keepValues: true });
    expect(values(report).toSorted()).toEqual([known, fresh].toSorted());
  });
});

describe("a baseline", () => {
  const defaults = { reason: "there before" };
  const counts = ({ added, kept, gone, unmatched }: BaselineOutcome) => ({ added, kept, gone, unmatched });
  const write = async (root: string, how: { create: boolean; prune: boolean }): Promise<BaselineOutcome> =>
    writeBaseline(await requestOf(root), { ...how, defaults });
  const file = ".keywarden/baseline.json";

  // The list ends with null, so that every entry's line ends alike.
  const entriesOf = (root: string): unknown[] =>
    (JSON.parse(readFileSync(join(root, file), "utf8")) as { entries: unknown[] }).entries.filter(Boolean);

  test("made, brought up to date, pruned; a scan honours it, a new secret gets through", async () => {
    const root = tree({ "src/a": `T=${known}\n` });
    const made = await write(root, { create: true, prune: false });
    expect({ file: made.file, ...counts(made) }).toEqual({ file, added: 1, kept: 0, gone: 0, unmatched: 0 });
    expect(readFileSync(join(root, ".keywarden/salt"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
    expect(readFileSync(join(root, file), "utf8")).not.toContain(known.slice(-20));

    // Further down and in another file: still the same secret.
    writeFileSync(join(root, "src/a"), `T=${fresh}\n`);
    writeFileSync(join(root, "src/b"), `\n\nT=${known}\n`);
    expect(decisions(await scanned(root))).toEqual(["src/a:1 block -", `src/b:3 allow ${file}`]);

    expect(counts(await write(root, { create: false, prune: false }))).toMatchObject({ added: 1, kept: 1 });
    expect(decisions(await scanned(root)).every((line) => line.includes("allow"))).toBe(true);

    writeFileSync(join(root, "src/b"), "");
    expect(counts(await write(root, { create: false, prune: true }))).toMatchObject({ added: 0, kept: 1, gone: 1 });
    const text = readFileSync(join(root, file), "utf8");
    expect(entriesOf(root)).toMatchObject([{ reason: "there before" }]);
    await write(root, { create: false, prune: false });
    expect(readFileSync(join(root, file), "utf8")).toBe(text);
  });

  test("`create` replaces none, and makes no salt on the way", async () => {
    const root = tree({ "src/a": `T=${known}\n`, [file]: "{}" });
    await expect(write(root, { create: true, prune: false })).rejects.toThrow(UsageError);
    expect(existsSync(join(root, ".keywarden/salt"))).toBe(false);
    expect(readFileSync(join(root, file), "utf8")).toBe("{}");
  });

  test("with a key of one's own there is no salt", async () => {
    const root = tree({ "src/a": `T=${known}\n` });
    const env = { KEYWARDEN_KEY: "a key of enough characters" };
    await writeBaseline({ ...(await requestOf(root)), env }, { create: true, prune: false, defaults });
    expect(existsSync(join(root, ".keywarden/salt"))).toBe(false);
    await expect(scanned(root)).rejects.toThrow(/key/);
  });

  test("takes over another scanner's list: what it names, and nothing else", async () => {
    const root = tree({ "src/a": `T=${known}\n`, "src/b": `T=${fresh}\n` });
    const list = { kind: "detect-secrets", text: detectSecrets(known, 1), file: ".secrets.baseline" } as const;
    const imported = await importList(await requestOf(root), { ...list, owner: "ops", until: "2030-01-01" });
    expect(counts(imported)).toEqual({ added: 1, kept: 0, gone: 0, unmatched: 0 });
    expect(decisions(await scanned(root))).toEqual(["src/b:1 block -", `src/a:1 allow ${file}`]);
    expect(entriesOf(root)).toMatchObject([
      { owner: "ops", until: "2030-01-01", reason: expect.stringContaining(".secrets.baseline") as string },
    ]);
    const again = await importList(await requestOf(root), { ...list, text: detectSecrets(plantedToken("gone"), 9) });
    expect(counts(again)).toEqual({ added: 0, kept: 1, gone: 0, unmatched: 1 });
  });
});
