import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { detectEncoding, toUtf8, transcode, type WideEncoding } from "../../../src/sources/encoding.ts";

const marks: Readonly<Record<WideEncoding, readonly number[]>> = {
  "utf-16le": [0xff, 0xfe],
  "utf-16be": [0xfe, 0xff],
  "utf-32le": [0xff, 0xfe, 0, 0],
  "utf-32be": [0, 0, 0xfe, 0xff],
};
const encodings = Object.keys(marks) as WideEncoding[];

function encode(text: string, encoding: WideEncoding): Buffer {
  if (encoding === "utf-16le") return Buffer.from(text, "utf16le");
  if (encoding === "utf-16be") return Buffer.from(text, "utf16le").swap16();
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  points.forEach((point, at) =>
    encoding === "utf-32le" ? bytes.writeUInt32LE(point, 4 * at) : bytes.writeUInt32BE(point, 4 * at),
  );
  return bytes;
}

function decoded(bytes: Uint8Array): { text: string; encoding: WideEncoding } | undefined {
  const result = toUtf8(bytes);
  return result && { text: Buffer.from(result.bytes).toString("utf8"), encoding: result.encoding };
}

const texts = ["API_KEY=abc123\r\n", "Zürich 東京 😀 \ud7ff\ue000", "x", "a\ufeffb"];

describe("text with a byte order mark", () => {
  it.each(encodings.flatMap((encoding) => texts.map((text) => [encoding, text] as const)))(
    "%s: %j",
    (encoding, text) => {
      expect(decoded(Buffer.from([...marks[encoding], ...encode(text, encoding)]))).toEqual({ text, encoding });
    },
  );

  it.each(encodings)("%s: nothing but the mark", (encoding) => {
    expect(decoded(Buffer.from(marks[encoding]))).toEqual({ text: "", encoding });
  });

  it("is any text at all", () => {
    const text = fc
      .string({ unit: "binary", minLength: 1 })
      .filter((value) => !/\p{Surrogate}/u.test(value) && !value.includes("\0"));
    fc.assert(
      fc.property(text, fc.constantFrom(...encodings), (value, encoding) => {
        expect(decoded(Buffer.from([...marks[encoding], ...encode(value, encoding)]))).toEqual({
          text: value,
          encoding,
        });
      }),
    );
  });

  it("takes FF FE 00 00 for UTF-16 where what follows is no UTF-32", () => {
    const bytes = Buffer.from("\ufeff\0abc", "utf16le");
    expect(decoded(bytes)).toEqual({ text: "\0abc", encoding: "utf-16le" });
  });
});

describe("text without a mark", () => {
  it.each(["utf-16le", "utf-16be"] as const)("is %s when it is mostly ASCII", (encoding) => {
    const text = "const apiKey = 'Zürich';\n";
    expect(decoded(encode(text, encoding))).toEqual({ text, encoding });
    expect(decoded(encode("12345678", encoding))?.encoding).toBe(encoding);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["one byte", Buffer.from([0xff])],
    ["ASCII", Buffer.from("const a = 1;")],
    ["UTF-8", Buffer.from("Zürich 東京 😀".repeat(20))],
    ["UTF-8 with a mark", Buffer.from("\ufeffconst a = 1;")],
    ["zeros", Buffer.alloc(100)],
    ["too short to tell", Buffer.from("abc", "utf16le")],
    ["small integers", Buffer.from(new Uint16Array(200).map((_, at) => at % 20).buffer)],
    ["random bytes", Buffer.from(Array.from({ length: 400 }, (_, at) => (at * 7919) % 251))],
    ["UTF-32 without a mark", encode("const a = 1;", "utf-32le")],
    ["ASCII records padded with zeros", Buffer.from("a\0\0\0b\0\0\0c\0\0\0d\0\0\0e\0\0\0")],
    ["an ELF header", Buffer.from("7f454c4602010100000000000000000003003e0001000000", "hex")],
  ])("is left alone: %s", (_, bytes) => {
    expect(detectEncoding(bytes)).toBeUndefined();
  });
});

describe("broken text", () => {
  it.each([
    ["utf-16le", [0x41, 0x00, 0x00, 0xd8, 0x42, 0x00], "A\ufffdB"],
    ["utf-16le", [0x00, 0xdc, 0x41, 0x00], "\ufffdA"],
    ["utf-16be", [0x00, 0x41, 0x42], "A\ufffd"],
    ["utf-32le", [0x00, 0xd8, 0, 0, 0x00, 0xdc, 0, 0], "\ufffd\ufffd"],
    ["utf-32be", [0xff, 0xff, 0xff, 0xff, 0x00, 0x41], "\ufffd\ufffd"],
  ] as const)("%s %j", (encoding, bytes, expected) => {
    expect(Buffer.from(transcode(Uint8Array.from(bytes), encoding)).toString("utf8")).toBe(expected);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...encodings), (bytes, encoding) => {
        const utf8 = transcode(bytes, encoding);
        expect(() => new TextDecoder("utf-8", { fatal: true }).decode(utf8)).not.toThrow();
        toUtf8(Buffer.from([...marks[encoding], ...bytes]));
      }),
    );
  });

  it("keeps surrogate pairs whole where long text is cut", () => {
    const text = `a${"😀".repeat(600_000)}`;
    for (const encoding of encodings) {
      expect(Buffer.from(transcode(encode(text, encoding), encoding)).equals(Buffer.from(text))).toBe(true);
    }
  });

  it("reads bytes at an odd offset", () => {
    const bytes = Buffer.concat([Buffer.from([0]), encode("é and more", "utf-16be")]).subarray(1);
    expect(Buffer.from(transcode(bytes, "utf-16be")).toString()).toBe("é and more");
  });
});
