// A repository in, what an audit says of it in plain records out: finds by the token that was planted.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { audit, scan } from "../../src/index.ts";
import type { AuditOptions, Finding, Report } from "../../src/index.ts";
import { gitTestEnv } from "./git-repo.ts";

/** The day of every audit in tests. */
export const auditDay = new Date(Date.UTC(2026, 5, 1));

/** Audits in this process, cut off from this machine. */
export function auditOf(dir: string, options: AuditOptions = {}): Promise<Report> {
  return audit({ repository: dir, cwd: dir, env: gitTestEnv, now: auditDay, ...options });
}

/** The fingerprint of each token, by token: two of the same kind have masks that look alike. */
export async function fingerprintsOf(tokens: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const report = await scan({ text: tokens.map((token) => `token ${token}\n`).join("\n"), now: auditDay });
  const byLine = new Map<number, string>();
  for (const { finding } of report.verdicts)
    for (const { line } of finding.occurrences) byLine.set(line, finding.fingerprint);
  return new Map(tokens.map((token, place) => [token, byLine.get(2 * place + 1) ?? "no rule knows it"]));
}

/** A finding as tests compare it. */
export interface Told {
  readonly exposure: string;
  /** `commit path` and `merge`; absent where no commit holds it. */
  readonly introduced?: string;
  /** `from..until,until` of each stretch. */
  readonly presence: readonly string[];
  /** `kind:count:names` of the refs that reach it. */
  readonly refs: readonly string[];
  readonly tips: readonly string[];
  /** `path (part) commit` of each place. */
  readonly places: readonly string[];
}

function listRefs(refs: NonNullable<Finding["origin"]>["refs"]): string[] {
  return refs.map(({ kind, count, examples }) => `${kind}:${count}:${examples.join(",")}`);
}

/** One finding in short; `none` as exposure where it has no origin. Commits are named by `nameOf`. */
export function toldOf(finding: Finding, nameOf: (commit: string) => string): Told {
  const { origin, occurrences } = finding;
  const introduced = origin?.introduced;
  return {
    exposure: origin?.exposure ?? "none",
    ...(introduced === undefined
      ? {}
      : { introduced: `${nameOf(introduced.commit)} ${introduced.path}${introduced.merge ? " merge" : ""}` }),
    presence: (origin?.presence ?? []).map(
      ({ from, until }) => `${nameOf(from.commit)}..${until.map(({ commit }) => nameOf(commit)).join()}`,
    ),
    refs: listRefs(origin?.refs ?? []),
    tips: listRefs(origin?.tips ?? []),
    places: occurrences.map(({ path, part, commit }) => {
      return `${path} (${part})${commit === undefined ? "" : ` ${nameOf(commit)}`}`;
    }),
  };
}

/** `rule path:line:column part commit mask` of every place of every finding, sorted. */
export function placesOf(report: Report): string[] {
  return report.verdicts
    .flatMap(({ finding }) =>
      finding.occurrences.map(
        ({ path, line, column, part, commit = "-" }) =>
          `${finding.rule} ${path}:${line}:${column} ${part} ${commit} ${finding.secret.masked}`,
      ),
    )
    .sort();
}

/** How many of a kind were not seen. */
export function unseenOf(report: Report, kind: string): number {
  return report.coverage.unseen?.find((one) => one.kind === kind)?.count ?? 0;
}

/** So many commits with files below `filler/`, as a stream for `git fast-import` onto a branch of their own. */
export function fillerStream(branch: string, commits: number, filesEach: number): string {
  const lines: string[] = [];
  for (let commit = 0; commit < commits; commit++) {
    lines.push(
      `commit refs/heads/${branch}`,
      `mark :${commit + 1}`,
      "committer Carl <carl@example.com> 1700000000 +0000",
    );
    lines.push("data 6", "filler", ...(commit === 0 ? [] : [`from :${commit}`]));
    for (let file = 0; file < filesEach; file++) {
      const text = `filler ${commit}/${file}: nothing to see here, line of text\n`.repeat(3);
      lines.push(`M 100644 inline filler/${commit % 7}/${file % 13}/f${file}.txt`, `data ${text.length}`, text);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Writes a file of a repository that git is not told of. */
export function writeRaw(dir: string, path: string, content: string | Uint8Array): void {
  writeFileSync(join(dir, path), content);
}
