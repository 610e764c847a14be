// The executable's HTML page: of a real audit, masked whatever is asked, and loaded by nobody who did not ask for it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { keywarden } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { dataIn, policyIn, readHtml, sourceHash } from "../helpers/html-reader.ts";

afterAll(removeTemporary);

const token = tokenOf("npm.access-token", "html page");

describe("--format html", () => {
  test("of an audit has the timeline of what was taken out, and no token, with --show-secrets too", async () => {
    const repo = GitRepo.create();
    repo.write("deploy/a.env", `NPM_TOKEN=${token}\n`);
    repo.commit("one");
    repo.write("deploy/a.env", "nothing\n");
    repo.commit("two");
    const file = join(temporaryFolder(), "report.html");
    const args = ["--format", "html", "--output", file, "--show-secrets", "--no-cache"];
    const result = await keywarden(["audit", ...args], { cwd: repo.dir, env: { CI: "" } });
    expect(result).toMatchObject({ code: 1, stdout: "", stderr: "" });
    const page = readFileSync(file, "utf8");
    expect(leaksIn(page, [token])).toEqual([]);
    const elements = readHtml(page);
    const script = elements.findLast(({ name }) => name === "script");
    expect(policyIn(elements)["script-src"]).toBe(sourceHash(script?.text ?? ""));
    const data = dataIn(elements);
    expect(data.findings).toHaveLength(1);
    const { exposure, places } = data.findings[0] ?? {};
    expect(places?.[0]?.[0]).toBe("deploy/a.env:1:11");
    expect(exposure?.spans).toEqual([{ from: exposure?.since, to: expect.any(Number) as number }]);
    expect(data.lastDay).toBeGreaterThanOrEqual(exposure?.since ?? Number.NaN);
  });

  test("goes to standard output, beside another report in a file", async () => {
    const folder = temporaryFolder();
    const args = ["--format", "json", "--output", join(folder, "r.json"), "--format", "html"];
    const result = await keywarden(["scan", "-", ...args], { cwd: folder, input: `T=${token}\n` });
    expect([result.code, result.stderr]).toEqual([1, ""]);
    expect(dataIn(readHtml(result.stdout)).findings).toHaveLength(1);
    expect(readFileSync(join(folder, "r.json"), "utf8")).toContain('"masked"');
  });

  test("is code of its own, which nothing loads before it is asked for", () => {
    const dist = join(import.meta.dirname, "../../dist");
    const chunks = readdirSync(join(dist, "chunks")).map((name) => join(dist, "chunks", name));
    const files = ["bin.js", "index.js"].map((name) => join(dist, name));
    const texts = [...files, ...chunks].map((file) => [file, readFileSync(file, "utf8")] as const);
    const [own, ...others] = texts.filter(([, text]) => text.includes("report-page.js"));
    expect(others).toEqual([]);
    const name = own?.[0].split(/[\\/]/).at(-1) ?? "";
    expect(name).toMatch(/^format-html-/);
    const statically = texts.filter(([, text]) => new RegExp(`from\\s*"[^"]*${name}"`).test(text));
    expect(statically).toEqual([]);
  });
});
