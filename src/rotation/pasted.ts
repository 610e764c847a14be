// A text that people wrote in, whether it looks like a secret that was pasted into it out.

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY/;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const ownFingerprint = /kf1:([a-z2-7]{26})/g;

/** Letters and digits in a row, as tokens have them; words, paths and addresses are cut at their other signs. */
const run = /[A-Za-z0-9+=]{16,}/g;
/** Tokens with dashes in them; one piece is longer than what names end in. */
const dashed = /[A-Za-z0-9+=_-]{24,}/g;
const longPiece = /[A-Za-z0-9+=]{12}/;

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return 0;
  if (code >= 65 && code <= 90) return 1;
  return code >= 97 && code <= 122 ? 2 : 3;
}

/** How often the kind of sign changes, from 0 to 1. A capital at the start of a word is no change. */
function restlessness(text: string): number {
  let changes = 0;
  for (let index = 1; index < text.length; index++) {
    const [before, here] = [kindOf(text.charCodeAt(index - 1)), kindOf(text.charCodeAt(index))];
    if (before !== here && !(before === 1 && here === 2)) changes++;
  }
  return changes / (text.length - 1);
}

function isRandom(joined: string): boolean {
  const text = joined.replace(/[_-]/g, "");
  const digits = text.replace(/\D/g, "").length;
  const letters = text.replace(/[^A-Za-z]/g, "").length;
  // A number, a date or a word is none; base62 changes its kind at every other sign, hex at almost every other.
  return digits >= 2 && letters >= 2 && restlessness(text) >= 0.28;
}

/** The ends of names that are made from fingerprints: see `foundId`. */
export function nameEndsIn(text: string): ReadonlySet<string> {
  const ends = new Set<string>();
  for (const [, tail = ""] of text.matchAll(ownFingerprint))
    for (let length = 8; length <= tail.length; length += 2) ends.add(tail.slice(0, length));
  return ends;
}

/**
 * Whether a private key, or a long run of letters and digits as if by chance, stands in the text. A coarse net for a file
 * of names and dates: the scan of the repository, with its rules, looks at the same file. UUIDs, our own fingerprints and
 * names with an end out of `nameEnds` are let through.
 */
export function looksPasted(text: string, nameEnds: ReadonlySet<string>): boolean {
  if (privateKey.test(text)) return true;
  const words = text.replace(ownFingerprint, "").split(/[\s"'`,;()<>[\]{}|]+/);
  return words.some((word) => {
    if (uuid.test(word) || nameEnds.has(word.slice(word.lastIndexOf("-") + 1))) return false;
    const pieces = (word.match(dashed) ?? []).filter((piece) => longPiece.test(piece));
    return [...(word.match(run) ?? []), ...pieces].some(isRandom);
  });
}
