import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { isJsonObject, parseJsonText } from "../../../src/base/json-text.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

function mistake(text: string): ConfigError {
  try {
    parseJsonText(text, "f.json");
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("no mistake found");
}

describe("parseJsonText", () => {
  test.each([
    '{"a": [1, -2.5e3, "x\\n\\u00e9", true, false, null, {}, []]}',
    '"text"',
    "0",
    " [ ] \r\n",
    '{"a":1,"a":2}',
    '"\u2028 and 😀"',
  ])("reads %j as JSON.parse does", (text) => {
    expect(JSON.stringify(parseJsonText(text, "f").value)).toBe(JSON.stringify(JSON.parse(text)));
  });

  test("skips a byte order mark", () => {
    expect(parseJsonText("\uFEFF[1]", "f").value).toEqual([1]);
  });

  test("has no special keys", () => {
    const { value } = parseJsonText('{"__proto__": {"x": 1}}', "f");
    expect(isJsonObject(value) && Object.keys(value)).toEqual(["__proto__"]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test("knows where objects and arrays stand", () => {
    const json = parseJsonText('{\n  "a": [\r\n    {}]\n}', "f.json");
    const list = (json.value as { a: object[] }).a;
    expect(json.positionOf(json.value)).toEqual({ file: "f.json", line: 1, column: 1 });
    expect(json.positionOf(list)).toEqual({ file: "f.json", line: 2, column: 8 });
    expect(json.positionOf(list[0])).toEqual({ file: "f.json", line: 3, column: 5 });
    expect(json.positionOf(7)).toEqual({ file: "f.json" });
  });

  test.each([
    { text: "", at: [1, 1], message: /ends too early/ },
    { text: "{", at: [1, 2], message: /a name/ },
    { text: '{"a": 1,}', at: [1, 9], message: /a name/ },
    { text: '{"a" 1}', at: [1, 6], message: /`:`/ },
    { text: '{\n"a": 1\n"b": 2}', at: [3, 1], message: /`}`/ },
    { text: "[1 2]", at: [1, 4], message: /`]`/ },
    { text: "[1,]", at: [1, 4], message: /a value/ },
    { text: "[1] x", at: [1, 5], message: /after the end/ },
    { text: "'a'", at: [1, 1], message: /a value/ },
    { text: '"a\nb"', at: [1, 1], message: /closed string/ },
    { text: '["a\\x"]', at: [1, 2], message: /closed string/ },
    { text: "[01]", at: [1, 3], message: /`]`/ },
    { text: "[".repeat(100_000), at: [1, 66], message: /nested too deeply/ },
  ])("points at the damage in $text.length characters: $message", ({ text, at, message }) => {
    const error = mistake(text);
    expect(error.message).toMatch(message);
    expect([error.position.line, error.position.column]).toEqual(at);
  });

  test.each(["\n", "\r\n"])("names git's conflict marks, lines ended by %j", (lineBreak) => {
    const error = mistake(["{", "<<<<<<< HEAD", '"a": 1', "=======", '"a": 2', ">>>>>>> other", "}"].join(lineBreak));
    expect(error.message).toMatch(/conflict/);
    expect(error.position.line).toBe(2);
    expect(error.hint).toMatch(/both sides/);
  });

  test("tells nothing of the text", () => {
    expect(mistake('{"a": hushhush}').message).not.toContain("hush");
  });

  test("is quick with large texts", () => {
    const text = JSON.stringify(Array.from({ length: 50_000 }, (_, index) => ({ a: `text ${index}`, b: [index] })));
    const spent = processorClock();
    parseJsonText(text, "f");
    expect(spent()).toBeLessThan(3_000);
  });
});
