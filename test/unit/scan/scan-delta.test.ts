// Edits that a scan by what changed could get wrong, one by one, against a full scan.

import { expect, test } from "vitest";
import { builtInRules } from "../../../src/pipeline/scan-setup.ts";
import { expandTemplate } from "../../../src/rules/samples.ts";
import { builtInSetup, DeltaRig } from "../../helpers/delta-rig.ts";
import type { DeltaPiece } from "../../helpers/git-delta.ts";
import { randomText } from "../../helpers/scan-rig.ts";

const rig = new DeltaRig(builtInSetup());

/** Words on lines, none of which means anything. */
function lines(seed: number, bytes: number): string {
  const text = randomText(seed, bytes, "abcdefghijklmnopqrstuv     \n");
  return text.replaceAll(/(\S{20})/g, "$1 ");
}

/** A made-up token of a rule: the first of its examples. */
function sample(rule: string, seed = "a"): string {
  const found = builtInRules().rules.find(({ id }) => id === rule);
  return expandTemplate(found?.examples.match[0] as string, seed);
}

const age = sample("age.secret-key").replace(/^.*=/, "");
const front = lines(1, 1500);
const back = lines(2, 1500);
const wide = (text: string) => Buffer.from(text, "utf16le");
const wideBig = (text: string) => wide(text).swap16();

/** A text with something put in, taken out or put in another's place: what stands before, the change, what follows. */
interface Change {
  readonly before: string | Buffer;
  readonly from: string | Buffer;
  readonly to: string | Buffer;
  readonly after: string | Buffer;
}

const far = (seed: number, bytes: number) => lines(seed, bytes).replaceAll("\n", " ");
const google = `1//0${randomText(3, 60)}`;
/** Encoded text, edited in the middle of what it says. */
function encoded(encoding: "base64" | "hex", before: string, words: readonly [string, string], after: string): Change {
  const whole = words.map((word) => Buffer.from(`${before}${word}${after}`).toString(encoding));
  const [from = "", to = ""] = whole;
  let same = 0;
  while (from[same] === to[same]) same++;
  let tail = 0;
  while (from.at(-1 - tail) === to.at(-1 - tail)) tail++;
  return {
    before: `${front}\n${from.slice(0, same)}`,
    from: from.slice(same, from.length - tail),
    to: to.slice(same, to.length - tail),
    after: `${from.slice(from.length - tail)}\n${back}`,
  };
}

const changes: Readonly<Record<string, Change>> = {
  "a token whose break is taken out": {
    before: `${front}${age.slice(0, 30)}`,
    from: "-",
    to: "",
    after: `${age.slice(30)} ${back}`,
  },
  "a letter before a token is taken out": { before: `${front} `, from: "x", to: "", after: `${age} ${back}` },
  "a letter behind a token is taken out": { before: `${front} ${age}`, from: "x", to: "", after: `\n${back}` },
  "what stands behind a token at the end is taken out": { before: `${front} ${age}`, from: "xx", to: "", after: "" },
  "what stands before a token at the start is taken out": { before: "", from: "xx", to: "", after: `${age} ${back}` },
  "UTF-16, big end first: letters behind a token, before other text": {
    before: Buffer.concat([Buffer.from(front), wideBig(age)]),
    from: wideBig("abc"),
    to: "",
    after: back,
  },
  "UTF-16, big end first: letters before a token, behind other text": {
    before: Buffer.from(`${front}.`),
    from: wideBig("abc"),
    to: "",
    after: Buffer.concat([wideBig(age), Buffer.from(back)]),
  },
  "UTF-16, little end first: letters behind a token, before other text": {
    before: Buffer.concat([Buffer.from(front), wide(age)]),
    from: wide("abc"),
    to: "",
    after: `.${back}`,
  },
  "UTF-16, little end first: letters before a token, behind other text": {
    before: Buffer.from(`${front}.`),
    from: wide("abc"),
    to: "",
    after: Buffer.concat([wide(age), Buffer.from(`.${back}`)]),
  },
  "UTF-16: text put in right behind a token": {
    before: Buffer.concat([Buffer.from(front), wideBig(`.${age}`)]),
    from: wideBig("a"),
    to: ".",
    after: back,
  },
  "a telling word comes, in the line of a token": {
    before: `${front}\n`,
    from: "x",
    to: "google",
    after: ` ${far(5, 1900)} ${google}\n${back}`,
  },
  "a telling word comes, far from a token in the same base64 text": encoded(
    "base64",
    `${google} ${far(6, 1700)} `,
    ["xxxxxx", "google"],
    ` ${far(7, 900)}`,
  ),
  "a telling word comes, far before a token in the same base64 text": encoded(
    "base64",
    `${far(6, 903)} `,
    ["xxxxxx", "google"],
    ` ${far(7, 1700)} ${google}`,
  ),
  "a telling word comes, far from a token in the same hex text": encoded(
    "hex",
    `${google} ${far(6, 1300)} `,
    ["xxxxxx", "google"],
    ` ${far(7, 900)}`,
  ),
};

test.each(Object.entries(changes))("%s", (_, { before, from, to, after }) => {
  const parts = [before, from, to, after].map((part) => Buffer.from(part as string));
  const [first, old, put, rest] = parts as [Buffer, Buffer, Buffer, Buffer];
  const base = Buffer.concat([first, old, rest]);
  const pieces: DeltaPiece[] = [
    { from: 0, length: first.length },
    { bytes: put },
    { from: first.length + old.length, length: rest.length },
  ];
  rig.root(base);
  expect(rig.isQuiet(base)).toBe(true);
  const { bytes, told } = rig.next(
    pieces.filter((piece) => ("bytes" in piece ? piece.bytes : piece).length > 0),
    0,
  );
  expect(rig.isQuiet(bytes)).toBe(false);
  expect(told).toEqual(rig.whole(bytes));
});
