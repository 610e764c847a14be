// A checked-out tree, scanned and audited: what a scan finds in it, at which place and by whose leave, the audit gives too.

import { symlinkSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { scan } from "../../src/index.ts";
import type { PartialSettings, Report } from "../../src/index.ts";
import { auditDay, auditOf } from "../helpers/audit-rig.ts";
import { tokenOf, tokenRules } from "../helpers/cli-tokens.ts";
import { plantTree } from "../helpers/cli-tree.ts";
import { GitRepo, gitTestEnv, removeTemporary } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

/** What makes a place the same place to both; the decision, too. */
function places(report: Report, isFromAudit: boolean): string[] {
  return report.verdicts.flatMap(({ finding, decision, suppressed }) =>
    finding.occurrences
      .filter(({ part, object }) => part === "file" && (!isFromAudit || object === undefined))
      .map((at) =>
        [
          finding.fingerprint,
          finding.rule,
          finding.confidence,
          finding.severity,
          finding.secret.masked,
          decision,
          suppressed?.kind ?? "-",
          `${at.path}:${at.line}:${at.column}-${at.endLine}:${at.endColumn}`,
          at.decodedFrom?.join() ?? "",
        ].join(" "),
      ),
  );
}

/** The same places as history has them: objects at paths, without what only the work tree can say. */
function committed(report: Report): Set<string> {
  return new Set(
    report.verdicts.flatMap(({ finding }) =>
      finding.occurrences
        .filter(({ object }) => object !== undefined)
        .map((at) => `${finding.fingerprint} ${at.path}:${at.line}:${at.column} ${at.decodedFrom?.join() ?? ""}`),
    ),
  );
}

let repo: GitRepo;

beforeAll(() => {
  repo = GitRepo.create();
  plantTree(repo.dir, 90);
  const [one, two, three, four] = ["one", "two", "three", "four"].map((seed) =>
    tokenOf("github.personal-token", `scan ${seed}`),
  ) as [string, string, string, string];
  repo.write("allowed.txt", `x = "${one}" # keywarden:allow a test\ny = "${two}"\n`);
  repo.write("block.txt", `# keywarden:allow-next-line for tests\nz = "${three}"\n`);
  repo.write("crlf.txt", `a\r\nb = "${four}"\r\n\r\nc = "${tokenOf("slack.bot-token", "scan crlf")}"\r\n`);
  repo.write("weak.env", `password=hunter2hunter2\nAPI_KEY=${"abcd1234".repeat(4)}\nsecret: "correct horse"\n`);
  repo.write("utf8.txt", `${"\u00e4\u4e2d".repeat(50)} "${tokenOf("npm.access-token", "scan wide")}"\n`);
  repo.write("no-end.txt", tokenOf("gitlab.access-token", "scan end"));
  repo.write(".hidden/deep/a b.txt", `${tokenRules.map((rule) => tokenOf(rule, "scan all")).join("\n")}\n`);
  repo.write(".gitignore", "ignored.txt\n");
  repo.write("ignored.txt", `i = "${tokenOf("npm.access-token", "scan ignored")}"\n`);
  symlinkSync("crlf.txt", join(repo.dir, "link"));
  repo.commit("all of it");
  repo.write("crlf.txt", "now\n");
  repo.commit("without one");
  repo.write("crlf.txt", `a\r\nb = "${four}"\r\n`);
  repo.write("beside.txt", `u = "${tokenOf("npm.access-token", "scan beside")}"\n`);
});

describe.each<[what: string, settings: PartialSettings]>([
  ["as it comes", {}],
  ["everything that is possible", { minConfidence: "low" }],
  ["some rules", { only: ["github", "slack", "npm.access-token"], minConfidence: "low" }],
  ["not decoded", { maxDecodeDepth: 0 }],
  ["some paths", { include: ["part-*/**", "*.txt"], exclude: ["part-3"], minConfidence: "low" }],
  ["ignored files, too", { gitignore: false }],
])("%s", (_, settings) => {
  test("the audit has each place of the scan", async () => {
    const scanned = await scan({ paths: ["."], cwd: repo.dir, settings, env: gitTestEnv, now: auditDay });
    const audited = await auditOf(repo.dir, { settings });
    const wants = places(scanned, false);
    expect(wants.length).toBeGreaterThan(5);
    expect(places(audited, true).toSorted()).toEqual(wants.toSorted());
    expect(audited.coverage.files).toBe(scanned.coverage.files);
  });

  test("and so it has without the work tree, for what is committed", async () => {
    repo.git("stash", "-q", "-u");
    try {
      const scanned = await scan({ paths: ["."], cwd: repo.dir, settings, env: gitTestEnv, now: auditDay });
      const found = committed(await auditOf(repo.dir, { settings, worktree: false }));
      const wants = scanned.verdicts.flatMap(({ finding }) =>
        finding.occurrences
          .filter(({ path }) => path !== "ignored.txt")
          .map((at) => `${finding.fingerprint} ${at.path}:${at.line}:${at.column} ${at.decodedFrom?.join() ?? ""}`),
      );
      expect(wants.filter((want) => !found.has(want))).toEqual([]);
    } finally {
      repo.git("stash", "pop", "-q");
    }
  });
});

test("files of two versions, one larger than the other, for which memory grows between one look and the next", async () => {
  const large = GitRepo.create();
  const text = Array.from({ length: 200_000 }, (_, line) => `line ${(line * 2_654_435_761) % 4_294_967_296}\n`).join(
    "",
  );
  const sizes = Array.from({ length: 17 }, (_, place) => Math.round(500_000 * 1.12 ** place));
  for (const version of ["first", "second"]) {
    const files = sizes.map((size, place): [string, string] => [`f${10 + place}.txt`, version + text.slice(0, size)]);
    large.commit(version, Object.fromEntries(files));
  }
  large.git("repack", "-adfq");
  const report = await auditOf(large.dir, { settings: { jobs: 1 } });
  expect([report.problems, report.coverage.complete]).toEqual([[], true]);
});
