// Hook files of every client: keywarden's lines go in, do what they say, and come out again without a trace.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { addToLefthook } from "../../../src/hooks/lefthook-file.ts";
import { hasMarked, insertMarked, removeMarked } from "../../../src/hooks/marked-lines.ts";
import { addToScript, isShellScript, newScript, removeFromScript } from "../../../src/hooks/shell-hook.ts";
import { addToHooksJson, removeFromHooksJson } from "../../../src/hooks/simple-git-hooks-file.ts";
import { hookStages } from "../../../src/model/hook.ts";

const words = { kind: "words", words: "keywarden" } as const;
const files = { kind: "files", node: "/opt/no de/node", script: "/it's/bin.js" } as const;
const stage = fc.constantFrom(...hookStages);
/** Lines that a file may be made of, with either line end, and with or without one at its end. */
const lines = fc
  .tuple(
    fc.array(fc.constantFrom("echo one", "", "  indented", "# a comment", "exit 0", "# <<< other", "é"), {
      maxLength: 8,
    }),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
  )
  .map(([all, end, closed]) => all.join(end) + (closed && all.length > 0 ? end : ""));

describe("scripts", () => {
  it.each([
    ["#!/bin/sh\necho\n", true],
    ["#!/usr/bin/env bash\n", true],
    ["#!/usr/bin/env -S bash -e\n", true],
    ["#! /bin/dash -e\n", true],
    ["#!/bin/zsh", true],
    ["#!/usr/bin/env node\n", false],
    ["#!/usr/bin/env python3\n", false],
    ["#!/usr/bin/fish\n", false],
    ["#!/opt/shelly\n", false],
    ["echo\n", false],
    ["", false],
  ])("%j is a shell's: %s", (text, is) => expect(isShellScript(text)).toBe(is));

  it("come back byte for byte, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("", "#!/bin/sh", "#!/bin/sh\n", "#!/usr/bin/env bash\n"),
        lines,
        stage,
        (first, rest, at) => {
          const text = first === "#!/bin/sh" ? first : first + rest;
          for (const command of [words, files]) {
            const added = addToScript(text, command, at);
            expect(hasMarked(added)).toBe(true);
            expect(removeFromScript(added)).toBe(text);
          }
        },
      ),
    );
  });

  it("start with their own first line, then ours, then the rest", () => {
    const added = addToScript("#!/bin/sh\necho other\n", words, "pre-commit").split("\n");
    expect([added[0], added[2], added.at(-2)]).toEqual([
      "#!/bin/sh",
      'keywarden hook run pre-commit "$@" || exit $?',
      "echo other",
    ]);
  });

  it("of old Husky are sourced before ours", () => {
    const text = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n';
    const added = addToScript(text, words, "pre-commit");
    expect(added.indexOf("husky.sh")).toBeLessThan(added.indexOf("hook run"));
    expect(removeFromScript(added)).toBe(text);
  });

  it("that we made are taken away whole, unless somebody has written into them", () => {
    const made = newScript(files, "pre-push");
    expect(removeFromScript(made)).toBeUndefined();
    expect(removeFromScript(`${made}echo mine\n`)).toBe("#!/bin/sh\necho mine\n");
    expect(removeFromScript("#!/bin/sh\n")).toBe("#!/bin/sh\n");
  });
});

describe("marked lines", () => {
  it("are taken out however often they were put in, and nothing else is", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const offset = before.length;
        const atLineStart = before === "" || before.endsWith("\n");
        const text = atLineStart ? before + after : before;
        const once = insertMarked(text, { offset, indent: "  " }, ["a", "", "b"], " x");
        expect(removeMarked(once)).toBe(text);
        expect(removeMarked(text)).toBe(text);
      }),
    );
  });

  it("need both marks", () => {
    const text = "# >>> keywarden\necho a\n";
    expect([hasMarked(text), removeMarked(text)]).toEqual([false, text]);
  });
});

const lefthooks: readonly (readonly [name: string, text: string])[] = [
  ["an empty file", ""],
  ["comments only", "# nothing yet\n"],
  ["another stage", "pre-push:\n  commands:\n    test:\n      run: npm test\n"],
  ["no line break at the end", "pre-push:\n  commands:\n    test:\n      run: npm test"],
  [
    "commands",
    "pre-commit:\n  parallel: true\n  commands:\n    lint: # why\n      run: npm run lint\n\ncolors: false\n",
  ],
  ["commands, indented by four", "pre-commit:\n    commands:\n        lint:\n            run: npm run lint\n"],
  ["jobs", "pre-commit:\n  jobs:\n    - name: lint\n      run: npm run lint\n    - run: npm test\n"],
  ["jobs at the level of their key", "pre-commit:\n  jobs:\n  - run: npm test\n"],
  ["scripts only", "pre-commit:\n  scripts:\n    check.sh:\n      runner: bash\n"],
  ["Windows line ends", "pre-commit:\r\n  commands:\r\n    lint:\r\n      run: npm run lint\r\n"],
];

describe("lefthook's file", () => {
  it.each(lefthooks)("%s: reads as before plus one command, and comes back", (_, text) => {
    for (const at of hookStages) {
      const added = addToLefthook({ shown: "lefthook.yml", text }, "keywarden", at);
      expect(added).toBeDefined();
      const read = parse(added ?? "") as Record<
        string,
        { commands?: Record<string, unknown>; jobs?: { name?: string }[] }
      >;
      const found = read[at]?.commands?.["keywarden"] ?? read[at]?.jobs?.find(({ name }) => name === "keywarden");
      expect(JSON.stringify(found)).toContain(`hook run ${at}`);
      expect(addToLefthook({ shown: "lefthook.yml", text: added ?? "" }, "keywarden", at)).toBeUndefined();
      expect(removeMarked(added ?? "")).toBe(text);
      const before = (parse(text) ?? {}) as Record<string, { commands?: object; jobs?: unknown[] }>;
      for (const [key, value] of Object.entries(before)) if (key !== at) expect(read[key]).toEqual(value);
      expect(read[at]?.jobs?.length ?? 0).toBe(
        (before[at]?.jobs?.length ?? 0) + (before[at]?.jobs === undefined ? 0 : 1),
      );
    }
  });

  it("gives git's arguments and standard input", () => {
    const push = parse(addToLefthook({ shown: "f", text: "" }, "keywarden", "pre-push") ?? "");
    expect(push).toEqual({
      "pre-push": {
        commands: {
          keywarden: { run: "keywarden hook run pre-push {1} {2} {files}", files: "echo f", use_stdin: true },
        },
      },
    });
    const message = parse(addToLefthook({ shown: "f", text: "" }, "keywarden", "commit-msg") ?? "");
    expect(message).toEqual({
      "commit-msg": { commands: { keywarden: { run: "keywarden hook run commit-msg {1}" } } },
    });
  });

  it.each([
    ["flow style", "{pre-commit: {commands: {a: {run: b}}}}\n"],
    ["flow style inside", "pre-commit: {commands: {a: {run: b}}}\n"],
    ["a stage without anything", "pre-commit:\n"],
    ["a list", "- a\n"],
    ["an end mark", "pre-push:\n  parallel: true\n...\n"],
    ["no YAML", "pre-commit: [\n"],
    ["a key that stands twice", "a: 1\na: 2\n"],
  ])("%s: is left alone, and says what to write", (_, text) => {
    expect(() => addToLefthook({ shown: "lefthook.yml", text }, "keywarden", "pre-commit")).toThrow(
      /shape that keywarden does not edit/,
    );
  });
});

const manifests: readonly (readonly [name: string, text: string, below: string | undefined])[] = [
  [
    "one hook",
    '{\n  "name": "x",\n  "simple-git-hooks": {\n    "pre-commit": "npx lint-staged"\n  }\n}\n',
    "simple-git-hooks",
  ],
  ["another hook", '{ "simple-git-hooks": { "pre-push": "npm test", "x": 1 } }', "simple-git-hooks"],
  ["none", '{"simple-git-hooks": {}}', "simple-git-hooks"],
  ["none, with room", '{"simple-git-hooks": {\n  } ,\n"a": 1}\n', "simple-git-hooks"],
  [
    "tabs",
    '{\n\t"simple-git-hooks": {\n\t\t"pre-commit": "a || b",\n\t\t"commit-msg": "c \\"$1\\""\n\t}\n}\n',
    "simple-git-hooks",
  ],
  ["a file of its own", '{\r\n  "pre-commit": "npm test"\r\n}\r\n', undefined],
];

describe("simple-git-hooks' file", () => {
  it.each(manifests)("%s: reads as before plus one command, and comes back", (_, text, below) => {
    const read = (json: string): Record<string, string> => {
      const parsed = JSON.parse(json) as Record<string, Record<string, string>>;
      return below === undefined ? (parsed as unknown as Record<string, string>) : (parsed[below] ?? {});
    };
    const file = (json: string) => ({ shown: "package.json", text: json, ...(below === undefined ? {} : { below }) });
    let all = text;
    for (const at of hookStages) {
      const added = addToHooksJson(file(text), "keywarden", at) ?? "";
      const old = read(text)[at];
      const call = `keywarden hook run ${at} "$@"`;
      const ours = read(added)[at] ?? "";
      expect({ ...read(added), [at]: old }).toEqual({ ...read(text), [at]: old });
      if (old === undefined) expect(ours).toBe(call);
      else if (at !== "pre-push") expect(ours).toBe(`${call} || exit $?; ${old}`);
      else expect([ours.includes(`| ${call} || exit $?\n`), ours.endsWith(`\nfi\n${old}`)]).toEqual([true, true]);
      expect(removeFromHooksJson(file(added))).toBe(text);
      expect(addToHooksJson(file(added), "keywarden", at)).toBeUndefined();
      all = addToHooksJson(file(all), "keywarden", at) ?? "";
    }
    expect(removeFromHooksJson(file(all))).toBe(text);
  });

  it.each([
    ["no hooks", '{"name": "x"}'],
    ["hooks that are no object", '{"simple-git-hooks": "x"}'],
    ["a hook that is no text", '{"simple-git-hooks": {"pre-commit": ["a"]}}'],
    ["no JSON", '{"simple-git-hooks": {'],
  ])("%s: is left alone, and says what to write", (_, text) => {
    const file = { shown: "package.json", text, below: "simple-git-hooks" };
    expect(() => addToHooksJson(file, "keywarden", "pre-commit")).toThrow(/shape that keywarden does not edit/);
    expect(removeFromHooksJson(file)).toBe(text);
  });
});
