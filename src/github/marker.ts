// The fingerprint key, a repository and a credential's id in, hidden lines that only we can write out; and back.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Owner } from "./owners.ts";

/** What an issue remembers of what we last wrote into it. */
export interface IssueState {
  readonly cycle: number;
  readonly step: string;
  /** Did we leave it open? A closed issue that says so was closed by somebody else. */
  readonly open: boolean;
  /** Labels that we asked for; they may have been dropped, or taken off by people. */
  readonly labels: readonly string[];
  /** Whom we found responsible at this step. */
  readonly owner?: Owner;
  /** The owner that the inventory named then. */
  readonly declared?: string;
  /** The issue that goes on in this one's place. */
  readonly duplicateOf?: number;
}

/** Signs and judges the hidden lines of one repository. */
export interface Seal {
  /** 16 hex digits. */
  readonly mac: (kind: "id" | "state" | "step", id: string, text: string) => string;
}

/** Ids as the inventory and the ledger have them, and `~dashboard`, which they cannot have. */
const idForm = /^[a-z0-9~][a-z0-9._-]{0,199}$/;

/** May a credential's id stand in a hidden line? */
export function isMarkable(id: string): boolean {
  return idForm.test(id);
}

/**
 * The seal of a repository, by the number that it keeps through renames and transfers. The key is derived from the
 * fingerprint key, so that neither says anything of the other.
 */
export function createSeal(key: Uint8Array, repositoryId: number): Seal {
  const derived = createHmac("sha256", key).update("keywarden github issues v1").digest();
  return {
    mac: (kind, id, text) =>
      createHmac("sha256", derived)
        .update([kind, String(repositoryId), id, text].join("\0"))
        .digest("hex")
        .slice(0, 16),
  };
}

function isSame(given: string, right: string): boolean {
  return given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));
}

/** The first line of a body. */
export function openingLine(seal: Seal, id: string): string {
  return `<!-- rotation:v1 id=${id} mac=${seal.mac("id", id, "")} -->`;
}

/** Lines of a text, whichever line ends a browser put into it. */
export function linesOf(text: string): string[] {
  return text.replaceAll("\r\n", "\n").split("\n");
}

/** The id that a body's first line names; undefined where it was not written by us for this repository. */
export function readOpening(seal: Seal, body: string): string | undefined {
  const found = /^<!-- rotation:v1 id=(\S{1,200}) mac=([0-9a-f]{16}) -->$/.exec(linesOf(body)[0] ?? "");
  const [, id = "", mac = ""] = found ?? [];
  return isMarkable(id) && isSame(mac, seal.mac("id", id, "")) ? id : undefined;
}

/** JSON in which nothing ends a comment, or looks like a mention to a reader less careful than GitHub. */
function commentJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&@#]|--|[^\x20-\x7e]/g, (found) =>
    [...Array(found.length).keys()].map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}

/** The second line of a body. */
export function stateLine(seal: Seal, id: string, state: IssueState): string {
  const json = commentJson(state);
  return `<!-- rotation-state:v1 ${json} mac=${seal.mac("state", id, json)} -->`;
}

/** What a body's second line remembers; undefined where it is not as we wrote it. */
export function readState(seal: Seal, id: string, body: string): IssueState | undefined {
  const found = /^<!-- rotation-state:v1 (\{.{1,20000}\}) mac=([0-9a-f]{16}) -->$/.exec(linesOf(body)[1] ?? "");
  const [, json = "", mac = ""] = found ?? [];
  if (!isSame(mac, seal.mac("state", id, json))) return undefined;
  // Its shape is ours: nobody else can sign one.
  return JSON.parse(json) as IssueState;
}

/** The first line of a comment that tells of one step. */
export function stepLine(seal: Seal, id: string, { cycle, step }: Pick<IssueState, "cycle" | "step">): string {
  const name = `${cycle}.${step}`;
  return `<!-- rotation-step:v1 ${commentJson(name)} mac=${seal.mac("step", id, name)} -->`;
}

/** Is a comment's first line this one? Line ends aside, to the letter. */
export function tellsStep(comment: string, line: string): boolean {
  return isSame(Buffer.from(linesOf(comment)[0] ?? "").toString("hex"), Buffer.from(line).toString("hex"));
}
