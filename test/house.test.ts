// The laws of the house as tables: who may import whom, who may touch the world, how large things may be.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { House, HouseFile } from "./helpers/house.ts";
import { checks, limits, violations } from "./helpers/house.ts";

const root = join(import.meta.dirname, "..");
const cellar = ["model", "base", "errors.ts", "packages"];
const rooms = [
  "kernel",
  "rules",
  "config",
  "sources",
  "scan",
  "findings",
  "verify",
  "policy",
  "rotation",
  "channels",
  "hooks",
  "adoption",
  "github",
  "report",
];
const doorway = [...cellar, "config", "pipeline"];

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
  "dependencies" | "optionalDependencies" | "devDependencies",
  Record<string, string>
>;

const house: House = {
  imports: {
    model: [],
    "errors.ts": [],
    base: ["errors.ts", "packages"],
    ...Object.fromEntries(rooms.map((room) => [room, cellar])),
    // The kernel knows nothing of secrets: to the scan it is part of the cellar.
    scan: [...cellar, "kernel"],
    // The words that every channel shares.
    github: [...cellar, "channels"],
    pipeline: [...cellar, ...rooms],
    cli: doorway,
    action: doorway,
    "index.ts": doorway,
    "bin.ts": ["cli"],
  },
  abilities: {
    "node:fs": [
      "src/base/",
      "src/sources/",
      "src/config/load.ts",
      "src/rules/load.ts",
      "src/report/write.ts",
      "src/pipeline/",
      "src/cli/",
      "src/action/",
    ],
    "node:child_process": ["src/base/git/"],
    // The other file only reckons with addresses: node:net knows their grammar.
    network: ["src/verify/client.ts", "src/verify/address.ts", "src/github/client.ts"],
    console: [],
    "process.stdout": ["src/cli/", "src/bin.ts", "src/action/"],
    "process.env": ["src/cli/", "src/bin.ts", "src/action/main.ts", "src/base/git/environment.ts"],
    "process.exit": ["src/cli/", "src/bin.ts"],
    ".reveal()": [
      "src/findings/fingerprint.ts",
      "src/verify/recipe.ts",
      "src/report/reveal.ts",
      "src/scan/canonical.ts",
    ],
  },
  pure: [
    "src/model/",
    "src/kernel/",
    "src/rules/",
    "src/scan/",
    "src/findings/",
    "src/verify/",
    "src/policy/",
    "src/channels/",
    "src/hooks/",
    "src/adoption/",
    "src/rotation/",
  ],
  tables: [],
  runtime: [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)],
};

function read(folder: string): HouseFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return read(path);
    if (!entry.name.endsWith(".ts")) return [];
    return [{ path, text: readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n") }];
  });
}

// AssemblyScript is another language that TypeScript's parser can read: its own globals and decorators apply.
const assembly = ["src/kernel/assembly/", "src/base/git/assembly/"];
const isAssembly = ({ path }: HouseFile): boolean => assembly.some((folder) => path.startsWith(folder));
const all = read("src");
const files = all.filter((file) => !isAssembly(file));

describe("src keeps the laws", () => {
  test("there is a house", () => expect(files.length).toBeGreaterThan(20));

  test.each(Object.keys(checks))("%s", (name) => {
    expect(violations(name, files, house)).toEqual([]);
  });

  test.each(["fileSize", "functionSize", "opening", "names", "finished"])("%s, in AssemblyScript", (name) => {
    const found = violations(name, all.filter(isAssembly), house);
    expect(found).toEqual([]);
  });

  test("each path in the tables is there, so that no permission outlives its file", () => {
    const named = [...Object.values(house.abilities).flat(), ...house.tables];
    const missing = named.filter((path) => !all.some((file) => file.path === path || file.path.startsWith(path)));
    expect(missing).toEqual([]);
  });
});

const lines = (count: number): string => "const a = 1;\n".repeat(count);
const body = (count: number): string => `function f() {\n${"  f();\n".repeat(count - 2)}}\n`;

/** Made-up files: what each check must say, or nothing. The first of each pair is just inside the law. */
const made: readonly [check: string, path: string, text: string, says?: RegExp][] = [
  ["mayImport", "src/scan/a.ts", 'import { b } from "./checks/b.ts";\nimport { R } from "../model/rule.ts";'],
  ["mayImport", "src/scan/a.ts", 'import { b } from "../findings/b.ts";', /scan may not import \.\.\/findings/],
  ["mayImport", "src/scan/checks/a.ts", 'import type { B } from "../../rules/b.ts";', /scan may not import/],
  ["mayImport", "src/scan/a.ts", 'export { b } from "../report/b.ts";', /scan may not import/],
  ["mayImport", "src/scan/a.ts", 'const b = await import("../report/b.ts");', /scan may not import/],
  ["mayImport", "src/scan/a.ts", 'type B = import("../report/b.ts").B;', /scan may not import/],
  ["mayImport", "src/model/a.ts", 'import { z } from "zod";', /model may not import zod/],
  ["mayImport", "src/model/a.ts", 'import { join } from "node:path";', /model may not import/],
  ["mayImport", "src/model/a.ts", 'import { b } from "../base/b.ts";', /model may not import/],
  ["mayImport", "src/base/a.ts", 'import { b } from "../model/b.ts";', /base may not import/],
  ["mayImport", "src/errors.ts", 'import { b } from "./model/b.ts";', /errors.ts may not import/],
  ["mayImport", "src/pipeline/a.ts", 'import { b } from "../scan/b.ts";'],
  ["mayImport", "src/pipeline/a.ts", 'import { b } from "../cli/b.ts";', /pipeline may not import/],
  ["mayImport", "src/cli/a.ts", 'import { b } from "../pipeline/b.ts";'],
  ["mayImport", "src/cli/a.ts", 'import { b } from "../scan/b.ts";', /cli may not import/],
  ["mayImport", "src/index.ts", 'import { b } from "./cli/b.ts";', /index.ts may not import/],
  ["mayImport", "src/attic/a.ts", "", /attic is no room/],
  ["mayImport", "src/scan/a.ts", 'import b from "../../package.json";', /scan may not import/],
  ["spelling", "src/scan/a.ts", 'import "./b.ts";'],
  ["spelling", "src/scan/a.ts", 'import "./b";', /extension/],
  ["spelling", "src/scan/a.ts", 'import "./b.js";', /extension/],
  ["spelling", "src/base/git/a/b.ts", 'import "../../../model/b.ts";', /too far away/],
  ["packages", "src/config/a.ts", 'import { z } from "zod";\nimport fs from "node:fs";\nimport re2 from "re2";'],
  ["packages", "src/config/a.ts", 'import type { Schema } from "ajv";'],
  ["packages", "src/config/a.ts", 'import ajv from "ajv/dist/2020.js";', /not in dependencies/],
  ["packages", "src/config/a.ts", 'import { a } from "@scope/name/deep";', /not in dependencies/],
  ["packages", "src/config/a.ts", 'const a = require("left-pad");', /not in dependencies/],
  ["packages", "src/config/a.ts", 'import fs from "fs";', /not in dependencies/],
  ["abilities", "src/config/load.ts", 'import { readFile } from "node:fs/promises";'],
  ["abilities", "src/scan/a.ts", 'import type { Stats } from "node:fs";'],
  ["abilities", "src/scan/a.ts", 'import { readFile } from "node:fs/promises";', /node:fs is not for this file/],
  ["abilities", "src/scan/a.ts", 'const fs = await import("node:fs");', /node:fs/],
  ["abilities", "src/sources/a.ts", 'import { spawn } from "node:child_process";', /node:child_process/],
  ["abilities", "src/scan/a.ts", "const fetched = source.fetch(1);"],
  ["abilities", "src/scan/a.ts", "await fetch(url);", /network/],
  ["abilities", "src/scan/a.ts", "await globalThis.fetch(url);", /network/],
  ["abilities", "src/scan/a.ts", 'import { request } from "undici";', /network/],
  ["abilities", "src/scan/a.ts", 'import http from "node:http";', /network/],
  ["abilities", "src/scan/a.ts", 'import { lookup } from "node:dns/promises";', /network/],
  ["abilities", "src/scan/a.ts", "console.log(1);", /console/],
  ["abilities", "src/scan/a.ts", "const out = { log: console.log };", /console/],
  ["abilities", "src/cli/a.ts", "process.stdout.write(process.env.HOME);"],
  ["abilities", "src/report/a.ts", "process.stdout.write(text);", /process\.stdout/],
  ["abilities", "src/report/a.ts", "process.stderr.write(text);", /process\.stdout/],
  ["abilities", "src/scan/a.ts", "const { env } = process;", /process\.env/],
  ["abilities", "src/scan/a.ts", "const home = process.env['HOME'];", /process\.env/],
  ["abilities", "src/scan/a.ts", "process.exit(1);", /process\.exit/],
  ["abilities", "src/report/reveal.ts", "secret.reveal();"],
  ["abilities", "src/report/a.ts", "secret.reveal();", /reveal/],
  ["abilities", "src/report/a.ts", "finding?.secret?.reveal();", /reveal/],
  ["purity", "src/scan/a.ts", "const date = new Date(ms); const now = clock.now();"],
  ["purity", "src/pipeline/a.ts", "const now = Date.now();"],
  ["purity", "src/scan/a.ts", "const now = Date.now();", /Date\.now in a pure room/],
  ["purity", "src/policy/a.ts", "const now = new Date();", /new Date\(\)/],
  ["purity", "src/findings/a.ts", "const { random } = Math;", /Math\.random/],
  ["fileSize", "src/scan/a.ts", lines(limits.fileLines)],
  ["fileSize", "src/scan/a.ts", lines(limits.fileLines + 1), /251 lines/],
  ["fileSize", "src/pipeline/run-scan.ts", lines(limits.corridorLines)],
  ["fileSize", "src/pipeline/run-scan.ts", lines(limits.corridorLines + 1), /101 lines/],
  ["functionSize", "src/scan/a.ts", body(limits.functionLines)],
  ["functionSize", "src/scan/a.ts", body(limits.functionLines + 1), /line 1: function of 61 lines/],
  ["functionSize", "src/scan/a.ts", `class A {\n  ${body(61).replace("function ", "")}}`, /61 lines/],
  ["functionSize", "src/scan/a.ts", body(61).replace("function f()", "const g = () =>"), /61 lines/],
  ["parameterCount", "src/scan/a.ts", "function f(this: A, a, b, c, d) {}"],
  ["parameterCount", "src/scan/a.ts", "function f(a, b, c, d, e) {}", /5 parameters/],
  ["parameterCount", "src/scan/a.ts", "class A { constructor(a, b, c, d, e) {} }", /5 parameters/],
  ["opening", "src/scan/a.ts", "// One thing → another.\n\nimport a;"],
  ["opening", "src/bin.ts", "#!/usr/bin/env node\n// One thing → another.\nimport a;"],
  ["opening", "src/scan/a.ts", "import a;", /0 comment lines/],
  ["opening", "src/scan/a.ts", "\n// Late.\n", /0 comment lines/],
  ["opening", "src/scan/a.ts", "// 1\n// 2\n// 3\n// 4\nimport a;", /4 comment lines/],
  [
    "docstrings",
    "src/scan/a.ts",
    "/** A. */\nexport const a = 1;\nfunction b() {}\nexport type C = (typeof a)[number];",
  ],
  ["docstrings", "src/scan/a.ts", "/** A. */\nexport function a(b: 1): 1;\nexport function a(b: 2): 2;"],
  ["docstrings", "src/scan/a.ts", "export const a = 1;", /a is exported without/],
  ["docstrings", "src/scan/a.ts", "// A.\nexport function a() {}", /a is exported without/],
  ["docstrings", "src/scan/a.ts", "export class A {}", /A is exported without/],
  ["docstrings", "src/scan/a.ts", "export interface A {}", /A is exported without/],
  ["docstrings", "src/scan/a.ts", "export type A = string | number;", /A is exported without/],
  ["namedExports", "src/scan/a.ts", "export { a };\nexport const b = 1;"],
  ["namedExports", "src/scan/a.ts", "export default 1;", /default export/],
  ["namedExports", "src/scan/a.ts", "export default function a() {}", /default export/],
  ["namedExports", "src/scan/a.ts", "export { a as default };", /default export/],
  ["names", "src/base/git/pack-file.ts", ""],
  ["names", "src/kernel/webassembly.d.ts", ""],
  ["names", "src/utils/a.ts", "", /say what is in it/],
  ["names", "src/scan/helpers.ts", "", /say what is in it/],
  ["names", "src/scan/scanBytes.ts", "", /kebab-case/],
  ["names", "src/scan/scan_bytes.ts", "", /kebab-case/],
  ["finished", "src/scan/a.ts", "// All that is to do is done.\nconst TODO = 1;"],
  ["finished", "src/scan/a.ts", `// ${"TO"}DO: later`, /unfinished/],
  ["finished", "src/scan/a.ts", `/* ${"FIX"}ME */`, /unfinished/],
];

describe("each law can be broken", () => {
  test.each(made)("%s: %s %j", (check, path, text, says) => {
    const found = violations(check, [{ path, text }], house);
    if (says === undefined) expect(found).toEqual([]);
    else expect(found.join("\n")).toMatch(says);
  });

  test("every check has a made-up violation and a made-up innocent", () => {
    for (const name of Object.keys(checks)) {
      const own = made.filter(([check]) => check === name);
      expect([
        name,
        own.some(([, , , says]) => says !== undefined),
        own.some(([, , , says]) => says === undefined),
      ]).toEqual([name, true, true]);
    }
  });
});

describe("dependencies", () => {
  const page = readFileSync(join(root, "docs/decisions/0001-dependencies.md"), "utf8");
  const reasons = [...page.matchAll(/^\| `([^`]+)` *\| *(\S.{20,}\S) *\|$/gm)].map((match) => match[1] ?? "");
  const named = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  });

  test("each has its line of reason, and each line its dependency", () => {
    expect(reasons.toSorted()).toEqual(named.toSorted());
  });
});
