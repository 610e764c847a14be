// Turns one verdict into its block of terminal lines: what, where, why it matters, what to do.

import type { Colors } from "../base/colors.ts";
import { counted } from "../base/counted.ts";
import { escapeText } from "../base/escape.ts";
import { displayWidth, hang } from "../base/layout.ts";
import type { Finding, Occurrence, Verdict } from "../model/finding.ts";
import type { Severity } from "../model/rule.ts";
import { isActive } from "../model/verification.ts";
import { originLines } from "./history-words.ts";
import { maxPlaces } from "./options.ts";
import type { RenderOptions } from "./options.ts";
import { placeNotes, placeOf } from "./places.ts";
import { revealed } from "./reveal.ts";
import { renderFrame } from "./terminal-frame.ts";
import { verificationText } from "./verification-words.ts";
import {
  adviceFor,
  allowFor,
  decisionWords,
  firstSeenOf,
  nameOf,
  pairOf,
  providerOf,
  stepsOf,
  suppressionText,
  whereToFix,
} from "./words.ts";
import type { Glossary } from "./words.ts";

/** What rendering a block needs besides the verdict. */
export interface TerminalContext {
  readonly glossary: Glossary;
  readonly options: RenderOptions;
  readonly colors: Colors;
  /** Rules whose explanation was already given; the block adds its own. */
  readonly explained: Set<string>;
}

/** The severity in the colour it has everywhere. */
export function paintSeverity(severity: Severity, text: string, colors: Colors): string {
  if (severity === "critical") return colors.bold(colors.red(text));
  if (severity === "high") return colors.red(text);
  if (severity === "medium") return colors.yellow(text);
  return severity === "low" ? colors.blue(text) : colors.dim(text);
}

function renderHead(verdict: Verdict, context: TerminalContext): readonly string[] {
  const { finding, decision, suppressed } = verdict;
  const { colors, glossary, options } = context;
  const severity = finding.severity.toUpperCase();
  const name = escapeText(nameOf(finding, glossary));
  const judged = `${finding.confidence} confidence, ${suppressed === undefined ? decisionWords[decision] : "suppressed"}`;
  const gap = options.width - displayWidth(severity) - displayWidth(name) - displayWidth(judged) - 2;
  const title = `${paintSeverity(finding.severity, severity, colors)}  ${colors.bold(name)}`;
  const secret = escapeText(revealed(finding, options) ?? finding.secret.masked);
  return [
    ...(gap >= 2 ? [`${title}${" ".repeat(gap)}${colors.dim(judged)}`] : [title, `  ${colors.dim(judged)}`]),
    `  ${colors.bold(secret)}`,
    ...hang("  ", escapeText(`${providerOf(finding, glossary)} (${finding.rule})`), options.width),
    ...renderProof(verdict, context),
  ];
}

/** What the provider said: the one thing that decides what to do tonight. */
function renderProof(
  { finding, verification }: Verdict,
  { colors, glossary, options }: TerminalContext,
): readonly string[] {
  if (verification === undefined) return [];
  const text = escapeText(verificationText(verification, glossary.rule(finding.rule)));
  const paint = isActive(verification) ? (line: string) => colors.bold(colors.red(line)) : (line: string) => line;
  return hang("  ", text, options.width).map(paint);
}

function renderFacts(verdict: Verdict, context: TerminalContext): readonly string[] {
  const { finding, suppressed, reasons } = verdict;
  const facts = finding.facts.map((fact) => `${fact.name}: ${fact.value}`);
  const lines = [
    facts.join(", "),
    pairOf(finding) ?? "",
    finding.origin === undefined ? (firstSeenOf(finding) ?? "") : "",
    suppressed === undefined ? "" : `suppressed by ${suppressionText(suppressed)}`,
    // The first says why this level, which the title shows; the others say what does not count, and why.
    ...(context.options.verbose ? reasons : reasons.slice(1)),
  ];
  return lines.filter((line) => line !== "").flatMap((line) => hang("  ", escapeText(line), context.options.width));
}

function renderOrigin(finding: Finding, context: TerminalContext): readonly string[] {
  const { options, colors } = context;
  return originLines(finding).flatMap(([title, text]) => {
    const [first = "", ...rest] = hang(`  ${title.padEnd(12)}`, escapeText(text), options.width);
    return [title === "" ? first : first.replace(title, colors.dim(title)), ...rest];
  });
}

function renderPlace(occurrence: Occurrence, context: TerminalContext): readonly string[] {
  const { colors, options } = context;
  const place = escapeText(placeOf(occurrence));
  const notes = escapeText(placeNotes(occurrence).join(", "));
  if (notes === "") return [`  at ${colors.cyan(place)}`];
  if (displayWidth(place) + displayWidth(notes) + 8 <= options.width)
    return [`  at ${colors.cyan(place)}  ${colors.dim(notes)}`];
  return [`  at ${colors.cyan(place)}`, ...hang("     ", notes, options.width).map((line) => colors.dim(line))];
}

function renderPlaces(finding: Finding, context: TerminalContext): readonly string[] {
  const { options, colors } = context;
  const shown = options.verbose ? finding.occurrences : finding.occurrences.slice(0, maxPlaces);
  const rest = finding.occurrences.length - shown.length;
  const lines = shown.flatMap((occurrence, index) => {
    const place = renderPlace(occurrence, context);
    if (index > 0 || occurrence.frame === undefined) return place;
    const input = { frame: occurrence.frame, line: occurrence.line, width: options.width };
    return [...place, ...renderFrame(input, colors), ...(finding.occurrences.length > 1 ? [""] : [])];
  });
  if (rest === 0) return lines;
  return [
    ...lines,
    ...hang("  ", `and ${counted(rest, "more place")} ${colors.dim("(--verbose lists them)")}`, options.width),
  ];
}

function renderAdvice(finding: Finding, context: TerminalContext): readonly string[] {
  const { colors, glossary, options, explained } = context;
  const rule = glossary.rule(finding.rule);
  const say = (lead: string, text: string): readonly string[] => hang(lead, escapeText(text), options.width);
  if (explained.has(finding.rule)) {
    return [...say("  ", `What to do: as for ${finding.rule} above.`)];
  }
  explained.add(finding.rule);
  const where = whereToFix(rule);
  const allow = allowFor(finding);
  return [
    ...(rule === undefined ? [] : [...say("  What   ", rule.what), ...say("  Risk   ", rule.risk)]),
    ...say("  Do     ", adviceFor(finding)),
    ...stepsOf(rule).flatMap((step, index) => say(`         ${index + 1}. `, step)),
    ...(where === undefined ? [] : [`         ${colors.dim("at")} ${colors.underline(escapeText(where))}`]),
    ...say("  Allow  ", allow.text),
    `         ${colors.cyan(escapeText(allow.code))}`,
  ];
}

/** The block of one verdict, without a blank line at its end. The advice is given once for each rule. */
export function renderFinding(verdict: Verdict, context: TerminalContext): readonly string[] {
  const groups = [
    [...renderHead(verdict, context), ...renderFacts(verdict, context)],
    renderOrigin(verdict.finding, context),
    renderPlaces(verdict.finding, context),
    verdict.decision === "allow" ? [] : renderAdvice(verdict.finding, context),
  ];
  return groups.filter((group) => group.length > 0).flatMap((group, index) => (index === 0 ? group : ["", ...group]));
}
