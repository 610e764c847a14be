// Numbers in, a text that holds tokens, halves of tokens and what looks like them, and edits of it, out.

import fc from "fast-check";
import { expandTemplate } from "../../src/rules/samples.ts";
import { builtInRules } from "../../src/pipeline/scan-setup.ts";
import type { DeltaPiece } from "./git-delta.ts";

/** A stretch of a text as it is and as it may become. */
interface Stretch {
  readonly now: Buffer;
  readonly other: Buffer;
}

/** How to make a stretch: small numbers, which shrink well. */
interface StretchPlan {
  readonly sample: number;
  readonly seed: number;
  readonly flaw: number;
  readonly wrap: number;
  readonly around: number;
  readonly flawed: boolean;
}

interface Edit {
  readonly kind: number;
  readonly at: number;
  readonly to: number;
  readonly byte: number;
  readonly plan: StretchPlan;
}

/** A text and the edits that make version after version of it. */
export interface TextPlan {
  readonly stretches: readonly StretchPlan[];
  readonly versions: readonly (readonly Edit[])[];
  readonly crlf: boolean;
}

const plan: fc.Arbitrary<StretchPlan> = fc.record({
  sample: fc.nat(100_000),
  seed: fc.nat(9),
  flaw: fc.nat(200),
  wrap: fc.nat(35),
  around: fc.nat(5),
  flawed: fc.nat(11).map((number) => number < 11),
});
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.nat(9),
  at: fc.nat(1000),
  to: fc.nat(1000),
  byte: fc.nat(400),
  plan,
});

/** Plans of texts with up to `versions` versions. */
export function textPlans(versions: number): fc.Arbitrary<TextPlan> {
  return fc.record({
    stretches: fc.array(plan, { minLength: 1, maxLength: 14, size: "max" }),
    versions: fc.array(fc.array(edit, { minLength: 1, maxLength: 3, size: "max" }), {
      minLength: 1,
      maxLength: versions,
      size: "max",
    }),
    crlf: fc.boolean(),
  });
}

interface Sample {
  readonly text: string;
  readonly words: readonly string[];
}

let samples: readonly Sample[] | undefined;

/** Every example of every rule, and for rules that look for words near by, the same more often. */
function allSamples(): readonly Sample[] {
  samples ??= builtInRules().rules.flatMap((rule) => {
    const words = [
      ...rule.checks.flatMap(({ name, options }) => (/near/.test(name) ? (options["words"] as string[]) : [])),
      ...(rule.evidence?.near ?? []),
    ];
    const texts = [...rule.examples.match, ...rule.examples.skip.map(({ text }) => text)];
    const all = texts.map((text) => ({ text, words }));
    return words.length === 0 ? all : [...all, ...all, ...all, ...all, { text: words.join(" "), words }];
  });
  return samples;
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** Lines of words, the same for the same number; no word is a keyword's evidence. */
function filler(seed: number, bytes: number): string {
  let state = (seed * 7919 + 17) >>> 0;
  let text = "";
  while (text.length < bytes) {
    state = (Math.imul(state ^ (state >>> 13), 1_540_483_477) + 0x9e3779b9) >>> 0;
    const length = 2 + (state % 9);
    for (let index = 0; index < length; index++) text += letters.charAt((state >>> (index + 3)) % 26);
    text += state % 7 === 0 ? "\n" : state % 11 === 0 ? " = " : " ";
  }
  return text;
}

/** The text with something that ends most matches: a byte taken out or put in, or its telling words gone. */
function flawedText({ text, words }: Sample, flaw: number): string {
  if (flaw % 5 === 0 && words.length > 0)
    return words.reduce((left, word) => left.replaceAll(new RegExp(escaped(word), "gi"), "zz"), text);
  const at = Math.floor(((flaw % 41) / 41) * (text.length + 1));
  if (flaw % 5 === 1) return `${text.slice(0, at)}${text.slice(at + 1 + (flaw % 3))}`;
  return `${text.slice(0, at)}${["-", " ", "\n", "%", "A", "0a", ".", "é"][flaw % 8] ?? ""}${text.slice(at)}`;
}

function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function wrapped(text: string, width: number, lineBreak: string): string {
  return text.replaceAll(new RegExp(`.{${width}}`, "gs"), (line) => line + lineBreak);
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16();
}

function escapes(text: string, every: number, of: (code: string) => string): string {
  return [...text].map((each, index) => (index % every === 0 ? of(each) : each)).join("");
}

const hex = (each: string, width: number) => (each.codePointAt(0) ?? 0).toString(16).padStart(width, "0");

/** The forms in which a text may stand in a file. */
const wraps: readonly ((text: string) => Buffer | string)[] = [
  (text) => Buffer.from(text).toString("base64"),
  (text) => wrapped(Buffer.from(text).toString("base64"), 64, "\n"),
  (text) => wrapped(Buffer.from(text).toString("base64"), 76, "\r\n    "),
  (text) => `"${wrapped(Buffer.from(text).toString("base64"), 44, String.raw`\n`)}"`,
  (text) => `\t${wrapped(Buffer.from(text).toString("base64url"), 60, "\\\n\t")}`,
  (text) => Buffer.from(text).toString("hex"),
  (text) => wrapped(Buffer.from(text).toString("hex"), 64, "\n"),
  (text) => Buffer.from(text, "utf16le"),
  (text) => swapped(Buffer.from(text, "utf16le")),
  (text) => encodeURIComponent(text),
  (text) => escapes(text, 1, (each) => `%${hex(each.slice(0, 1), 2).slice(-2)}`),
  (text) => escapes(text, 7, (each) => String.raw`\u${hex(each, 4)}`),
  (text) => escapes(text, 9, (each) => String.raw`\x${hex(each, 2).slice(-2)}`),
  (text) => escapes(text, 5, (each) => `&#${each.codePointAt(0)};`),
  (text) => escapes(text, 8, (each) => `&#x${hex(each, 2)};`),
  (text) => Buffer.from(Buffer.from(text).toString("base64")).toString("base64"),
  (text) => Buffer.from(encodeURIComponent(text)).toString("base64"),
  (text) => Buffer.from(Buffer.from(text).toString("base64"), "utf16le"),
];

/** Says whether nothing is found in a content. */
type IsQuiet = (bytes: Buffer) => boolean;

function stretchOf(made: StretchPlan, isQuiet: IsQuiet): Stretch {
  const { flaw, wrap, around, flawed, seed } = made;
  const all = allSamples();
  if (made.sample % 3 === 0) {
    const text = Buffer.from(filler(made.sample, [60, 200, 700, 1500, 2500, 5000][around] ?? 60));
    return { now: text, other: Buffer.alloc(0) };
  }
  const { text, words } = all[made.sample % all.length] as Sample;
  const sample = { text: expandTemplate(text, String(seed)), words };
  const before = filler(flaw, [0, 0, 5, 90, 400, 2300][around] ?? 0);
  const after = filler(seed, [0, 20, 0, 70, 600, 0][around] ?? 0);
  const form = wraps[wrap];
  const encode = (plain: string): Buffer => {
    const whole = `${before}${plain}${after}`;
    return Buffer.from(form === undefined ? whole : (form(whole) as string));
  };
  const sound = encode(sample.text);
  if (!flawed) return { now: sound, other: encode(flawedText(sample, flaw)) };
  for (let index = 0; index < flaws; index++) {
    const now = encode(flawedText(sample, flaw + index));
    if (isQuiet(now)) return { now, other: sound };
  }
  return { now: Buffer.from(filler(seed, 40)), other: sound };
}

/** So many flaws are tried until one hides the token. */
const flaws = 6;

/** A stretch with where it stood in the version before. */
interface Placed extends Stretch {
  readonly was?: { readonly at: number; readonly bytes: Buffer };
}

const cuts = ["", "", "", "\n", "x", "0", "A", "%41", "=", " ", "\0", "\\n"];

function byteEdit(stretch: Placed, { to, byte }: Edit): Placed {
  const { now } = stretch;
  const at = Math.floor((to / 1001) * (now.length + 1));
  const put = Buffer.from(cuts[byte % cuts.length] as string);
  const drop = byte % 3 === 0 && put.length > 0 ? 0 : (byte % 5) + (byte % 31 === 0 ? 40 : 0);
  return { ...stretch, now: Buffer.concat([now.subarray(0, at), put, now.subarray(at + drop)]) };
}

function applyEdit(stretches: Placed[], change: Edit, isQuiet: IsQuiet): void {
  const at = change.at % (stretches.length || 1);
  const to = change.to % (stretches.length + 1);
  const stretch = stretches[at];
  if (stretch === undefined || change.kind === 0) stretches.splice(to, 0, withNewline(stretchOf(change.plan, isQuiet)));
  else if (change.kind === 1) stretches.splice(at, 1);
  else if (change.kind === 2) stretches.splice(to, 0, stretch);
  else if (change.kind === 3) stretches.splice(to, 0, ...stretches.splice(at, 1));
  else if (change.kind <= 6) stretches[at] = { ...stretch, now: stretch.other, other: stretch.now };
  else stretches[at] = byteEdit(stretch, change);
}

function withNewline({ now, other }: Stretch): Stretch {
  const end = Buffer.from("\n");
  return { now: Buffer.concat([now, end]), other: Buffer.concat([other, end]) };
}

function piecesOf({ now, was }: Placed): DeltaPiece[] {
  if (was === undefined) return now.length === 0 ? [] : [{ bytes: now }];
  const { at, bytes } = was;
  const most = Math.min(now.length, bytes.length);
  let front = 0;
  while (front < most && now[front] === bytes[front]) front++;
  let back = 0;
  while (back < most - front && now[now.length - 1 - back] === bytes[bytes.length - 1 - back]) back++;
  const pieces: DeltaPiece[] = [
    { from: at, length: front },
    { bytes: now.subarray(front, now.length - back) },
    { from: at + bytes.length - back, length: back },
  ];
  return pieces.filter((piece) => ("bytes" in piece ? piece.bytes.length : piece.length) > 0);
}

/** One version: the first as bytes, a later one as pieces of the one that it is made from. */
export type TextVersion = { readonly root: Buffer } | { readonly pieces: readonly DeltaPiece[]; readonly base: number };

/** The first version, and later ones, each made from the one before or, more often, from the last quiet one. */
export function* versionsOf({ stretches, versions, crlf }: TextPlan, isQuiet: IsQuiet): Generator<TextVersion> {
  const breaks = (bytes: Buffer) =>
    crlf ? Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1") : bytes;
  let base: readonly Placed[] = stretches.map((each) => {
    const { now, other } = withNewline(stretchOf(each, isQuiet));
    return { now: breaks(now), other: breaks(other) };
  });
  let baseIndex = 0;
  yield { root: joined(base) };
  for (const [index, edits] of versions.entries()) {
    let at = 0;
    const next = base.map((stretch): Placed => {
      const was = { at, bytes: stretch.now };
      at += stretch.now.length;
      return { ...stretch, was };
    });
    for (const change of edits) applyEdit(next, change, isQuiet);
    yield { pieces: next.flatMap(piecesOf), base: baseIndex };
    if ((edits[0] as Edit).byte % 4 > 0 && !isQuiet(joined(next))) continue;
    base = next.map(({ now, other }) => ({ now, other }));
    baseIndex = index + 1;
  }
}

function joined(stretches: readonly Placed[]): Buffer {
  return Buffer.concat(stretches.map(({ now }) => now));
}
