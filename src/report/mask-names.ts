// A report's texts in, the same texts without the names that hold a secret out: each stands as its masked form.

import type { Problem } from "../model/blob.ts";
import type { Coverage, Finding, Occurrence } from "../model/finding.ts";
import type { CommitPoint, Origin, ReachingRefs } from "../model/history.ts";

/** A name (path, part of a path, ref, author) that holds a secret, and what is shown in its place. */
export interface HiddenName {
  readonly name: string;
  readonly shown: string;
}

/** Replaces hidden names wherever they stand in a text. */
export type NameMask = (text: string) => string;

/** The mask of these names, longest first, so that a name inside another does not spoil it. */
export function nameMask(names: readonly HiddenName[]): NameMask {
  const ordered = names.filter(({ name }) => name !== "").toSorted((a, b) => b.name.length - a.name.length);
  return (text) => ordered.reduce((shown, hidden) => shown.replaceAll(hidden.name, () => hidden.shown), text);
}

function maskPoint<Point extends CommitPoint>(point: Point, mask: NameMask): Point {
  return point.author === undefined ? point : { ...point, author: mask(point.author) };
}

function maskRefs(refs: readonly ReachingRefs[], mask: NameMask): readonly ReachingRefs[] {
  return refs.map((some) => ({ ...some, examples: some.examples.map(mask) }));
}

function maskOrigin(origin: Origin, mask: NameMask): Origin {
  const { introduced, tips, presence, refs } = origin;
  return {
    ...origin,
    ...(introduced === undefined
      ? {}
      : { introduced: { ...maskPoint(introduced, mask), path: mask(introduced.path) } }),
    ...(tips === undefined ? {} : { tips: maskRefs(tips, mask) }),
    presence: presence.map((stretch) => {
      const { from, until } = stretch;
      return { ...stretch, from: maskPoint(from, mask), until: until.map((point) => maskPoint(point, mask)) };
    }),
    refs: maskRefs(refs, mask),
  };
}

function maskOccurrence(occurrence: Occurrence, mask: NameMask): Occurrence {
  const { author } = occurrence;
  return { ...occurrence, path: mask(occurrence.path), ...(author === undefined ? {} : { author: mask(author) }) };
}

/** The finding with every name in it masked; its order of places stays. */
export function maskFinding(finding: Finding, mask: NameMask): Finding {
  const { firstSeen, origin, occurrences } = finding;
  return {
    ...finding,
    ...(firstSeen === undefined ? {} : { firstSeen: maskPoint(firstSeen, mask) }),
    ...(origin === undefined ? {} : { origin: maskOrigin(origin, mask) }),
    occurrences: occurrences.map((occurrence) => maskOccurrence(occurrence, mask)),
  };
}

/** The coverage with every name in it masked. */
export function maskCoverage(coverage: Coverage, mask: NameMask): Coverage {
  const examplesIn = <Part extends { readonly examples: readonly string[] }>(part: Part): Part => {
    return { ...part, examples: part.examples.map(mask) };
  };
  return {
    ...coverage,
    sources: coverage.sources.map(mask),
    skipped: coverage.skipped.map(examplesIn),
    ...(coverage.unseen === undefined ? {} : { unseen: coverage.unseen.map(examplesIn) }),
  };
}

/** The problem with every name in it masked. */
export function maskProblem(problem: Problem, mask: NameMask): Problem {
  const { path, message, hint } = problem;
  return {
    ...problem,
    message: mask(message),
    ...(path === undefined ? {} : { path: mask(path) }),
    ...(hint === undefined ? {} : { hint: mask(hint) }),
  };
}
