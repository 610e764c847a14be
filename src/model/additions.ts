// The vocabulary of what a change would allow by itself: comments and files that count only once they are on its base.

/** An inline comment of the change that would allow a place. */
export interface AddedComment {
  readonly rule: string;
  /** As in `Occurrence`. */
  readonly path: string;
  readonly line: number;
  readonly commit?: string;
  /** The comment's spelling. */
  readonly by: string;
  readonly reason?: string;
}

/** A file that decides on findings (settings, baseline, ignore list, rules) and that the change touches. */
export interface TouchedFile {
  readonly path: string;
  readonly change: "added" | "changed" | "removed";
}

/** Everything of a change that was read and did not count. */
export interface Additions {
  readonly comments: readonly AddedComment[];
  readonly files: readonly TouchedFile[];
}
