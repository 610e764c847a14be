// Turns what a failing git printed into an error whose kind a caller can act on.

/** Why git failed. `partial`: an object was left at a promisor remote, and we never fetch. */
export type GitErrorKind =
  | "no-git"
  | "no-folder"
  | "not-a-repository"
  | "unsafe-repository"
  | "no-work-tree"
  | "unknown-revision"
  | "partial"
  | "failed";

const kindsByMessage: readonly (readonly [RegExp, GitErrorKind])[] = [
  [/detected dubious ownership|unsafe repository/, "unsafe-repository"],
  [/not a git repository|cannot chdir to|invalid gitfile format/i, "not-a-repository"],
  [/must be run in a work tree/, "no-work-tree"],
  [/promisor remote|lazy fetching disabled/, "partial"],
  [
    /bad revision|unknown revision|bad object|ambiguous argument|Invalid (symmetric )?(difference|revision)/i,
    "unknown-revision",
  ],
];

/** A git command that could not be started, or ended with a failure. */
export class GitError extends Error {
  readonly kind: GitErrorKind;
  /** What git printed on standard error, at most 8 KiB; it never holds file contents. */
  readonly stderr: string;

  constructor(kind: GitErrorKind, message: string, stderr = "") {
    super(message);
    this.name = "GitError";
    this.kind = kind;
    this.stderr = stderr;
  }
}

/** The error for a git command that ended with `status` (exit code or signal) and printed `stderr`. */
export function gitFailure(command: string, status: string, stderr: string): GitError {
  const kind = kindsByMessage.find(([pattern]) => pattern.test(stderr))?.[1] ?? "failed";
  const reason = stderr.split(/\r?\n/).find((line) => /^(fatal|error):/.test(line)) ?? stderr.split(/\r?\n/, 1)[0];
  return new GitError(kind, `git ${command} ended with ${status}${reason ? `: ${reason}` : ""}`, stderr);
}
