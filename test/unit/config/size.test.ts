// Sizes as people write them, and what is none.

import { describe, expect, test } from "vitest";
import { bytesOf, parseSize, sizeText } from "../../../src/config/size.ts";

describe("parseSize", () => {
  test.each<[text: string, bytes: number | undefined]>([
    ["512M", 512 * 1024 ** 2],
    ["512m", 512 * 1024 ** 2],
    ["512MB", 512 * 1024 ** 2],
    ["512 MiB", 512 * 1024 ** 2],
    [" 1G ", 1024 ** 3],
    ["1.5G", 1.5 * 1024 ** 3],
    ["64K", 65_536],
    ["2T", 2 * 1024 ** 4],
    ["1048576", 1_048_576],
    ["100B", 100],
    ["", undefined],
    ["M", undefined],
    ["0", undefined],
    ["-1G", undefined],
    ["1e9", undefined],
    ["0x10", undefined],
    ["1P", undefined],
    ["1 G B", undefined],
    ["99999999T", undefined],
    ["Infinity", undefined],
  ])("%j", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each([1, 1000, 65_536, 512 * 1024 ** 2, 1024 ** 3, 3 * 1024 ** 4])("%d comes back from its text", (bytes) => {
    expect(parseSize(sizeText(bytes))).toBe(bytes);
  });

  test("a number counts bytes", () => expect(bytesOf(5)).toBe(5));
});
