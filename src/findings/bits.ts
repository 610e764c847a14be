// A secret in, a careful guess of how many bits a guesser has to search out: weak ones are hashed slowly.

/** Longer secrets are judged by their beginning. */
const maxLength = 256;

/** What a word, a run or a repetition is worth, in characters: a guesser tries those first. */
const wordWorth = 2;

/** Words that stand in most lists of passwords; a longer word of the language is caught by its vowels. */
const words =
  /passw(?:or)?d|passwort|secret|admin|root|user|login|welcome|letmein|change(?:me|it)|default|test|demo|example|sample|dummy|fake|qwert[yz]?|asdf|zxcv|iloveyou|monkey|dragon|master|hunter|postgres|mysql|mongo|redis|rabbit|guest|server|database|local|host|prod|staging|dev|token|key/gi;

/** Digits and signs that stand for letters in passwords. */
const leet: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
};

/** Letters in one case, or capitalised, long enough for a word. */
const letterRun = /[A-Z]?[a-z]{3,}|[A-Z]{4,}/g;

/** Longer runs of letters are no words. */
const maxWordLength = 14;

/** Bits per character if each class that occurs was drawn from evenly. */
function bitsPerCharacter(text: string): number {
  if (/^[0-9]+$/.test(text)) return Math.log2(10);
  if (/^(?:[0-9a-f-]+|[0-9A-F-]+)$/.test(text)) return 4;
  let pool = 0;
  if (/[0-9]/.test(text)) pool += 10;
  if (/[a-z]/.test(text)) pool += 26;
  if (/[A-Z]/.test(text)) pool += 26;
  if (/[^0-9A-Za-z]/.test(text)) pool += 20;
  return Math.log2(Math.max(pool, 2));
}

/** Is a letter run pronounceable all through: no more than three consonants or vowels on end? */
function readsLikeWord(run: string): boolean {
  if (run.length > maxWordLength) return false;
  const vowels = run.match(/[aeiouy]/gi)?.length ?? 0;
  return vowels / run.length >= 0.25 && !/[aeiouy]{4}|[^aeiouy]{4}/i.test(run);
}

/** How many characters the words of `text` are longer than what they are worth. */
function wordExcess(text: string): number {
  let excess = 0;
  const spelled = text.replaceAll(/[013457@$]/g, (sign) => leet[sign] as string);
  // What reads as a word only because of such signs is looked up in the list, but not judged by its vowels.
  let rest = "";
  let end = 0;
  for (const { 0: word, index } of spelled.matchAll(words)) {
    excess += Math.max(0, word.length - wordWorth);
    rest += `${text.slice(end, index)} `;
    end = index + word.length;
  }
  rest += text.slice(end);
  for (const [run] of rest.matchAll(letterRun)) {
    if (readsLikeWord(run)) excess += run.length - wordWorth;
  }
  return excess;
}

/** How many characters only continue a run such as `aaaa`, `1234` or `9876`. */
function runExcess(text: string): number {
  let excess = 0;
  for (let i = 2; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (Math.abs(step) <= 1 && step === text.charCodeAt(i - 1) - text.charCodeAt(i - 2)) excess++;
  }
  return excess;
}

/** The shortest beginning that the whole text repeats (`abcabca` → 3); its length when it repeats nothing. */
function periodOf(text: string): number {
  const border = [0];
  for (let i = 1, length = 0; i < text.length; i++) {
    while (length > 0 && text[i] !== text[length]) length = border[length - 1] as number;
    if (text[i] === text[length]) length++;
    border.push(length);
  }
  return text.length - (border.at(-1) ?? 0);
}

/**
 * Estimated bits of a secret, from its text alone: bits per character of the classes that occur, times its length.
 * Of a repetition one period counts; off that goes the larger of what runs (`1234`, `aaaa`) and what words have too
 * much (docs/decisions/0003-fingerprint.md). It errs to the low side, which only costs time. Part of the definition of
 * a fingerprint: a change here changes fingerprints and needs a new version prefix.
 */
export function estimateBits(secret: string): number {
  const text = secret.slice(0, maxLength);
  const period = periodOf(text);
  const unit = text.slice(0, period);
  const repeats = period < text.length ? 1 : 0;
  const length = Math.max(0, unit.length - Math.max(runExcess(unit), wordExcess(unit))) + repeats;
  return Math.min(length, new Set(text).size * 4) * bitsPerCharacter(text);
}
