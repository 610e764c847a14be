// Findings → in which paths, of whom and of which provider they are: groups few enough to be read.

import type { Occurrence, Verdict } from "../model/finding.ts";
import { compareText } from "../base/compare-text.ts";
import { isActive } from "../model/verification.ts";
import { escapeText } from "../base/escape.ts";
import type { FacetKind, PageFacet, PageState } from "./html-data.ts";
import { inNamedFile } from "./places.ts";
import { providerOf } from "./words.ts";
import type { Glossary } from "./words.ts";

/** Paths are cut to so many folders that no more groups than this are left, if that can be. */
const maxPathGroups = 12;
/** How many groups of a facet the page has. */
const maxGroups = 8;

const partNames: Readonly<Record<Exclude<Occurrence["part"], "file">, string>> = {
  message: "messages of commits",
  tag: "messages of tags",
  author: "names of authors",
  name: "names of files and refs",
};

/** The first `depth` parts of a path, with a slash at the end where it was cut. */
function cut(path: string, depth: number): string {
  let end = -1;
  for (let part = 0; part < depth; part++) {
    end = path.indexOf("/", end + 1);
    if (end < 0) return path;
  }
  return path.slice(0, end + 1);
}

/** How many folders two paths share from the root on. */
function foldersShared(path: string, other: string): number {
  let count = 0;
  for (let at = 0; at < path.length && path[at] === other[at]; at++) if (path[at] === "/") count++;
  return count;
}

function pathOf(occurrence: Occurrence): string | undefined {
  return inNamedFile(occurrence) ? occurrence.path : undefined;
}

/**
 * How many parts of a path are kept: as many as leave few enough groups, at least one. Sorted paths of one folder stand
 * together, so each neighbour begins a new group as soon as more parts are kept than it shares folders with the one before.
 */
function depthFor(paths: ReadonlySet<string>): number {
  const sorted = [...paths].sort();
  const shared = sorted.slice(1).map((path, index) => foldersShared(path, sorted[index] ?? ""));
  return Math.max(1, shared.sort((a, b) => a - b)[maxPathGroups - 1] ?? Number.POSITIVE_INFINITY);
}

function pathsIn(verdict: Verdict, depth: number): readonly string[] {
  return verdict.finding.occurrences.map((occurrence) => {
    const path = pathOf(occurrence);
    if (path !== undefined) return cut(path, depth);
    return occurrence.part === "file" ? "blobs without a name" : partNames[occurrence.part];
  });
}

/** Who brought it in, as far as anybody knows. */
function authorsIn({ finding }: Verdict): readonly string[] {
  const { origin, firstSeen, occurrences } = finding;
  const author = origin?.introduced?.author ?? firstSeen?.author ?? occurrences[0]?.author;
  return author === undefined ? [] : [author];
}

/** A facet, and for each finding the indexes of its groups. */
export interface Grouping {
  readonly facet: PageFacet;
  readonly indexes: readonly (readonly number[])[];
}

function groupBy(
  verdicts: readonly Verdict[],
  states: readonly PageState[],
  namesIn: (verdict: Verdict) => readonly string[],
): Grouping {
  const names = verdicts.map((verdict) => [...new Set(namesIn(verdict))]);
  const groups = new Map<string, { name: string; open: number; active: number }>();
  for (const [index, some] of names.entries()) {
    const isOpen = states[index] === "open" || states[index] === "active";
    for (const name of some) {
      const group = groups.get(name) ?? { name: escapeText(name), open: 0, active: 0 };
      if (isOpen) group.open++;
      if (isOpen && isActive(verdicts[index]?.verification)) group.active++;
      groups.set(name, group);
    }
  }
  const sorted = [...groups]
    .filter(([, group]) => group.open > 0)
    .sort(([first, a], [second, b]) => b.active - a.active || b.open - a.open || compareText(first, second));
  const kept = sorted.slice(0, maxGroups);
  const positions = new Map(kept.map(([name], index) => [name, index]));
  return {
    facet: { groups: kept.map(([, group]) => group), more: sorted.length - kept.length },
    indexes: names.map((some) => some.flatMap((name) => positions.get(name) ?? [])),
  };
}

/** Groups these verdicts, whose states stand beside them, in each way. */
export function facetsOf(
  verdicts: readonly Verdict[],
  states: readonly PageState[],
  glossary: Glossary,
): Readonly<Record<FacetKind, Grouping>> {
  const occurrences = verdicts.flatMap(({ finding }) => finding.occurrences);
  const depth = depthFor(new Set(occurrences.flatMap((occurrence) => pathOf(occurrence) ?? [])));
  return {
    path: groupBy(verdicts, states, (verdict) => pathsIn(verdict, depth)),
    author: groupBy(verdicts, states, authorsIn),
    provider: groupBy(verdicts, states, ({ finding }) => [providerOf(finding, glossary)]),
  };
}
