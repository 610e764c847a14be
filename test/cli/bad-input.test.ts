// What people get wrong, and what files do wrong: each ends with a message that says where, never a crash.

import { once } from "node:events";
import {
  createWriteStream,
  chmodSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";

import { afterAll, describe, expect, it } from "vitest";

import { jsonOf, keywarden, placesOf, scanJson, start, underWay } from "../helpers/cli-run.ts";
import { deniableUser } from "../helpers/other-user.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { plantTree } from "../helpers/cli-tree.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const token = tokenOf("gitlab.access-token", "bad input");

/** A temporary folder with these files. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe.concurrent("a source that is not there", () => {
  it.each([
    [["scan", "nope.txt"], "no such file or folder: nope.txt", "Looked for "],
    [["scan", ".", "nope/deeper"], "no such file or folder: nope/deeper", "Looked for "],
    [["scan", "*.nope"], "no file matches *.nope", "Check the pattern"],
    [["scan", "nope/*.ts"], "no file matches nope/*.ts", "no folder"],
    [["scan", "--staged"], "not a git repository", "Run it inside a repository"],
    [["scan", "--range", "main..HEAD"], "not a git repository", "Run it inside a repository"],
    [["baseline", "create", "nope"], "no such file or folder: nope", "Looked for "],
    [["baseline", "import", "nope.json"], "nope.json cannot be read (ENOENT)", "Name the list"],
    [["rules", "check", "nope.yml"], "there is no rule file or folder nope.yml", "Check the path"],
    [["scan", "--rules", "nope.yml"], "there is no rule file or folder nope.yml", "Check the path"],
    [["scan", "--config", "nope.yml"], "no such configuration file: nope.yml", ""],
    [["scan", "--baseline", "nope.json"], "no such baseline: nope.json", "baseline create"],
  ])("%j", async (args, message, hint) => {
    const result = await keywarden(args, { cwd: folderOf({ "a.txt": "text" }) });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(`keywarden: ${message}`);
    expect(result.stderr).toContain(hint);
    expect(result.stderr).not.toMatch(/\n {4}at /);
  });

  it.each([
    ["no-such-branch..HEAD", "no-such-branch"],
    ["HEAD..", ""],
    ["--output=stolen", ""],
    ["", ""],
  ])("a range that names no commits: %j", async (range, named) => {
    const repo = GitRepo.create();
    if (range !== "HEAD..") repo.commit("one", { a: "a" });
    const result = await keywarden(["scan", "--range", range], { cwd: repo.dir });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toMatch(/^keywarden: .*\n {2}/);
    expect(result.stderr).toContain(named);
    expect(statSync(join(repo.dir, "stolen"), { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe.concurrent("a file that cannot be read", () => {
  const user = deniableUser();

  // Root may read everything, so it runs the scan as somebody else.
  it.runIf(user !== undefined)("for want of permission is a problem, and the rest is scanned", async () => {
    const folder = folderOf({ "closed.txt": token, "open.txt": `x ${token}`, "closed/in.txt": "x", "none/a.txt": "x" });
    chmodSync(folder, 0o755);
    for (const path of ["closed.txt", "closed"]) chmodSync(join(folder, path), 0);
    const options = { cwd: folder, ...user };
    const found = await scanJson(["."], options);
    const clean = await scanJson(["none", "closed.txt"], options);
    chmodSync(join(folder, "closed"), 0o755);
    expect(found.code).toBe(1);
    expect(placesOf(found.report)).toEqual(["gitlab.access-token open.txt:1:3"]);
    expect(found.report.problems).toMatchObject([
      { kind: "unreadable", path: "closed", message: "closed: permission denied", hint: expect.any(String) },
      { kind: "unreadable", path: "closed.txt", message: "closed.txt: permission denied" },
    ]);
    expect(clean.code).toBe(3);
    expect(clean.report.coverage.complete).toBe(false);
  });

  it.skipIf(process.platform === "win32")("because it is no file, or a link to nowhere", async () => {
    const folder = folderOf({ "a.txt": "text" });
    symlinkSync("nowhere", join(folder, "dangling"));
    const { code, report } = await scanJson(["/dev/null", "dangling", "a.txt"], { cwd: folder });
    expect(code).toBe(3);
    expect(report.problems.map(({ kind }) => kind).sort()).toEqual(["not-a-file", "vanished"]);
    expect(report.coverage.files).toBe(1);
  });

  it("never makes zero bytes of something a success", async () => {
    const folder = folderOf({ "a.txt": "text" });
    symlinkSync("nowhere", join(folder, "dangling"));
    const { code, report } = await scanJson(["dangling"], { cwd: folder });
    expect([code, report.coverage.bytes]).toEqual([3, 0]);
  });
});

describe.concurrent("a broken settings file", () => {
  it.each([
    ["jobs: 2\nincldue: [src]\n", ":2:1: unknown key: did you mean include?"],
    ["jobs: many\n", ":1:7: jobs: "],
    ["exclude: [a\njobs: 2\n", ":2:"],
    ["jobs: 1\njobs: 2\n", ":2:1: this key stands in the file twice"],
    ["show-secrets: true\n", ":1:1: show-secrets can only be given on the command line"],
    ["allow:\n  - paths: [a]\n", ":2:5: allow[0].reason: an allow entry needs a reason"],
    ["format:\n  - {format: json, output: ../out.json}\n", ":2:28: this file must stay inside the root"],
    ["format:\n  - {format: json, output: .git/hooks/pre-commit}\n", ":2:28: this file must stay inside the root"],
    ["baseline: /tmp/elsewhere.json\n", ":1:11: this file must stay inside the root"],
  ])("%j", async (text, message) => {
    const folder = folderOf({ ".keywarden/config.yml": text, "a.txt": token });
    const result = await keywarden(["scan", "."], { cwd: folder });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(`keywarden: .keywarden/config.yml${message}`);
  });

  it("shows nothing of what stands in it", async () => {
    const folder = folderOf({ ".keywarden/config.yml": `only: {${token}: [${token}\n`, "a.txt": "" });
    const { code, stderr } = await keywarden(["scan", "."], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).not.toContain(token);
  });

  it.each([
    [".keywarden/baseline.json", '{"version": 1,\n "key": }', ".keywarden/baseline.json:2:9: "],
    [".keywarden/salt", "short", ".keywarden/salt:1: the salt is not 64 hex digits"],
    [".gitleaksignore", "# fine\nnonsense\n", ".gitleaksignore:2: not of the form"],
    [".secrets.baseline", '{"results": []}', ".secrets.baseline:1:1: "],
    [".gitguardian.yaml", "version: 2\nsecret:\n  ignored_matches: 3\n", ".gitguardian.yaml:3:20: "],
  ])("%s", async (file, text, message) => {
    const result = await keywarden(["scan", "."], { cwd: folderOf({ [file]: text, "a.txt": token }) });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(`keywarden: ${message}`);
  });
});

describe.concurrent("contents", () => {
  it("that are not valid UTF-8 hide nothing, and columns count what stands there", async () => {
    const before = Buffer.from([0xff, 0xfe, 0x41, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x20]);
    const line = Buffer.concat([
      Buffer.from("first\nkey "),
      before,
      Buffer.from(`${token} `),
      Buffer.from([0xf8, 0x0a]),
    ]);
    const { code, report } = await scanJson(["."], { cwd: folderOf({ "bad.bin": line }) });
    const column = Buffer.concat([Buffer.from("key "), before]).toString("utf8").length + 1;
    expect(code).toBe(1);
    expect(placesOf(report)).toEqual([`gitlab.access-token bad.bin:2:${column}`]);
  });

  it("of 200 MB in one line are scanned to the end", async () => {
    const folder = temporaryFolder();
    const file = createWriteStream(join(folder, "one-line.json"));
    const piece = Buffer.alloc(1024 * 1024, "0123456789,");
    const pieces = 200;
    for (let count = 0; count < pieces; count++) {
      if (!file.write(piece)) await once(file, "drain");
    }
    file.end(` "${token}"`);
    await finished(file);
    const { code, report } = await scanJson(["."], { cwd: folder });
    rmSync(join(folder, "one-line.json"));
    expect(code).toBe(1);
    expect(placesOf(report)).toEqual([`gitlab.access-token one-line.json:1:${pieces * piece.length + 3}`]);
    expect(report.coverage.bytes).toBe(pieces * piece.length + token.length + 3);
  });

  it("that shrink or vanish while a scan runs are problems, not a crash", async () => {
    const folder = temporaryFolder();
    plantTree(folder, 12_000);
    const large = join(folder, "zz-large.bin");
    writeFileSync(large, "");
    truncateSync(large, 400 * 1024 * 1024);
    const run = start(["scan", ".", "--format", "json", "--jobs", "2"], { cwd: folder });
    await underWay(run);
    truncateSync(large, 1024);
    for (let part = 0; part < 6; part++) rmSync(join(folder, `part-${part}`), { recursive: true, force: true });
    const result = await run.result;
    expect(result.stderr).toBe("");
    expect([0, 1, 3]).toContain(result.code);
    const report = jsonOf(result);
    expect(report.coverage.complete).toBe(report.problems.length === 0);
    for (const { kind } of report.problems) expect(["vanished", "changed"]).toContain(kind);
  });

  it("that grow while they are read are a problem", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "grows.log");
    writeFileSync(file, `${token}\n`);
    truncateSync(file, 256 * 1024 ** 2);
    const run = start(["scan", ".", "--format", "json"], { cwd: folder });
    let size = 256 * 1024 ** 2;
    const grow = setInterval(() => truncateSync(file, (size += 4096)), 5);
    const result = await run.result;
    clearInterval(grow);
    expect(result.code).toBe(1);
    expect(jsonOf(result).problems).toMatchObject([{ kind: "changed", path: "grows.log" }]);
  });
});
