// The matches of all contents in, findings out: one per secret, with every place it stands in.

import { compareText } from "../base/compare-text.ts";
import type { Provenance } from "../model/blob.ts";
import type { Finding, Occurrence } from "../model/finding.ts";
import type { Fact, Match } from "../model/match.ts";
import { confidences, severities } from "../model/rule.ts";
import { pairFact } from "./pair.ts";
import type { PairedMatch } from "./pair.ts";

/** What one content gave: where it stands, its secrets, and for each of them (by index) what may allow it. */
export interface ScannedContent<Allow> {
  readonly provenance: readonly Provenance[];
  /** Without identifiers: see pair.ts. */
  readonly matches: readonly PairedMatch[];
  readonly allowed?: readonly (Allow | undefined)[];
}

/** Findings in the order of their fingerprints, and what was said to allow each of their places. */
export interface Grouped<Allow> {
  readonly findings: readonly Finding[];
  /** Only places of which something was said; several matches at one place may each have been allowed. */
  readonly allowed: ReadonlyMap<Occurrence, readonly Allow[]>;
}

interface Place<Allow> {
  readonly occurrence: Occurrence;
  readonly allow: Allow | undefined;
}

interface Gathered<Allow> {
  readonly matches: PairedMatch[];
  readonly places: Place<Allow>[];
}

/** Same place: path, line, column, commit, part and git object. The rest of the order only settles which twin is kept. */
function comparePlaces(a: Occurrence, b: Occurrence): number {
  return (
    compareText(a.path, b.path) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.commit ?? "", b.commit ?? "") ||
    compareText(a.part, b.part) ||
    compareText(a.object ?? "", b.object ?? "")
  );
}

function compareTwins(a: Occurrence, b: Occurrence): number {
  return (
    comparePlaces(a, b) ||
    (a.decodedFrom?.length ?? 0) - (b.decodedFrom?.length ?? 0) ||
    a.endLine - b.endLine ||
    a.endColumn - b.endColumn ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

/** The most informative first: a certain provider, not decoded, sure, severe; then by name. */
function compareMatches(a: Match, b: Match): number {
  return (
    (a.candidates?.length ?? 0) - (b.candidates?.length ?? 0) ||
    a.decodedFrom.length - b.decodedFrom.length ||
    confidences.indexOf(b.confidence) - confidences.indexOf(a.confidence) ||
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    compareText(a.rule, b.rule) ||
    compareText(a.provider, b.provider) ||
    compareText(a.secret.masked, b.secret.masked)
  );
}

function occurrenceOf(match: Match, provenance: Provenance): Occurrence {
  const { path, part, commit, object, author, date } = provenance;
  return {
    path,
    part,
    ...match.location,
    ...(commit === undefined ? {} : { commit }),
    ...(object === undefined ? {} : { object }),
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    ...(match.decodedFrom.length === 0 ? {} : { decodedFrom: match.decodedFrom }),
    ...(match.frame === undefined ? {} : { frame: match.frame }),
  };
}

function strongest<Level extends string>(order: readonly Level[], levels: readonly Level[]): Level {
  return order[Math.max(...levels.map((level) => order.indexOf(level)))] as Level;
}

/** The earliest dated commit; undated commits say nothing about when. */
function firstSeenOf(occurrences: readonly Occurrence[]): Finding["firstSeen"] {
  let first: { readonly time: number; readonly occurrence: Occurrence } | undefined;
  for (const occurrence of occurrences) {
    const time = Date.parse(occurrence.date ?? "");
    if (occurrence.commit === undefined || Number.isNaN(time)) continue;
    const order =
      first === undefined ? -1 : time - first.time || compareText(occurrence.commit, first.occurrence.commit ?? "");
    if (order < 0) first = { time, occurrence };
  }
  if (first === undefined) return undefined;
  const { commit, author, date } = first.occurrence;
  return {
    commit: commit as string,
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
  };
}

/** One definite partner among all places is the partner; two different ones are none. */
function partnerOf(matches: readonly PairedMatch[]): Pick<Finding, "pairedWith" | "facts"> {
  const partners = new Map<string, { readonly rule: string; readonly value: string }>();
  const facts = new Map<string, Fact>();
  for (const match of matches) {
    if (match.pairedWith !== undefined) partners.set(match.pairedWith.value, match.pairedWith);
    for (const fact of match.facts) facts.set(`${fact.name}\0${fact.value}`, fact);
  }
  const united = [...facts.values()].filter((fact) => fact.name !== pairFact || partners.size === 0);
  if (partners.size > 1) united.push({ name: pairFact, value: `ambiguous: ${partners.size} candidates` });
  united.sort((a, b) => compareText(a.name, b.name) || compareText(a.value, b.value));
  const [partner] = partners.values();
  return { facts: united, ...(partners.size === 1 && partner !== undefined ? { pairedWith: partner } : {}) };
}

function findingOf(fingerprint: string, matches: PairedMatch[], occurrences: readonly Occurrence[]): Finding {
  matches.sort(compareMatches);
  const best = matches[0] as PairedMatch;
  const candidates = new Set(best.candidates === undefined ? [] : matches.flatMap((match) => match.candidates ?? []));
  const firstSeen = firstSeenOf(occurrences);
  return {
    fingerprint,
    rule: best.rule,
    provider: best.provider,
    ...(candidates.size === 0 ? {} : { candidates: [...candidates].sort(compareText) }),
    severity: strongest(
      severities,
      matches.map((match) => match.severity),
    ),
    confidence: strongest(
      confidences,
      matches.map((match) => match.confidence),
    ),
    secret: best.secret,
    ...partnerOf(matches),
    ...(firstSeen === undefined ? {} : { firstSeen }),
    occurrences,
  };
}

/** Sorts places and removes twins; what was said about a twin is kept with the place that stays. */
function settlePlaces<Allow>(places: Place<Allow>[], allowed: Map<Occurrence, Allow[]>): readonly Occurrence[] {
  places.sort((a, b) => compareTwins(a.occurrence, b.occurrence));
  const kept: Occurrence[] = [];
  for (const { occurrence, allow } of places) {
    let place = kept.at(-1);
    if (place === undefined || comparePlaces(place, occurrence) !== 0) {
      kept.push(occurrence);
      place = occurrence;
    }
    if (allow === undefined) continue;
    const said = allowed.get(place);
    if (said === undefined) allowed.set(place, [allow]);
    else said.push(allow);
  }
  return kept;
}

/**
 * Unites the matches that carry one fingerprint. The strongest severity and confidence win; the rule, provider and
 * secret come from the most informative match (a certain provider before candidates, plain before decoded); facts are
 * united and sorted; places are sorted by path, line, column and commit in code units, each once. The findings do not
 * depend on the order of `scanned` (of allows at one place, the order may).
 */
export function groupMatches<Allow = never>(scanned: Iterable<ScannedContent<Allow>>): Grouped<Allow> {
  const gathered = new Map<string, Gathered<Allow>>();
  for (const content of scanned) {
    for (const [index, match] of content.matches.entries()) {
      let group = gathered.get(match.fingerprint);
      if (group === undefined) {
        group = { matches: [], places: [] };
        gathered.set(match.fingerprint, group);
      }
      group.matches.push(match);
      const allow = content.allowed?.[index];
      for (const provenance of content.provenance)
        group.places.push({ occurrence: occurrenceOf(match, provenance), allow });
    }
  }
  const allowed = new Map<Occurrence, Allow[]>();
  const findings = [...gathered]
    .sort(([a], [b]) => compareText(a, b))
    .map(([fingerprint, { matches, places }]) => findingOf(fingerprint, matches, settlePlaces(places, allowed)));
  return { findings, allowed };
}
