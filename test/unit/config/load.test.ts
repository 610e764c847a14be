// The settings file on disk: absent, broken, not a file, leading out through links.

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configPath, loadConfig } from "../../../src/config/load.ts";
import { ConfigError, UsageError } from "../../../src/errors.ts";

const windows = process.platform === "win32";
let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "keywarden-config-"));
  mkdirSync(join(root, ".keywarden"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(text: string | Uint8Array, path = configPath): string {
  const file = join(root, path);
  writeFileSync(file, text);
  return file;
}

describe("loadConfig", () => {
  test("no file: no settings, no file", async () => {
    expect(await loadConfig(root)).toEqual({ settings: {} });
  });

  test("a root that is not there: no settings", async () => {
    expect(await loadConfig(join(root, "absent"))).toEqual({ settings: {} });
  });

  test("the file of the root", async () => {
    write("jobs: 3\nrules: [mine]\n");
    expect(await loadConfig(root)).toEqual({ settings: { jobs: 3, rules: [join(root, "mine")] }, file: configPath });
  });

  test("an explicit file stands in for it, its paths start from the root", async () => {
    write("jobs: 3\n");
    const other = write("rules: [mine]\n", "other.yml");
    expect(await loadConfig(root, other)).toEqual({ settings: { rules: [join(root, "mine")] }, file: other });
  });

  test("an explicit file that is not there", async () => {
    await expect(loadConfig(root, join(root, "absent.yml"))).rejects.toThrow(UsageError);
  });

  test("a mistake is told with the path from the root", async () => {
    write("jobs: 3\nfail-on: [\n");
    await expect(loadConfig(root)).rejects.toThrow(/^\.keywarden\/config\.yml:\d+:\d+: /);
  });

  test.each<[name: string, content: Uint8Array, says: RegExp]>([
    ["invalid UTF-8", new Uint8Array([0x6a, 0xff, 0xfe]), /not valid UTF-8/],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x6a, 0x00]), /not valid UTF-8/],
    ["too large", new Uint8Array(1024 * 1024 + 1).fill(0x23), /larger than/],
  ])("%s", async (_, content, says) => {
    write(content);
    await expect(loadConfig(root)).rejects.toThrow(ConfigError);
    await expect(loadConfig(root)).rejects.toThrow(says);
  });

  test("a folder in its place", async () => {
    mkdirSync(join(root, configPath));
    await expect(loadConfig(root)).rejects.toThrow(/not a file/);
  });

  test.skipIf(windows)("a pipe in its place does not hang", async () => {
    execFileSync("mkfifo", [join(root, configPath)]);
    await expect(loadConfig(root)).rejects.toThrow(/not a file/);
  });

  test.skipIf(windows || process.getuid?.() === 0)("no permission", async () => {
    chmodSync(write("jobs: 1"), 0);
    await expect(loadConfig(root)).rejects.toThrow(/cannot be read \(EACCES\)/);
  });

  describe.skipIf(windows)("links", () => {
    test.each<[name: string, link: () => void, text: string, refused: boolean]>([
      ["a folder that leads out", () => symlinkSync(tmpdir(), join(root, "out")), "baseline: out/deep/a.json", true],
      ["a file that leads out", () => symlinkSync("/etc/hosts", join(root, "a.json")), "baseline: a.json", true],
      ["a link that leads nowhere", () => symlinkSync("/absent/file", join(root, "a.json")), "baseline: a.json", true],
      [
        "a report through a folder that leads out",
        () => symlinkSync("..", join(root, "up")),
        "format: [{format: json, output: up/a.json}]",
        true,
      ],
      ["a link that stays inside", () => symlinkSync(".keywarden", join(root, "in")), "baseline: in/a.json", false],
    ])("%s", async (_, link, text, refused) => {
      link();
      write(text);
      if (refused) await expect(loadConfig(root)).rejects.toThrow(/through a link/);
      else expect((await loadConfig(root)).settings).toBeDefined();
    });

    test("the root itself may be a link", async () => {
      write("baseline: a.json");
      const link = `${root}-link`;
      symlinkSync(root, link);
      try {
        expect((await loadConfig(link)).settings.baseline).toBe(join(link, "a.json"));
      } finally {
        rmSync(link);
      }
    });
  });
});
