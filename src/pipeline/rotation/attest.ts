// A person's word on a credential in, the ledger with it out.

import { instantOf } from "../../base/days.ts";
import { nearest } from "../../base/nearest.ts";
import { UsageError } from "../../errors.ts";
import type { Decision } from "../../rotation/decide.ts";
import { looksPasted } from "../../rotation/pasted.ts";
import { record } from "../run-rotation.ts";
import type { Rotation } from "../run-rotation.ts";
import { userOf } from "./git-config.ts";
import { readLedger } from "./ledger-file.ts";

/** What a person says of a credential. */
export interface Attestation {
  readonly id: string;
  /** Who says so; absent: the user that git knows. */
  readonly by?: string | undefined;
  readonly reason: string;
}

/** Ids of commits are welcome in a reason. */
const commitId = /\b[0-9a-f]{40}\b/g;

/** A reason goes into the ledger and to every channel. Throws UsageError where a secret was pasted into it. */
function checkWords({ id, by = "", reason }: Attestation): void {
  const ends = new Set([id.slice(id.lastIndexOf("-") + 1)]);
  const wrong = [reason, by].some((words) => looksPasted(words.replaceAll(commitId, ""), ends));
  if (!wrong) return;
  throw new UsageError("a secret seems to stand in the reason or the name", {
    hint: "Others will read them. Say how you know that it is dead, without the value.",
  });
}

/** Notes a person's word and gives the name with it. Throws UsageError for a credential or a person that nobody knows. */
export async function runAttest(rotation: Rotation, attestation: Attestation): Promise<Decision & { by: string }> {
  const { id, reason } = attestation;
  checkWords(attestation);
  const { inventory, request } = rotation;
  const ledger = readLedger(request.root, request.env);
  const known = new Set([...inventory.credentials, ...ledger.credentials].map((one) => one.id));
  if (!known.has(id)) {
    // The id is not repeated: a hurried hand pastes the credential itself.
    const meant = nearest(id, known);
    throw new UsageError("no credential has that id", {
      hint: meant === undefined ? "keywarden rotation status lists them." : `Did you mean ${meant}?`,
    });
  }
  const by = attestation.by ?? (await userOf(request.root));
  if (by === undefined) {
    throw new UsageError("nobody's name is known", { hint: "Give it with --by NAME, or set user.name in git." });
  }
  const at = instantOf(request.now);
  return { by, ...(await record(rotation, [{ kind: "attestation", credential: id, by, reason, at }])) };
}
