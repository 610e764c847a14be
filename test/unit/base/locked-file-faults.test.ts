// The file system refuses, at each of its calls: the old file stands as it was, and nothing is left beside it.

import type * as fs from "node:fs";
import type * as promises from "node:fs/promises";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { updateRootedFile } from "../../../src/base/locked-file.ts";
import { UsageError } from "../../../src/errors.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";

/** Which call fails, and how; `times` counts down. */
const fault = vi.hoisted(() => ({ call: "", code: "", times: 0 }));

/** Makes the real call unless it is its turn to fail. */
function unless<Result>(call: string, real: () => Result): Result {
  refuse(call);
  return real();
}

function refuse(call: string): void {
  if (fault.call !== call || fault.times <= 0) return;
  fault.times--;
  throw Object.assign(new Error(`${fault.code}: /secret/absolute/path`), { code: fault.code });
}

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof promises>();
  return {
    ...real,
    mkdir: async (...args: Parameters<typeof real.mkdir>) => await unless("mkdir", () => real.mkdir(...args)),
    readdir: async (name: string) => await unless("readdir", () => real.readdir(name)),
    access: async (...args: Parameters<typeof real.access>) => await unless("access", () => real.access(...args)),
    rename: async (...args: Parameters<typeof real.rename>) => await unless("rename", () => real.rename(...args)),
    open: async (...args: Parameters<typeof real.open>) => {
      const isFolder = args[1] === "r";
      refuse(isFolder ? "open folder" : "open");
      const handle = await real.open(...args);
      const { writeFile, sync, chmod } = handle;
      return Object.assign(handle, {
        writeFile: async (text: string) => {
          if (fault.call === "write" && fault.times > 0) await writeFile.call(handle, text.slice(0, 3));
          refuse("write");
          await writeFile.call(handle, text);
        },
        sync: async () => await unless(isFolder ? "sync folder" : "sync", () => sync.call(handle)),
        chmod: async (mode: number) => await unless("chmod", () => chmod.call(handle, mode)),
      });
    },
  };
});

vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    openSync: (name: string, flags: string) => {
      if (flags === "wx") refuse("lock");
      return real.openSync(name, flags);
    },
    writeSync: (handle: number, text: string) => unless("lock's text", () => real.writeSync(handle, text)),
  };
});

let root: string;
const file = "box/list.txt";

beforeEach(async () => {
  root = temporaryFolder();
  await updateRootedFile({ root, file }, () => ({ text: "old\n", result: 0 }));
});
afterEach(() => {
  fault.times = 0;
  vi.restoreAllMocks();
});
afterAll(removeTemporary);

const calls = ["mkdir", "lock", "lock's text", "readdir", "access", "open", "write", "chmod", "sync", "rename"];
const codes = ["ENOSPC", "EACCES", "EROFS", "EIO", "EDQUOT", "EPERM", "EBUSY", "EFBIG"];

test.each(calls.flatMap((call) => codes.map((code) => [call, code] as const)))("%s: %s", async (call, code) => {
  Object.assign(fault, { call, code, times: 1 });
  const error = await updateRootedFile({ root, file }, () => ({ text: "new\n", result: 0 })).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(fault.times).toBe(0);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).message).toBe(`cannot write box/list.txt (${code})`);
  expect((error as UsageError).hint).toMatch(/Nothing was changed|may not write there/);
  expect(JSON.stringify(error)).not.toContain("secret/absolute");
  expect([readFileSync(join(root, file), "utf8"), readdirSync(join(root, "box"))]).toEqual(["old\n", ["list.txt"]]);
  await updateRootedFile({ root, file }, () => ({ text: "new\n", result: 0 }));
  expect(readFileSync(join(root, file), "utf8")).toBe("new\n");
});

test.each(["open folder", "sync folder"])("%s: a folder that cannot be asked is no error", async (call) => {
  Object.assign(fault, { call, code: "EINVAL", times: 1 });
  await updateRootedFile({ root, file }, () => ({ text: "new\n", result: 0 }));
  expect([fault.times, readFileSync(join(root, file), "utf8")]).toEqual([0, "new\n"]);
});

test.each(["EPERM", "EACCES", "EBUSY"])(
  "on Windows a file that another program holds open (%s) is tried again",
  async (code) => {
    vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    Object.assign(fault, { call: "rename", code, times: 4 });
    await updateRootedFile({ root, file }, () => ({ text: "new\n", result: 0 }));
    expect([fault.times, readFileSync(join(root, file), "utf8")]).toEqual([0, "new\n"]);
  },
);

test.each(["EPERM", "EBUSY"])("on Windows a lock that is just being deleted (%s) is waited for", async (code) => {
  vi.spyOn(process, "platform", "get").mockReturnValue("win32");
  Object.assign(fault, { call: "lock", code, times: 3 });
  await updateRootedFile({ root, file }, () => ({ text: "new\n", result: 0 }));
  expect([fault.times, readFileSync(join(root, file), "utf8")]).toEqual([0, "new\n"]);
});
