// The word for what cannot be read in an object database: where, and in plain words why.

/** One thing of an object database that cannot be used. The rest of it can. */
export interface StoreTrouble {
  readonly kind: "pack" | "index" | "loose" | "alternate";
  /** Absolute. */
  readonly path: string;
  readonly message: string;
}
