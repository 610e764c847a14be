// The help of every command, byte for byte, and every setting's flag in it. UPDATE_GOLDEN=1 rewrites the files.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { auditSettings, settings } from "../../src/config/settings.ts";
import { keywarden } from "../helpers/cli-run.ts";

const folder = join(import.meta.dirname, "../golden/help");

const commands = [
  "",
  "scan",
  "audit",
  "verify",
  "rules",
  "rules list",
  "rules check",
  "rules explain",
  "rules new",
  "rules trust",
  "baseline",
  "baseline create",
  "baseline update",
  "baseline import",
  "rotation",
  "rotation status",
  "rotation remind",
  "rotation watch",
  "rotation attest",
  "rotation adopt",
  "rotation init",
  "hook",
  "hook run",
  "hook install",
  "hook uninstall",
  "hook doctor",
  "init",
];

function helpOf(command: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return keywarden([...command.split(" ").filter(Boolean), "--help"], { cwd: import.meta.dirname });
}

describe.concurrent("--help", () => {
  it.each(commands)("of keywarden %s", async (command) => {
    const { code, stdout, stderr } = await helpOf(command);
    expect([code, stderr]).toEqual([0, ""]);
    const file = join(folder, `${command === "" ? "keywarden" : command.replaceAll(" ", "-")}.txt`);
    if (process.env["UPDATE_GOLDEN"]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, stdout);
    }
    expect(stdout).toBe(readFileSync(file, "utf8").replaceAll("\r\n", "\n"));
  });

  it.each(["scan", "audit"])("of %s has every setting that means something to it", async (command) => {
    const { stdout } = await helpOf(command);
    for (const { flag, key } of settings) {
      const isMeant = command === "audit" || !(auditSettings as readonly string[]).includes(key);
      expect(stdout.includes(flag.split(", ").at(-1)!), key).toBe(isMeant);
    }
    for (const setting of settings) if ("off" in setting) expect(stdout).toContain(setting.off.flag);
    expect(stdout).toContain("--output <file>");
  });

  it.each(["baseline create", "baseline update", "baseline import"])(
    "of %s has no flag without a meaning",
    async (command) => {
      const { stdout } = await helpOf(command);
      for (const flag of ["--exclude", "--only", "--min-confidence", "--allow"]) expect(stdout).toContain(flag);
      for (const flag of [
        "--format",
        "--output",
        "--show-secrets",
        "--fail-on",
        "--exit-code",
        "--color",
        "--timings",
      ]) {
        expect(stdout).not.toContain(flag);
      }
    },
  );

  it("names every command", async () => {
    for (const command of commands.filter(Boolean)) {
      const [first, second] = command.split(" ") as [string, string | undefined];
      const { stdout } = await helpOf(second === undefined ? "" : first);
      expect(stdout).toMatch(new RegExp(`^  ${second ?? first} `, "m"));
    }
  });
});
