// Turns a report into the data of its HTML page: masked, and every text escaped for showing.

import type { Finding, Report, Verdict } from "../model/finding.ts";
import { isActive, isDead } from "../model/verification.ts";
import { escapeCode, escapeText } from "../base/escape.ts";
import { ageText, dayOf, exposureText, originLines } from "./history-words.ts";
import type { PageData, PageFinding, PagePlace, PageRule, PageState } from "./html-data.ts";
import { daysShown, deadlineText, exposureOf, periodText } from "./html-exposure.ts";
import { facetsOf } from "./html-facets.ts";
import type { RenderOptions } from "./options.ts";
import { placeNotes, placeOf } from "./places.ts";
import { actingOrSuppressed } from "./select.ts";
import { verificationText } from "./verification-words.ts";
import {
  adviceFor,
  allowFor,
  decisionWords,
  firstSeenOf,
  glossaryOf,
  nameOf,
  pairOf,
  providerOf,
  stepsOf,
  suppressionText,
  whereToFix,
} from "./words.ts";
import type { Glossary } from "./words.ts";

/** How many places of one secret the page holds; the rest is counted. */
const maxPlacesInPage = 40;
/** Code on either side of a mask, in UTF-16 code units, characters whole; a line of minified code has no end. */
const maxFrameSide = 160;

function stateOf({ verification, suppressed, decision }: Verdict): PageState {
  if (isActive(verification)) return "active";
  if (isDead(verification)) return "dead";
  return suppressed !== undefined || decision === "allow" ? "allowed" : "open";
}

function labelOf({ verification, suppressed }: Verdict, state: PageState): string {
  if (state === "active") return "Alive";
  if (state === "dead") return verification?.status === "revoked" ? "Revoked" : "Inactive";
  if (state === "allowed") return suppressed === undefined ? "Low confidence" : "Allowed";
  return verification?.status === "unknown" ? "No proof" : "Not verified";
}

/** The index of an equal item, which is added where it is new. */
class Pool<Item> {
  readonly items: Item[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(key: string, make: () => Item): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.items.length);
    return this.items.push(make()) - 1;
  }
}

/** What shaping one finding needs besides the verdict. */
interface ShapeContext {
  readonly glossary: Glossary;
  readonly options: RenderOptions;
  /** Whole days since 1970-01-01, UTC. */
  readonly today: number | undefined;
  readonly isAudit: boolean;
  readonly texts: Pool<string>;
  readonly rules: Pool<PageRule>;
}

/** Rules may be anybody's: only the address of a page becomes a link, as a browser spells it. */
function linkTo(address: string): Pick<PageRule, "where"> {
  if (!URL.canParse(address)) return {};
  const { protocol, href } = new URL(address);
  return protocol === "https:" ? { where: href } : {};
}

function shapeRule(finding: Finding, glossary: Glossary): PageRule {
  const rule = glossary.rule(finding.rule);
  const where = whereToFix(rule);
  return {
    id: escapeText(finding.rule),
    name: escapeText(nameOf(finding, glossary)),
    what: escapeText(rule?.what ?? ""),
    risk: escapeText(rule?.risk ?? ""),
    steps: stepsOf(rule).map(escapeText),
    ...(where === undefined ? {} : linkTo(where)),
    period: periodText(rule?.rotate),
  };
}

function textAt(text: string, { texts }: ShapeContext): number {
  return texts.indexOf(text, () => escapeText(text));
}

function shapeNotes(verdict: Verdict, context: ShapeContext): readonly number[] {
  const { finding, verification, suppressed, decision, reasons } = verdict;
  const rule = context.glossary.rule(finding.rule);
  return [
    verification === undefined ? "" : verificationText(verification, rule),
    suppressed === undefined ? "" : `suppressed by ${suppressionText(suppressed)}`,
    finding.facts.map(({ name, value }) => `${name}: ${value}`).join(", "),
    pairOf(finding) ?? "",
    finding.origin === undefined ? (firstSeenOf(finding) ?? "") : "",
    `verdict: ${[suppressed === undefined ? decisionWords[decision] : "suppressed", ...reasons].join("; ")}`,
  ]
    .filter((note) => note !== "")
    .map((note) => textAt(note, context));
}

function shapePlaces({ occurrences }: Finding, context: ShapeContext): readonly PagePlace[] {
  return occurrences.slice(0, maxPlacesInPage).map((occurrence) => {
    return [escapeText(placeOf(occurrence)), textAt(placeNotes(occurrence).join(", "), context)];
  });
}

function shapeFrame({ occurrences }: Finding): Pick<PageFinding, "frame"> {
  const frame = occurrences[0]?.frame;
  if (frame === undefined) return {};
  const { text, start, end } = frame;
  const before = text.slice(0, start).trimStart();
  const after = text.slice(end).trimEnd();
  return {
    frame: [
      (before.length > maxFrameSide ? "…" : "") +
        escapeCode(before.slice(-maxFrameSide).replace(/^[\udc00-\udfff]/, "")),
      escapeCode(text.slice(start, end)),
      escapeCode(after.slice(0, maxFrameSide).replace(/[\ud800-\udbff]$/, "")) +
        (after.length > maxFrameSide ? "…" : ""),
    ],
  };
}

/** The lines of its history but the first, which says where it is today: `reach` has that. */
function shapeHistory(finding: Finding): PageFinding["history"] {
  const lines = originLines(finding).filter(([title]) => title !== "Found");
  return lines.map(([title, text]) => [title, escapeText(text)]);
}

function shapeTime(verdict: Verdict, state: PageState, context: ShapeContext) {
  const { finding } = verdict;
  const exposure = exposureOf(finding, context.glossary.rule(finding.rule)?.rotate);
  // What is dead, or no secret, has nothing left to rotate.
  const due = state === "active" || state === "open" ? exposure?.due : undefined;
  return {
    age: ageText(finding, context.options.scannedAt),
    deadline: deadlineText(due, context.today),
    overdue: due !== undefined && context.today !== undefined && due < context.today,
    ...(exposure === undefined ? {} : { exposure }),
  };
}

type Ungrouped = Omit<PageFinding, "groups">;

function shapeFinding(verdict: Verdict, context: ShapeContext): Ungrouped {
  const { finding } = verdict;
  const { glossary, rules, isAudit } = context;
  const state = stateOf(verdict);
  const allow = allowFor(finding);
  return {
    id: escapeText(finding.fingerprint),
    rule: rules.indexOf(finding.rule, () => shapeRule(finding, glossary)),
    secret: escapeText(finding.secret.masked),
    provider: escapeText(providerOf(finding, glossary)),
    severity: finding.severity,
    confidence: finding.confidence,
    state,
    label: labelOf(verdict, state),
    notes: shapeNotes(verdict, context),
    reach: textAt(isAudit || finding.origin !== undefined ? exposureText(finding) : "", context),
    ...shapeTime(verdict, state, context),
    history: shapeHistory(finding),
    places: shapePlaces(finding, context),
    morePlaces: Math.max(0, finding.occurrences.length - maxPlacesInPage),
    ...shapeFrame(finding),
    advice: textAt(adviceFor(finding), context),
    allowText: textAt(allow.text, context),
    allow: escapeText(allow.code),
  };
}

/**
 * The data of the page: what asks for action, then what is dead or allowed; findings of too low a confidence only with
 * `verbose`. Secrets are masked whatever the options say.
 */
export function shapePage(report: Report, options: RenderOptions): PageData {
  const verdicts = actingOrSuppressed(report, options);
  const today = options.scannedAt === undefined ? undefined : dayOf(options.scannedAt);
  const context: ShapeContext = {
    glossary: glossaryOf(report),
    options,
    today,
    isAudit: report.coverage.objects !== undefined,
    texts: new Pool<string>(),
    rules: new Pool<PageRule>(),
  };
  const shaped = verdicts.map((verdict) => shapeFinding(verdict, context));
  const facets = facetsOf(
    verdicts,
    shaped.map(({ state }) => state),
    context.glossary,
  );
  const { path, author, provider } = facets;
  const findings = shaped.map((finding, index) => {
    const groups = { path: path.indexes[index] ?? [], author: author.indexes[index] ?? [] };
    return { ...finding, groups: { ...groups, provider: provider.indexes[index] ?? [] } };
  });
  return {
    findings,
    rules: context.rules.items,
    texts: context.texts.items,
    facets: { path: path.facet, author: author.facet, provider: provider.facet },
    ...daysShown(
      shaped.flatMap(({ exposure }) => exposure ?? []),
      today,
    ),
  };
}
