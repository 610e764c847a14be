// An error in, whether the file system gave it out.

/** An error of the file system, such as `ENOSPC`. */
export interface FileTrouble extends Error {
  readonly code: string;
}

/** Is it one of the file system (or of Node, for what cannot be a path or a size), and no bug of ours? */
export function isFileTrouble(error: unknown): error is FileTrouble {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
