// Values → commands that only the runner may see: one line each, whatever the value is.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { hiddenValues, maskCommands } from "../../../src/report/reveal.ts";

const secretOf = (value: string): Secret => new Secret(value, "…");

test("one command a value, and none for what stands in every other word", () => {
  expect(maskCommands([secretOf("12345678"), secretOf("12345678"), secretOf("short")])).toBe("::add-mask::12345678\n");
  expect(maskCommands([])).toBe("");
});

test("a value of several lines, or with a command in it, stays one command and keeps its bytes", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, unit: "binary" }), (value) => {
      const lines = maskCommands([secretOf(value)]).split(/[\r\n]/);
      expect(lines).toHaveLength(2);
      const data = lines[0]?.slice("::add-mask::".length) ?? "";
      expect(data.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%")).toBe(value);
    }),
  );
});

test("names that hold a value are shown as its mask", () => {
  expect(hiddenValues([new Secret("12345678", "acme_…(8)")])).toEqual([{ name: "12345678", shown: "acme_…(8)" }]);
});
