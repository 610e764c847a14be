// The vocabulary of what is read: contents, the places they stand in, and what was not read.

/**
 * What of a repository holds it: a file's content, a commit's message, an annotated tag's message, the author,
 * committer or tagger of a commit or tag, or the name of a file or ref.
 */
export type Part = "file" | "message" | "tag" | "author" | "name";

/** Where a content stands. Paths use forward slashes and are relative to the scanned root. */
export interface Provenance {
  /**
   * Empty for a content that git holds under no name: `object` then says which. For the part `name`, the file's path
   * or the ref's full name, with the secret in it already masked.
   */
  readonly path: string;
  readonly part: Part;
  /** Hex object id of the commit that holds it. */
  readonly commit?: string;
  /** Hex object id of the git object that holds it: the blob, commit or tag. */
  readonly object?: string;
  /** `Name <mail>` of that commit's author. */
  readonly author?: string;
  /** That commit's author date, ISO 8601 with offset. */
  readonly date?: string;
}

/**
 * Bytes at hand, a file that the scanner reads by itself (absolute native path), or a stream of
 * unknown length, to be read once and in constant memory (pieces of any size, in order).
 */
export type Content =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "stream"; read(): AsyncIterable<Uint8Array> };

/** One content, however many places it stands in. */
export interface Blob {
  /** Hex git object id, where it comes from git. */
  readonly id?: string;
  readonly content: Content;
  readonly provenance: readonly Provenance[];
}

/**
 * Trouble that did not stop the run. It makes the report incomplete (exit code 3).
 * `message` says what and where, `hint` what to do; neither holds file contents.
 */
export interface Problem {
  readonly kind:
    | "unreadable" // no permission, input/output error
    | "vanished" // listed, then gone
    | "changed" // its size changed while it was read
    | "not-a-file" // socket, device, pipe
    | "git-object" // an object that git could not give
    | "shallow" // history ends at a shallow boundary
    | "partial" // objects left at a promisor remote
    | "slow-rule"
    | "interrupted"
    | "internal";
  readonly path?: string;
  readonly message: string;
  readonly hint?: string;
}

/** Something left out on purpose, with its reason; it does not make a report incomplete. */
export interface Skip {
  readonly path: string;
  readonly reason: "excluded" | "ignored-by-git" | "symlink" | "submodule" | "deleted" | "empty" | "too-large";
  /** What to do to have it read after all. */
  readonly hint?: string;
}

/** A stream of contents. Batches may be of any size; `problems` and `skips` fill up while it is read. */
export interface Source {
  /** For people: `directory src`, `staged changes`, `range main..HEAD`. */
  readonly name: string;
  readonly problems: Problem[];
  readonly skips: Skip[];
  /** Commits whose contents are in the stream; absent where there are none. */
  readonly commits?: number;
  blobs(signal?: AbortSignal): AsyncIterable<readonly Blob[]>;
}
