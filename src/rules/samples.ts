// An example's template and a seed → the example: no token-shaped text needs to stand in a rule file.

import { crc32 } from "node:zlib";
import { UsageError } from "../errors.ts";
import { nearest } from "../base/nearest.ts";
import { alphabets, randomText, SeededRandom } from "./random.ts";
import { pieceAt, splitTop } from "./template.ts";
import type { Piece } from "./template.ts";

/** Where random characters come from, and how encodings are shown; lets one expander make samples and masks. */
interface Maker {
  text(alphabet: string, length: number): string;
  choose(count: number): number;
  encode(encoding: "base64" | "base64url" | "hex", text: string): string;
  checksum(body: string): string;
}

/** The longest random part or repetition that a template may ask for. */
const maxLength = 100_000;
const maxDepth = 20;

/** Lengths of the parts that formats fix. */
const crcLength = 6;
const signatureLength = 43;

/**
 * Expands `{{name:options}}` and `{{name(inside)}}` templates; the same template and seed give the same text. Braces
 * that do not look like a template stay as they are. Throws UsageError for an unknown name, a wrong length, or a
 * template that does not end.
 */
export function expandTemplate(template: string, seed: string): string {
  const random = new SeededRandom(seed);
  return expand(template, 0, {
    text: (alphabet, length) => randomText(random, alphabet, length),
    choose: (count) => random.below(count),
    encode: (encoding, text) => Buffer.from(text, "utf8").toString(encoding),
    checksum: crc32Base62,
  });
}

/** Expands a template with every random part shown as asterisks and every encoding named rather than made. */
export function maskTemplate(template: string): string {
  return expand(template, 0, {
    text: (_, length) => (length > 12 ? `${"*".repeat(8)}…(${length})` : "*".repeat(length)),
    choose: () => 0,
    encode: (encoding, text) => `<${encoding} of ${text}>`,
    checksum: () => "*".repeat(crcLength),
  });
}

/** CRC32 of a text in base 62 (digits, upper case, lower case), as GitHub and npm append it, left-padded with 0. */
function crc32Base62(text: string): string {
  const alphabet = alphabets["base62"] as string;
  let value = crc32(Buffer.from(text, "latin1"));
  let tail = "";
  while (value > 0) {
    tail = alphabet.charAt(value % 62) + tail;
    value = Math.floor(value / 62);
  }
  return tail.padStart(crcLength, "0");
}

function expand(template: string, depth: number, maker: Maker): string {
  if (depth > maxDepth) throw new UsageError("a template is nested too deeply");
  let text = "";
  for (let at = 0; at < template.length;) {
    const piece = pieceAt(template, at);
    if (piece === undefined) {
      text += template.charAt(at++);
      continue;
    }
    text += make(piece, depth, maker);
    at = piece.end;
  }
  return text;
}

type Make = (piece: Piece, inside: (text: string) => string, maker: Maker) => string;

const fixed: Readonly<Record<string, string>> = { dashes: "-".repeat(5), nl: "\n", split: "" };

const makers: Readonly<Record<string, Make>> = {
  uuid: (_, _inside, maker) => uuidOf(maker),
  choice: (piece, inside, maker) => {
    const branches = splitTop(piece.args, "|");
    return inside(branches[maker.choose(branches.length)] ?? "");
  },
  repeat: (piece, inside) => {
    const colon = piece.args.lastIndexOf(":");
    return inside(piece.args.slice(0, Math.max(0, colon))).repeat(lengthOf(piece, piece.args.slice(colon + 1)));
  },
  b64: (piece, inside, maker) => maker.encode("base64", inside(piece.args)),
  b64url: (piece, inside, maker) => maker.encode("base64url", inside(piece.args)),
  hexenc: (piece, inside, maker) => maker.encode("hex", inside(piece.args)),
  "crc32-base62": (piece, _, maker) => {
    const body = maker.text(alphabets["base62"] as string, lengthOf(piece, piece.args));
    return body + maker.checksum(body);
  },
  "json-b64url": (piece, inside, maker) => maker.encode("base64url", inside(piece.args)),
  jwt: (piece, inside, maker) => {
    const [header, payload] = splitTop(piece.args, ":");
    if (header === undefined || payload === undefined) throw new UsageError("{{jwt:...}} needs a header and a payload");
    const parts = [header, payload].map((part) => maker.encode("base64url", inside(part)));
    return [...parts, maker.text(alphabets["base64url"] as string, signatureLength)].join(".");
  },
};

/** Names of all templates, for messages and documentation. */
export const templateNames: readonly string[] = [
  ...Object.keys(alphabets),
  ...Object.keys(makers),
  ...Object.keys(fixed),
];

function make(piece: Piece, depth: number, maker: Maker): string {
  const alphabet = alphabets[piece.name];
  if (alphabet !== undefined) return maker.text(alphabet, lengthOf(piece, piece.args));
  const text = fixed[piece.name];
  if (text !== undefined) return text;
  const one = makers[piece.name];
  if (one === undefined) {
    const meant = nearest(piece.name, templateNames);
    throw new UsageError(`there is no example template {{${piece.name}}}`, {
      hint: meant === undefined ? `Known templates: ${templateNames.join(", ")}.` : `Did you mean {{${meant}}}?`,
    });
  }
  return one(piece, (inner) => expand(inner, depth + 1, maker), maker);
}

function lengthOf(piece: Piece, text: string): number {
  if (!/^[0-9]{1,6}$/.test(text) || Number(text) < 1 || Number(text) > maxLength) {
    throw new UsageError(`the template {{${piece.name}}} needs a length from 1 to ${maxLength}`, {
      hint: `Write it as in {{${piece.name}:${piece.name === "repeat" ? "x:" : ""}32}}.`,
    });
  }
  return Number(text);
}

/** A version 4 UUID (RFC 9562, section 5.4). */
function uuidOf(maker: Maker): string {
  const [a, b, c, d, e] = [8, 4, 3, 3, 12].map((length) => maker.text(alphabets["hex"] as string, length));
  return [a, b, `4${c}`, `${"89ab".charAt(maker.choose(4))}${d}`, e].join("-");
}
