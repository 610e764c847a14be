// The same step under @github/local-action, GitHub's own stand-in for its runner. It is not among our packages (351 MB:
// docs/decisions/0012), so this runs only where KEYWARDEN_LOCAL_ACTION names a folder into which npm has installed it.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { environmentOf } from "../helpers/action-runner.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { PullRequestRig } from "../helpers/pull-request-rig.ts";

const root = join(import.meta.dirname, "../..");
const installed = process.env["KEYWARDEN_LOCAL_ACTION"] ?? "";
const program = join(installed, "node_modules/@github/local-action/src/index.ts");
const isThere = installed !== "" && existsSync(program);
if (!isThere) process.stderr.write("not run: @github/local-action, which KEYWARDEN_LOCAL_ACTION does not name\n");

afterAll(removeTemporary);

/** What it may be given to load: the bundle that is shipped, as a module that it can call. */
function wrapped(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "action.yml"), readFileSync(join(root, "action.yml")));
  writeFileSync(
    join(folder, "run.js"),
    `export const run = () => import(${JSON.stringify(join(root, "action/main.js"))});\n`,
  );
  return folder;
}

test.skipIf(!isThere)("a pull request with a leak, under local-action", () => {
  const token = tokenOf("npm.access-token", "local action");
  const rig = new PullRequestRig();
  rig.author.commit("first", { "a.txt": "hello\n" });
  rig.open();
  rig.author.commit("leak", { "leak.env": `KEY=${token}\n` });
  const step = rig.step();
  const { env, files } = environmentOf(step);
  const folder = wrapped();
  writeFileSync(join(folder, ".env"), "");
  const tsx = join(installed, "node_modules/tsx/dist/cli.mjs");
  const args = [tsx, program, folder, "run.js", join(folder, ".env")];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: step.workspace, env, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(1);
  expect(stdout).toContain("::error file=leak.env,line=1");
  expect(leaksIn(stdout.replaceAll(/^::add-mask::.*$/gm, ""), [token])).toEqual([]);
  expect(readFileSync(files["GITHUB_OUTPUT"] ?? "", "utf8")).toMatch(/findings<<(.*)\n1\n\1\n/);
  expect(readFileSync(files["GITHUB_STEP_SUMMARY"] ?? "", "utf8")).toContain("1 secret blocks");
  expect(execFileSync("git", ["status", "--porcelain"], { cwd: step.workspace, encoding: "utf8" })).toBe("");
});
