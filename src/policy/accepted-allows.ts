// What inline comments say of places, and which secrets comments allowed before, in; what counts now, and what is new, out.

import type { AddedComment } from "../model/additions.ts";
import type { Finding, Occurrence } from "../model/finding.ts";
import type { InlineAllow } from "./allow.ts";

/** What inline comments say of places. */
type Inline = ReadonlyMap<Occurrence, readonly InlineAllow[]>;

/** Fingerprints of the findings of which at least one place is allowed by a comment. */
export function allowedInline(findings: readonly Finding[], inline: Inline): ReadonlySet<string> {
  const isAllowed = (occurrence: Occurrence): boolean =>
    inline.get(occurrence)?.some(({ suppression }) => suppression !== undefined) === true;
  return new Set(findings.filter(({ occurrences }) => occurrences.some(isAllowed)).map((one) => one.fingerprint));
}

function addedBy(finding: Finding, occurrence: Occurrence, { suppression }: InlineAllow): AddedComment | undefined {
  if (suppression === undefined) return undefined;
  const { path, line, commit } = occurrence;
  const { by, reason } = suppression;
  return {
    rule: finding.rule,
    path,
    line,
    by,
    ...(commit === undefined ? {} : { commit }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function onlyNoted({ suppression, notes }: InlineAllow): InlineAllow {
  if (suppression === undefined) return { notes };
  return { notes: [...notes, `${suppression.by} is added by this change, so it does not count yet`] };
}

/**
 * Comments count for the secrets that `accepted` names; the others become notes, and are listed, each place once.
 * Pure; changes nothing that it is given.
 */
export function acceptAllows(
  findings: readonly Finding[],
  inline: Inline,
  accepted: ReadonlySet<string>,
): { readonly inline: Inline; readonly added: readonly AddedComment[] } {
  const counted = new Map(inline);
  const added: AddedComment[] = [];
  for (const finding of findings) {
    if (accepted.has(finding.fingerprint)) continue;
    for (const occurrence of finding.occurrences) {
      const said = inline.get(occurrence);
      if (said === undefined) continue;
      counted.set(occurrence, said.map(onlyNoted));
      const first = said.map((allow) => addedBy(finding, occurrence, allow)).find((one) => one !== undefined);
      if (first !== undefined) added.push(first);
    }
  }
  return { inline: counted, added };
}
