// What a change would allow by itself in, the same as everybody may read it out: who makes a change names its files.

import type { Additions } from "../../model/additions.ts";
import { concealing } from "../conceal.ts";

/** Of a run that is not about a change. */
export const nothingAdded: Additions = { comments: [], files: [] };

/** Masks secrets in paths and reasons. */
export function withoutSecrets(additions: Additions): Additions {
  const { comments, files } = additions;
  if (comments.length + files.length === 0) return additions;
  const mask = concealing([comments, files]);
  return {
    comments: comments.map(({ reason, ...one }) => {
      return { ...one, path: mask(one.path), ...(reason === undefined ? {} : { reason: mask(reason) }) };
    }),
    files: files.map((file) => ({ ...file, path: mask(file.path) })),
  };
}
