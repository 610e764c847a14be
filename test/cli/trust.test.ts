// `keywarden rules trust`: which recipes of the user's own may ask providers, and which never may.

import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { acmeRule } from "../helpers/acme-rule.ts";
import { jsonOf, keywarden } from "../helpers/cli-run.ts";
import type { CliResult } from "../helpers/cli-run.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { startProvider } from "../helpers/provider-server.ts";
import type { ProviderServer } from "../helpers/provider-server.ts";
import { privateHome } from "../helpers/verify-rig.ts";

afterAll(removeTemporary);

const key = ["acme", "k2j4h6g8f1d3s5a7p9o0i8u6"].join("_");

let server: ProviderServer;
let home: ReturnType<typeof privateHome>;
let scanned: string;
let file: string;
beforeEach(async () => {
  server = await startProvider();
  server.answer(({ headers }) => ({ status: headers["x-acme-key"] === key ? 200 : 401, body: {} }));
  home = privateHome();
  scanned = temporaryFolder();
  writeFileSync(join(scanned, "a.env"), `A=${key}\n`);
  file = join(temporaryFolder(), "acme.yml");
  writeFileSync(file, acmeRule());
});
afterEach(() => server.close());

function trust(...args: readonly string[]): Promise<CliResult> {
  return keywarden(["rules", "trust", ...args], { cwd: scanned, env: home.env });
}

async function verify(rules = file, ...more: readonly string[]): Promise<string[]> {
  const args = ["scan", "a.env", "--verify", "--format", "json", "--rules", rules, ...more];
  const result = await keywarden([...args, "--endpoint", `acme=${server.url}`], { cwd: scanned, env: home.env });
  return jsonOf(result).findings.map(({ verification }) => `${verification?.status} ${verification?.reason}`);
}

describe("rules trust", () => {
  test("shows what would be sent where, and asks", async () => {
    const silent = await trust(file);
    expect([silent.code, silent.stderr]).toEqual([2, expect.stringMatching(/nobody to ask/)]);
    for (const part of [
      "GET https://api.acme.example/v1/me",
      "x-acme-key: {{secret}}",
      "an impossible key is sent first",
    ]) {
      expect(silent.stdout).toContain(part);
    }
    expect(await verify()).toEqual(["skipped untrusted"]);
    expect(server.asked).toEqual([]);
  });

  test("lets the recipe ask, until the file is another one or is trusted no longer", async () => {
    expect((await trust(file, "--yes")).code).toBe(0);
    expect(await verify(file, "--no-cache")).toEqual(["active answer"]);
    appendFileSync(file, "# another word\n");
    expect(await verify(file, "--no-cache")).toEqual(["skipped untrusted"]);
    await trust(file, "--yes");
    expect(await verify(file, "--no-cache")).toEqual(["active answer"]);
    expect((await trust(file, "--remove")).stdout).toMatch(/no longer trusted/);
    expect(await verify(file, "--no-cache")).toEqual(["skipped untrusted"]);
  });

  test("holds for the one file, not for a copy of it elsewhere", async () => {
    await trust(file, "--yes");
    const copy = join(temporaryFolder(), "acme.yml");
    writeFileSync(copy, acmeRule());
    expect(await verify(copy)).toEqual(["skipped untrusted"]);
  });

  test("never for a file inside of what is scanned, whoever trusted it", async () => {
    const inside = join(scanned, "rules/acme.yml");
    mkdirSync(dirname(inside));
    writeFileSync(inside, acmeRule());
    mkdirSync(join(scanned, ".keywarden"));
    writeFileSync(join(scanned, ".keywarden/config.yml"), "rules: [rules/acme.yml]\n");
    await trust(inside, "--yes");
    const args = ["scan", "a.env", "--verify", "--format", "json", "--endpoint", `acme=${server.url}`];
    const result = await keywarden(args, { cwd: scanned, env: home.env });
    expect(jsonOf(result).findings.map(({ verification }) => verification?.reason)).toEqual(["untrusted"]);
    expect(server.asked).toEqual([]);
  });

  test.each([
    ["a file that is not there", "none.yml", /no such rule file/],
    ["a folder", ".", /no such rule file/],
  ])("%s", async (_, name, says) => {
    const result = await trust(name, "--yes");
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(says)]);
  });

  test("a file without a recipe needs no trust", async () => {
    writeFileSync(file, acmeRule().replace(/ {4}verify:[\s\S]*? {4}examples:/, "    examples:"));
    const result = await trust(file, "--yes");
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(/holds no recipe/)]);
  });

  test("a damaged list of trusted files is a mistake, not trust", async () => {
    writeFileSync(join(home.config, "trusted-rules.json"), "{");
    const result = await keywarden(["scan", "a.env", "--verify", "--rules", file], { cwd: scanned, env: home.env });
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(/not a list of trusted rule files/)]);
  });
});
