// What crosses from one thread to another: everything a report needs, and never a secret's value.

import { serialize } from "node:v8";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ContentScanner } from "../../../src/pipeline/content-scanner.ts";
import type { ScannedBlob } from "../../../src/pipeline/content-scanner.ts";
import { pack, unpack } from "../../../src/pipeline/packed.ts";
import { bytesBlob, plainSetup, plantedToken } from "./planted.ts";

const tokens = ["a", "b"].map((seed) => plantedToken(`packed ${seed}`));
// Values are kept here, so that packing has something to lose.
const scanner = new ContentScanner(plainSetup({ keepValues: true }));
const scanned: readonly ScannedBlob[] = [
  scanner.scan(bytesBlob("none", "nothing here\n")),
  scanner.scan(bytesBlob("two", `ONE=${tokens[0]} TWO=${tokens[1]} # keywarden:allow all -- test\n`)),
  { provenance: [{ path: "gone", part: "file" }], problem: { kind: "vanished", path: "gone", message: "gone" } },
  scanner.scan(bytesBlob("base64", `x = ${Buffer.from(`TOKEN=${tokens[0]}\n`).toString("base64")}\n`)),
];
const packed = pack(scanned, new Map([["some.rule", 1.5]]));

describe("pack", () => {
  test("there is something to hide", () => {
    expect(scanned[1]?.scanned?.matches.map((match) => match.secret.reveal())).toEqual(tokens);
  });

  test("counts everything and names only what says something", () => {
    expect(packed).toMatchObject({ contents: 3, times: [["some.rule", 1.5]] });
    expect(packed.bytes).toBe(scanned.reduce((sum, blob) => sum + (blob.scanned?.bytes ?? 0), 0));
    expect(packed.blobs.map((blob) => blob.index)).toEqual([1, 2, 3]);
    expect(packed.blobs[1]).toEqual({ index: 2, problem: scanned[2]?.problem });
  });

  test.each([
    ["as text", () => JSON.stringify(packed)],
    ["inspected", () => inspect(packed, { depth: Number.POSITIVE_INFINITY, showHidden: true })],
    ["as it is sent, one byte a character", () => serialize(packed).toString("latin1")],
    ["as it is sent, two bytes a character", () => serialize(packed).toString("utf16le")],
    ["as it is sent, two bytes a character, shifted", () => serialize(packed).subarray(1).toString("utf16le")],
  ])("holds no value, %s", (_, show) => {
    const shown = show();
    for (const token of tokens) {
      expect(shown).not.toContain(token);
      // Not even a part of the random half, nor its base64.
      expect(shown).not.toContain(token.slice(-20));
      expect(shown).not.toContain(Buffer.from(token).toString("base64").slice(20, 50));
    }
  });
});

describe("unpack", () => {
  test("gives everything back but the value", () => {
    for (const blob of structuredClone(packed).blobs) {
      if (blob.scanned === undefined) continue;
      const original = scanned[blob.index]?.scanned;
      const back = unpack(blob.scanned);
      expect(back).toEqual(original);
      expect(back.matches.map((match) => match.secret.masked)).toEqual(
        original?.matches.map((match) => match.secret.masked),
      );
      expect(new Set(back.matches.map((match) => match.secret.reveal()))).toEqual(new Set([""]));
    }
  });
});
