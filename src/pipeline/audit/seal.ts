// An object that git gave in, whether its contents are those of its id out: git does not look at that when it reads.

import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import type { ObjectAnswer } from "../../base/git/cat-file.ts";

/** An object as git gives it. */
export type GivenObject = Extract<ObjectAnswer, { readonly kind: "object" }>;

/** Whether an object that git gave has the id by which it was asked for. */
export class Seal {
  readonly #object: GivenObject;
  #digest: string | undefined;

  constructor(object: GivenObject) {
    this.#object = object;
    if (object.bytes !== undefined) this.#digest = this.#begin().update(object.bytes).digest("hex");
  }

  /** Looks at the contents as they go by; what is not read to its end is not judged. */
  async *through(contents: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const hash = this.#begin();
    for await (const chunk of contents) {
      hash.update(chunk);
      yield chunk;
    }
    this.#digest = hash.digest("hex");
  }

  /** Were the contents others than those of the id? Asked after they were read. */
  isBroken(): boolean {
    return this.#digest !== undefined && this.#digest !== this.#object.id;
  }

  #begin(): Hash {
    const { id, type, size } = this.#object;
    return createHash(id.length === 64 ? "sha256" : "sha1").update(`${type} ${size}\0`);
  }
}
