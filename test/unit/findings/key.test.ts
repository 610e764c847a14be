import { describe, expect, test } from "vitest";
import { ConfigError, UsageError } from "../../../src/errors.ts";
import { chooseKey } from "../../../src/findings/key.ts";

const salt = "0123456789abcdef".repeat(4);
const phrase = "a long enough phrase";

describe("chooseKey", () => {
  test("takes KEYWARDEN_KEY before the salt, and the salt before the constant", () => {
    expect(chooseKey({ env: phrase, salt }).id).toBe(chooseKey({ env: phrase }).id);
    expect(chooseKey({ salt }).id).toMatch(/^[0-9a-f]{8}$/);
    expect(chooseKey({ salt }).id).not.toBe(chooseKey({ env: phrase }).id);
    expect(chooseKey({}).id).toBe("default");
  });

  test.each([
    { name: "an empty variable is none", given: { env: "", salt } },
    { name: "nor is one of white space", given: { env: " \n", salt } },
    { name: "a line break after the salt is nothing", given: { salt: `${salt}\r\n` } },
    { name: "digits may be upper case", given: { salt: salt.toUpperCase() } },
  ])("$name", ({ given }) => {
    expect(chooseKey(given)).toEqual(chooseKey({ salt }));
  });

  test("ignores white space around the variable, as secret stores add it", () => {
    expect(chooseKey({ env: `${phrase}\n` })).toEqual(chooseKey({ env: phrase }));
  });

  test("refuses a short variable without telling it", () => {
    const short = "short-phrase";
    expect(() => chooseKey({ env: short })).toThrow(UsageError);
    expect(() => chooseKey({ env: short })).not.toThrow(short);
  });

  test.each(["", "xyz", salt.slice(1), `${salt}0`, `${salt.slice(1)}g`])("refuses the salt %j", (bad) => {
    expect(() => chooseKey({ salt: bad })).toThrow(ConfigError);
    expect(() => chooseKey({ salt: bad })).toThrow(/\.keywarden\/salt:1/);
  });
});
