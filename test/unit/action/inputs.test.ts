// INPUT_* variables → the inputs, or the first mistake in them; and action.yml declares what is read.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readInputs } from "../../../src/action/inputs.ts";
import { actionFile } from "../../helpers/action-runner.ts";

const version = "1.4.2";

function read(inputs: Readonly<Record<string, string>>) {
  const env = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  return readInputs(env, version);
}

const usual = {
  scope: "auto",
  verify: "false",
  sarif: "file",
  comment: true,
  summary: true,
  rotation: "off",
  token: "",
  typed: {},
};

describe("inputs", () => {
  test.each([
    ["none", {}, {}],
    ["empty ones count as none", { scope: "", config: " ", "fail-on": "" }, {}],
    [
      "each",
      {
        scope: "full",
        verify: "require",
        sarif: "upload",
        comment: "false",
        summary: "false",
        rotation: "status",
        "github-token": " t ",
      },
      {
        scope: "full",
        verify: "require",
        sarif: "upload",
        comment: false,
        summary: false,
        rotation: "status",
        token: "t",
      },
    ],
    [
      "settings",
      { "fail-on": "high", baseline: "security/base.json", config: "a/b.yml" },
      { typed: { failOn: "high", baseline: "security/base.json" }, config: "a/b.yml" },
    ],
    ["a path with a dot", { config: "./a//b.yml" }, { config: "a/b.yml" }],
    ["no baseline", { baseline: "false" }, { typed: { baseline: false } }],
    ["active, asked", { "fail-on": "active", verify: "true" }, { verify: "true", typed: { failOn: "active" } }],
    ["this version", { version: "1.4.2" }, {}],
    ["this version, with a v", { version: "v1.4" }, {}],
    ["this major version", { version: "1" }, {}],
  ])("%s", (_, inputs, want) => expect(read(inputs)).toEqual({ ...usual, ...want }));

  test.each([
    [{ scope: "ful" }, /input scope: expected one of auto, changes, full/],
    [{ verify: "yes" }, /input verify/],
    [{ comment: "1" }, /input comment/],
    [{ rotation: "watch" }, /input rotation/],
    [{ "fail-on": "meduim" }, /input fail-on/],
    [{ "fail-on": "active" }, /needs verify/],
    [{ config: "../other.yml" }, /input config/],
    [{ config: "/etc/passwd" }, /input config/],
    [{ config: "a/../../b.yml" }, /input config/],
    [{ config: ".git/config" }, /input config/],
    [{ baseline: "a/../b.json" }, /input baseline/],
    [{ version: "1.5" }, /not the version/],
    [{ version: "1.4.20" }, /not the version/],
    [{ version: "1.4.2.1" }, /not the version/],
  ])("%j is a mistake", (inputs, says) => expect(() => read(inputs)).toThrow(says));

  test("a mistake never repeats the value, which may be a token in the wrong place", () => {
    const value = ["not", "a", "scope"].join("-");
    expect(() => read({ scope: value })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(value) }),
    );
  });

  test("action.yml declares exactly what is read", () => {
    const source = readFileSync(join(import.meta.dirname, "../../../src/action/inputs.ts"), "utf8");
    const named = [...source.matchAll(/(?:choiceOf|pathOf|valueOf)\(env, "([\w-]+)"/g)].map(([, name]) => name);
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(actionFile().inputs).toSorted());
  });

  test("its usual values are ours, and it runs on a Node that the runner has", () => {
    const { inputs, runs } = actionFile();
    const values = Object.fromEntries(Object.entries(inputs).map(([name, { default: value = "" }]) => [name, value]));
    expect(read({ ...values, "github-token": "" })).toEqual(usual);
    expect(runs).toEqual({ using: "node24", main: "action/main.js" });
  });
});
