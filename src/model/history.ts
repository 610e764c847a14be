// The vocabulary of history: when a secret came into a repository, how long it stayed, and who can still reach it.

/** A commit as a report names it. */
export interface CommitPoint {
  /** Hex object id. */
  readonly commit: string;
  /** `Name <mail>`. */
  readonly author?: string;
  /** Author date, ISO 8601 with offset. */
  readonly date?: string;
}

/** The commit that first brought a secret in. */
export interface Introduction extends CommitPoint {
  readonly path: string;
  /** True when the content was born in a merge commit: none of its parents holds it. */
  readonly merge: boolean;
}

/**
 * One stretch of history in which a secret was in the tree: commits that hang together from parent to child, from the
 * first of them to the commits that took it out. A commit whose message holds it begins a stretch that nothing ends.
 */
export interface Presence {
  readonly from: CommitPoint;
  /** The commits that removed it, oldest first; empty where nothing did. It may still be there on other branches. */
  readonly until: readonly CommitPoint[];
  /** How many further commits removed it; absent where `until` has them all. */
  readonly moreUntil?: number;
}

/**
 * Where a secret can be met today, from the most to the least exposed. `tip`: in the tree of a branch tip (or HEAD);
 * `index`: staged; `history`: only in earlier commits, tags, notes or other refs; `stash`, `reflog`: only there;
 * `dangling`: in the object database, but nothing refers to it.
 */
export const exposures = ["tip", "index", "history", "stash", "reflog", "dangling"] as const;
export type Exposure = (typeof exposures)[number];

/** Refs of one kind that reach a secret. */
export interface ReachingRefs {
  readonly kind: "branch" | "remote" | "tag" | "notes" | "stash" | "other";
  readonly count: number;
  /** The first few names, sorted. */
  readonly examples: readonly string[];
}

/** What history says of one secret. */
export interface Origin {
  /** Absent where no commit holds it: it is dangling, staged, or the name of the introducing commit is out of sight. */
  readonly introduced?: Introduction;
  /** True where history ends at a shallow boundary or at missing objects right before an introduction: it may be older. */
  readonly mayBeOlder: boolean;
  readonly exposure: Exposure;
  /** Whose tip has it, in its tree or its commit's text: branches, remote branches, HEAD (kind `other`). */
  readonly tips?: readonly ReachingRefs[];
  /** In the order of their beginnings. */
  readonly presence: readonly Presence[];
  /** How many further stretches there are; absent where `presence` has them all. */
  readonly morePresence?: number;
  /** Empty where no ref reaches it. */
  readonly refs: readonly ReachingRefs[];
}
