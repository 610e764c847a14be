// Reports reach files whole or not at all, and a reader that goes away is no error.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { writeReport } from "../../../src/report/write.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "report-write-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function errorOf(file: string): Promise<UsageError> {
  const error: unknown = await writeReport("text", { kind: "file", file }).catch((reason: unknown) => reason);
  if (!(error instanceof UsageError)) throw new Error(`no usage error: ${String(error)}`);
  return error;
}

describe("a file", () => {
  it("is created, or replaced whole, and nothing else is left behind", async () => {
    const file = join(folder, "report ü.json");
    for (const text of ["first, and longer", "second"]) {
      expect(await writeReport(text, { kind: "file", file })).toBe("written");
      expect(readFileSync(file, "utf8")).toBe(text);
    }
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it.skipIf(process.platform === "win32")("keeps its mode, and a link to it stays a link", async () => {
    const file = join(folder, "real.txt");
    writeFileSync(file, "old", { mode: 0o600 });
    symlinkSync(file, join(folder, "link.txt"));
    await writeReport("new", { kind: "file", file: join(folder, "link.txt") });
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(["link.txt", "real.txt"]);
  });

  it.skipIf(process.platform === "win32")("that is a device stays one", async () => {
    await writeReport("text", { kind: "file", file: "/dev/null" });
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("that is a directory is refused", async () => {
    mkdirSync(join(folder, "out"));
    const error = await errorOf(join(folder, "out"));
    expect(error.message).toContain("is a directory");
    expect(error.hint).toBeDefined();
    expect(readdirSync(join(folder, "out"))).toEqual([]);
  });

  it("in a folder that is missing, or is a file, is refused with a hint", async () => {
    writeFileSync(join(folder, "file"), "");
    const missing = await errorOf(join(folder, "none", "report.json"));
    expect(missing.message).toContain("ENOENT");
    expect(missing.hint).toContain("Create its folder");
    expect((await errorOf(join(folder, "file", "report.json"))).hint).toBeDefined();
    expect(readdirSync(folder)).toEqual(["file"]);
  });
});

function failing(code: string): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });
}

describe("a stream", () => {
  it("gets the text and stays open", async () => {
    const stream = new PassThrough();
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    const text = "é\n".repeat(200_000);
    expect(await writeReport(text, { kind: "stream", stream })).toBe("written");
    expect(Buffer.concat(chunks).toString("utf8")).toBe(text);
    expect(stream.writableEnded).toBe(false);
    expect(stream.listenerCount("error")).toBe(0);
  });

  it("whose reader went away is closed, without an uncaught error", async () => {
    expect(await writeReport("text", { kind: "stream", stream: failing("EPIPE") })).toBe("closed");
    const destroyed = new PassThrough();
    destroyed.destroy();
    expect(await writeReport("text", { kind: "stream", stream: destroyed })).toBe("closed");
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("that fails otherwise is an error with a hint", async () => {
    const error: unknown = await writeReport("text", { kind: "stream", stream: failing("ENOSPC") }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).hint).toContain("full");
  });
});
