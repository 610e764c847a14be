// What history says of a secret, in words: how old it is, where it can be met today, who brought it in and took it out.

import { counted, grouped } from "../base/counted.ts";
import type { Finding } from "../model/finding.ts";
import type { CommitPoint, Exposure, Origin, Presence, ReachingRefs } from "../model/history.ts";
import { shortId } from "./places.ts";

const msPerDay = 86_400_000;
/** How many stretches of history are told one by one. */
const maxStretches = 4;

const refWords: Readonly<Record<ReachingRefs["kind"], readonly [one: string, many: string]>> = {
  branch: ["branch", "branches"],
  remote: ["remote branch", "remote branches"],
  tag: ["tag", "tags"],
  notes: ["notes", "notes"],
  stash: ["stash", "stashes"],
  other: ["ref", "refs"],
};

/** `refs/heads/main` as people write it: `main`. */
function shortRef(name: string): string {
  return name.replace(/^refs\/(?:heads|remotes|tags|notes)\//, "");
}

function namesOf(refs: ReachingRefs): string {
  const rest = refs.count - refs.examples.length;
  const names = refs.examples.map(shortRef);
  if (rest <= 0) return names.join(", ");
  return names.length === 0 ? grouped(rest) : `${names.join(", ")} and ${grouped(rest)} more`;
}

/** `branches main, dev and 2 more; tag v1`: all refs of a list, by kind; empty for none. */
export function refsText(refs: readonly ReachingRefs[]): string {
  return refs
    .filter(({ count }) => count > 0)
    .map((some) => `${refWords[some.kind][some.count === 1 ? 0 : 1]} ${namesOf(some)}`)
    .join("; ");
}

/** `at the tip of main and 3 more branches`; without names, `at the tip of a branch`. */
function tipText(tips: readonly ReachingRefs[] = []): string {
  const branches = tips.filter(({ kind, count }) => (kind === "branch" || kind === "remote") && count > 0);
  // HEAD follows a branch unless it is detached.
  const told = branches.length > 0 ? branches : tips.filter(({ count }) => count > 0);
  const first = told[0]?.examples[0];
  if (first === undefined) return "at the tip of a branch";
  const more = told.reduce((sum, { count }) => sum + count, -1);
  return `at the tip of ${shortRef(first)}${more === 0 ? "" : ` and ${counted(more, "more branch", "more branches")}`}`;
}

function historyText(refs: readonly ReachingRefs[]): string {
  const branched = refs.some(({ kind, count }) => (kind === "branch" || kind === "remote") && count > 0);
  const through = refsText(refs);
  return branched || through === "" ? "only in history" : `only in history, through ${through}`;
}

const exposureWords: Readonly<Record<Exclude<Exposure, "tip" | "history">, string>> = {
  index: "staged, not committed",
  stash: "only in a stash",
  reflog: "only in a reflog: `git gc` drops it when that expires",
  dangling: "dangling: `git gc` will drop it",
};

/** Where an audit's finding can be met today; `not committed` where no object of the repository holds it. */
export function exposureText({ origin }: Pick<Finding, "origin">): string {
  if (origin === undefined) return "in the working tree, not committed";
  if (origin.exposure === "tip") return tipText(origin.tips);
  return origin.exposure === "history" ? historyText(origin.refs) : exposureWords[origin.exposure];
}

/** When it came in, as its commit says (ISO 8601 with offset); undefined where nobody knows, or it is no date. */
export function dateOf({ origin, firstSeen }: Finding): string | undefined {
  const date = origin?.introduced?.date ?? firstSeen?.date;
  return date === undefined || Number.isNaN(Date.parse(date)) ? undefined : date;
}

/** Milliseconds since 1970-01-01 of a time in ISO 8601, UTC where it has a time of day but no offset; NaN for others. */
function msOf(time: string): number {
  return Date.parse(!time.includes("T") || /(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`);
}

/** Whole days since 1970-01-01, UTC, of a time in ISO 8601; NaN for what is none. */
export function dayOf(time: string): number {
  return Math.floor(msOf(time) / msPerDay);
}

/** `2024-05-30`, of whole days since 1970-01-01, UTC. */
export function dayText(day: number): string {
  return new Date(day * msPerDay).toISOString().replace(/T.*$/, "");
}

/**
 * How long ago it came in: `612 days`, `612+ days` where history may hide an earlier time; the day itself where no
 * time of day (ISO 8601, UTC) is given. Empty where nobody knows.
 */
export function ageText(finding: Finding, at: string | undefined): string {
  const { mayBeOlder = false } = finding.origin ?? {};
  const date = dateOf(finding);
  if (date === undefined) return "";
  const days = Math.floor((at === undefined ? Number.NaN : msOf(at) - Date.parse(date)) / msPerDay);
  const more = mayBeOlder ? "+" : "";
  if (Number.isNaN(days) || days < 0) return `${date.slice(0, 10)}${mayBeOlder ? " or earlier" : ""}`;
  return days === 0 && !mayBeOlder ? "today" : `${grouped(days)}${more} ${days === 1 && !mayBeOlder ? "day" : "days"}`;
}

function pointText({ commit, author, date }: CommitPoint): string {
  const day = date === undefined ? "" : `${date.slice(0, 10)} `;
  return `${day}in commit ${shortId(commit)}${author === undefined ? "" : ` by ${author}`}`;
}

function introductionText({ introduced, mayBeOlder }: Origin): string {
  if (introduced === undefined) return mayBeOlder ? "before the history that is here begins" : "";
  const notes = [
    introduced.merge ? "born in this merge, no parent holds it" : "",
    mayBeOlder ? "history is cut off before it, so it may be older" : "",
  ].filter((note) => note !== "");
  const path = introduced.path === "" ? "" : `, ${introduced.path}`;
  return `${pointText(introduced)}${path}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
}

function removalText({ until, moreUntil = 0 }: Pick<Presence, "until" | "moreUntil">): string {
  const [first] = until;
  if (first === undefined) return "";
  const more = until.length - 1 + moreUntil;
  return `${pointText(first)}${more === 0 ? "" : ` and in ${counted(more, "more commit")}, on other lines of history`}`;
}

function stretchText({ from, until, moreUntil = 0 }: Presence): string {
  const [first] = until;
  if (first === undefined) return `from ${pointText(from)} on; it is still there`;
  const rest = until.length - 1 + moreUntil;
  const more = rest > 0 ? ` and in ${counted(rest, "more commit")}` : "";
  return `from ${pointText(from)} until ${pointText(first)}${more}`;
}

/** Lines about a secret's history, each a short title and a text. Not escaped. Empty where none was read. */
export function originLines(finding: Finding): readonly (readonly [title: string, text: string])[] {
  const { origin } = finding;
  if (origin === undefined) return [];
  const { presence, morePresence = 0, refs } = origin;
  const once = presence.length <= 1;
  const removal = removalText(presence[0] ?? { until: [] });
  // One line of history took it out, another has it still.
  const elsewhere = origin.exposure === "tip" ? `, but not ${exposureText(finding)}` : "";
  const stretches = once ? [] : presence.slice(0, maxStretches).map(stretchText);
  const rest = presence.length + morePresence - stretches.length;
  const lines: (readonly [string, string])[] = [
    ["Found", exposureText(finding)],
    ["Introduced", introductionText(origin)],
    ["Taken out", once && removal !== "" ? removal + elsewhere : ""],
    ...stretches.map((text, index) => [index === 0 ? "In and out" : "", text] as const),
    ["", !once && rest > 0 ? `and ${counted(rest, "more time")}` : ""],
    ["Reached by", refsText(refs)],
  ];
  return lines.filter(([, text]) => text !== "");
}

/** The history in one line, for formats without room: where it is, and who brought it in when. Empty without one. */
export function originSentence(finding: Finding): string {
  if (finding.origin === undefined) return "";
  const introduced = introductionText(finding.origin);
  return introduced === "" ? exposureText(finding) : `${exposureText(finding)}; introduced ${introduced}`;
}
