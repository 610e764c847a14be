// Every place in which git can hide something: an audit finds the token there, and says how it came there and who has it.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { formatReport } from "../../src/index.ts";
import type { Report } from "../../src/index.ts";
import { auditOf, fillerStream, fingerprintsOf, toldOf } from "../helpers/audit-rig.ts";
import type { Told } from "../helpers/audit-rig.ts";
import { leaksIn } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";
import { buildHidingPlaces } from "../helpers/hiding-places.ts";
import type { HidingPlaces } from "../helpers/hiding-places.ts";

afterAll(removeTemporary);

let places: HidingPlaces;
let fingerprints: ReadonlyMap<string, string>;

beforeAll(async () => {
  places = buildHidingPlaces();
  fingerprints = await fingerprintsOf(Object.values(places.tokens));
  // So many that threads are started for them.
  places.repo.run(["fast-import", "--quiet"], { input: fillerStream("filler", 40, 60) });
});

function tellAll(report: Report): Record<string, Told | undefined> {
  const byPrint = new Map(report.verdicts.map(({ finding }) => [finding.fingerprint, finding]));
  return Object.fromEntries(
    Object.entries(places.tokens).map(([place, token]) => {
      const finding = byPrint.get(fingerprints.get(token) as string);
      return [place, finding === undefined ? undefined : toldOf(finding, places.nameOf)];
    }),
  );
}

const shapes: readonly [name: string, pack: (repo: GitRepo) => void][] = [
  ["loose objects", () => undefined],
  ["after git gc, which keeps what dangles loose", (repo) => void repo.git("gc", "-q")],
  ["everything in one pack", (repo) => void repo.git("repack", "-q", "-a", "-d", "-f", "-k", "--depth=50")],
];

describe("every hiding place", () => {
  let first: string | undefined;

  test.each(shapes)("%s", async (_, pack) => {
    pack(places.repo);
    const reports = [await auditOf(places.repo.dir, { settings: { jobs: 1 } })];
    reports.push(await auditOf(places.repo.dir, { settings: { jobs: 2 } }));
    for (const report of reports) {
      const told = tellAll(report);
      if (process.env["SHOW"]) console.log(JSON.stringify(told, null, 1), JSON.stringify(report.coverage));
      for (const [place, want] of Object.entries(places.wants))
        expect([place, told[place]]).toMatchObject([place, want]);
      expect(report.problems).toEqual([]);
      expect(report.coverage).toMatchObject({ complete: true, unseen: [] });
      // Nothing beside what was planted.
      expect(report.verdicts).toHaveLength(Object.keys(places.tokens).length);
      first ??= formatReport(report, "json");
      expect(formatReport(report, "json")).toBe(first);
    }
  });

  test("no format shows a token, names of files and people included", async () => {
    const report = await auditOf(places.repo.dir);
    const tokens = Object.values(places.tokens);
    for (const format of [
      "terminal",
      "json",
      "jsonl",
      "sarif",
      "gitleaks-json",
      "csv",
      "junit",
      "github",
      "gitlab",
    ] as const)
      expect([format, leaksIn(formatReport(report, format, { verbose: true }), tokens)]).toEqual([format, []]);
  });
});
