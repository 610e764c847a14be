// The vocabulary of a workflow's run: what started it, and so what there is to look at and whose word counts.

/** Commits that came in together. Ids are hex. */
export interface Change {
  /** What was there before; absent where nothing was. */
  readonly base?: string;
  /** Without its base (absent, or gone after a forced push) a change is what this branch of the server does not have. */
  readonly insteadOfBase?: string;
  /** It can do without its base: everything that its head reaches is looked at then. */
  readonly canLackBase: boolean;
  readonly head: string;
  /** The merge of both that the service made for trying, where it made one. */
  readonly merge?: string;
}

/** A pull request that is told about what was found. */
export interface PullRequest {
  readonly number: number;
  /** The commit that was looked at. */
  readonly head: string;
  /** Why its token may do less than others; absent for a branch of the repository itself. */
  readonly from?: "fork" | "dependabot";
}

/** What a run is about. */
export interface Occasion {
  /** `nothing`: there is nothing to look at, and `why` says so. */
  readonly scope: "changes" | "full" | "nothing";
  readonly why?: string;
  readonly change?: Change;
  /** The commit that was checked out. */
  readonly commit: string;
  /** Settings and suppressions are those of the change's base, because the change is not accepted yet. */
  readonly isProposal: boolean;
  readonly pull?: PullRequest;
}
