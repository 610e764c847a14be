import { describe, expect, test } from "vitest";
import { parseUserVerify } from "../../../src/config/user-verify.ts";
import { ConfigError } from "../../../src/errors.ts";

describe("parseUserVerify", () => {
  test.each([
    ["nothing", "", {}],
    ["a comment", "# later\n", {}],
    [
      "all of it",
      "enabled: true\nproviders: [a]\nendpoints:\n  a: https://b.example\nproxy: http://p:1\nbudget: 0\n",
      { enabled: true, providers: ["a"], endpoints: { a: "https://b.example" }, proxy: "http://p:1", budget: 0 },
    ],
  ])("%s", (_, text, want) => expect(parseUserVerify(text, "verify.yml")).toEqual(want));

  test.each([
    ["an unknown key", "recipes: []", /unknown key recipes/],
    ["a switch that is none", "enabled: maybe", /enabled: expected true or false/],
    ["a text for a list", "providers: github", /providers: expected a list/],
    ["a list for a map", "endpoints: [a]", /endpoints: expected provider: address lines/],
    ["too large a budget", "budget: 1001", /budget/],
    ["a list", "- a", /verify\.yml/],
    ["broken YAML", "a: [", /verify\.yml:1/],
  ])("%s", (_, text, says) => {
    const parse = () => parseUserVerify(text, "verify.yml");
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(says);
  });
});
