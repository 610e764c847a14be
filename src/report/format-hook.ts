// A report and a hook's stage → the few lines that fit a commit: what, where, how to fix it, how to allow it. Nothing when clean.

import type { Finding, Report, Verdict } from "../model/finding.ts";
import type { HookStage } from "../model/hook.ts";
import { colorsFor } from "../base/colors.ts";
import type { Colors } from "../base/colors.ts";
import { escapeText } from "../base/escape.ts";
import { hang } from "../base/layout.ts";
import type { RenderOptions } from "./options.ts";
import { inNamedFile, placeNotes, placeOf } from "./places.ts";
import { acting } from "./select.ts";
import { paintSeverity } from "./terminal-finding.ts";
import { counted } from "../base/counted.ts";
import { allowFor, glossaryOf, nameOf, providerOf } from "./words.ts";
import type { Glossary } from "./words.ts";

/** So many places of a secret are listed. */
const placesShown = 3;
/** So many secrets are listed: whoever stages more has to look at a scan. */
const secretsShown = 10;

const where: Readonly<Record<HookStage, string>> = {
  "pre-commit": "in this commit",
  "commit-msg": "in the commit message",
  "pre-push": "in this push",
};

/** What undoes it, by when it was noticed: nothing has left the machine yet. */
const fixes: Readonly<Record<HookStage, string>> = {
  "pre-commit":
    "Read it from the environment or a secret store, take it out of the file, and stage the file again (git add).",
  "commit-msg": "Write the message without it. The text is kept; `git rev-parse --git-path COMMIT_EDITMSG` says where.",
  "pre-push":
    "It has not left this machine. Take it out of the commits that hold it (git commit --amend, git rebase -i), then push again. A later commit that deletes it would not help.",
};

const scans: Readonly<Record<HookStage, string>> = {
  "pre-commit": "keywarden scan --staged",
  "commit-msg": 'keywarden scan "$(git rev-parse --git-path COMMIT_EDITMSG)"',
  "pre-push": "keywarden scan --range @{upstream}..HEAD",
};

/** How to allow what stands in earlier commits: a comment that is added today does not reach them. */
function allowText(finding: Finding, stage: HookStage): readonly [text: string, code: string] {
  if (stage === "pre-commit" && finding.occurrences.some(inNamedFile)) {
    const { text, code } = allowFor(finding);
    return [text, code];
  }
  return [
    "Not a secret? Say why in .keywarden/config.yml:",
    `allow: [{ fingerprints: ["${finding.fingerprint}"], reason: "…" }]`,
  ];
}

function findingLines(
  { finding }: Verdict,
  glossary: Glossary,
  style: { options: RenderOptions; colors: Colors },
): readonly string[] {
  const { options, colors } = style;
  const severity = paintSeverity(finding.severity, finding.severity, colors);
  const name = `${nameOf(finding, glossary)}  ${finding.secret.masked}`;
  const more = finding.occurrences.length - placesShown;
  return [
    `  ${colors.bold(escapeText(name))}  ${severity}  ${colors.dim(escapeText(`${providerOf(finding, glossary)} (${finding.rule})`))}`,
    ...finding.occurrences.slice(0, placesShown).map((one) => {
      const notes = placeNotes(one).join(", ");
      return `    at ${colors.cyan(escapeText(placeOf(one)))}${notes === "" ? "" : `  ${colors.dim(escapeText(notes))}`}`;
    }),
    ...(more > 0 ? hang("    ", `and ${counted(more, "more place")}`, options.width) : []),
  ];
}

function adviceLines(blocking: readonly Verdict[], stage: HookStage, width: number): readonly string[] {
  const allows = new Map(blocking.map(({ finding }) => allowText(finding, stage).toReversed() as [string, string]));
  const [text = ""] = allows.values();
  return [
    ...hang("  Fix    ", fixes[stage], width),
    ...hang("  Allow  ", text, width),
    ...[...allows.keys()].slice(0, placesShown).map((code) => `         ${escapeText(code)}`),
  ];
}

/**
 * Renders for a person in the middle of a commit or push. Empty where nothing was found and all was read. Masked
 * always; what others wrote is escaped. Ends with a line break.
 */
export function renderHook(report: Report, stage: HookStage, options: RenderOptions): string {
  const colors = colorsFor(options);
  const glossary = glossaryOf(report);
  const style = { options, colors };
  const found = acting(report);
  const blocking = found.filter(({ decision }) => decision === "block");
  const warnings = found.length - blocking.length;
  const lines: string[] = [];
  if (blocking.length > 0) {
    lines.push(
      `keywarden: ${colors.bold(colors.red(counted(blocking.length, "secret")))} ${where[stage]}, so git stops here.`,
      "",
    );
    for (const verdict of blocking.slice(0, secretsShown)) lines.push(...findingLines(verdict, glossary, style), "");
    if (blocking.length > secretsShown)
      lines.push(`  and ${counted(blocking.length - secretsShown, "more secret")}: ${scans[stage]}`, "");
    lines.push(...adviceLines(blocking.slice(0, secretsShown), stage, options.width));
  }
  if (warnings > 0 && blocking.length === 0) {
    lines.push(`keywarden: ${counted(warnings, "possible secret")} ${where[stage]}; this does not stop git.`);
    const listed = found.slice(0, secretsShown);
    for (const verdict of listed) lines.push(...findingLines(verdict, glossary, style));
    if (found.length > listed.length) lines.push(`  and more: ${scans[stage]}`);
  }
  if (!report.coverage.complete) lines.push(...problemLines(report, options.width));
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function problemLines(report: Report, width: number): readonly string[] {
  return [
    "keywarden: not everything could be read, and what was not read was not checked:",
    ...report.problems.flatMap(({ message, hint }) => [
      ...hang("  ", escapeText(message), width),
      ...(hint === undefined ? [] : hang("    ", escapeText(hint), width)),
    ]),
  ];
}
