import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { spreadExample } from "../../../src/rules/spread.ts";

const text = "token = abc-123.DEF";
const forms = new Map(spreadExample(text).map((spread) => [spread.form, spread]));
const latin1 = (form: string): string => Buffer.from(forms.get(form)?.bytes ?? []).toString("latin1");

test("the forms of a plain example", () => {
  expect([...forms.keys()]).toEqual([
    "alone",
    "start",
    "middle",
    "end",
    "twice",
    "crlf",
    "utf-16le",
    "utf-16be",
    "base64",
    "env",
    "json",
    "yaml",
    "shell",
    "typescript",
  ]);
});

test("`at` is where the example stands", () => {
  for (const { form, bytes, at, times } of forms.values()) {
    const found = Buffer.from(bytes).toString("latin1");
    if (at !== undefined) expect(found.slice(at, at + text.length), form).toBe(text);
    expect(times).toBe(form === "twice" ? 2 : 1);
    if (at !== undefined) expect(found.split(text)).toHaveLength(times + 1);
  }
});

test("what each form looks like", () => {
  expect(latin1("alone")).toBe(text);
  expect(latin1("start").startsWith(`${text}\n`)).toBe(true);
  expect(latin1("end").endsWith(`\n${text}`)).toBe(true);
  expect(latin1("twice")).toBe(`${text}\n${text}`);
  expect(latin1("crlf")).toMatch(/\r\n/);
  expect(latin1("crlf")).not.toMatch(/[^\r]\n/);
  expect(JSON.parse(latin1("json"))).toMatchObject({ setting: text });
  expect(parse(latin1("yaml"))).toMatchObject({ setting: text });
});

test("encodings", () => {
  const little = Buffer.from(forms.get("utf-16le")?.bytes ?? []);
  const big = Buffer.from(forms.get("utf-16be")?.bytes ?? []);
  expect([...little.subarray(0, 2), ...big.subarray(0, 2)]).toEqual([0xff, 0xfe, 0xfe, 0xff]);
  expect(little.toString("utf16le").slice(1)).toBe(latin1("middle"));
  expect(Buffer.from(big).swap16()).toEqual(little);
  const lines = latin1("base64").split("\n").slice(1, -1);
  expect(lines.every((line, i) => line.length === 76 || i === lines.length - 1)).toBe(true);
  expect(Buffer.from(lines.join(""), "base64").toString("latin1")).toBe(latin1("middle"));
});

describe("syntaxes are left out where the example would break them", () => {
  test.each(['k="v"', "k='v'", "a\nb", "a\\b", "$(x)", "`x`", "caf\u00e9", "a # b"])("%j", (example) => {
    const names = spreadExample(example).map((spread) => spread.form);
    expect(names).toHaveLength(9);
    expect(names).not.toContain("json");
  });
});

test("text beyond ASCII is UTF-8", () => {
  const [alone] = spreadExample("caf\u00e9");
  expect(Buffer.from(alone?.bytes ?? []).toString("utf8")).toBe("caf\u00e9");
});
