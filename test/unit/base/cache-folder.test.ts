// Where each platform keeps what a program may forget.

import { describe, expect, test } from "vitest";
import { cacheFolder } from "../../../src/base/cache-folder.ts";

describe("cacheFolder", () => {
  test.each<[platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string, want: string | undefined]>([
    ["linux", {}, "/home/ann", "/home/ann/.cache/tool"],
    ["linux", { XDG_CACHE_HOME: "/var/ann" }, "/home/ann", "/var/ann/tool"],
    ["linux", { XDG_CACHE_HOME: "/var/ann" }, "", "/var/ann/tool"],
    // The specification: a relative path is to be ignored.
    ["linux", { XDG_CACHE_HOME: "var" }, "/home/ann", "/home/ann/.cache/tool"],
    ["linux", { XDG_CACHE_HOME: "" }, "/home/ann", "/home/ann/.cache/tool"],
    ["freebsd", {}, "/home/ann", "/home/ann/.cache/tool"],
    ["linux", {}, "", undefined],
    ["linux", {}, "ann", undefined],
    ["darwin", { XDG_CACHE_HOME: "/var/ann" }, "/Users/ann", "/Users/ann/Library/Caches/tool"],
    ["darwin", {}, "", undefined],
    ["win32", { LOCALAPPDATA: "D:\\ann" }, "C:\\Users\\ann", "D:\\ann\\tool"],
    ["win32", { LocalAppData: "D:\\ann" }, "C:\\Users\\ann", "D:\\ann\\tool"],
    ["win32", { XDG_CACHE_HOME: "D:\\xdg" }, "C:\\Users\\ann", "C:\\Users\\ann\\AppData\\Local\\tool"],
    ["win32", { LOCALAPPDATA: "ann" }, "", undefined],
  ])("%s %j %j", (platform, env, home, want) => {
    expect(cacheFolder("tool", { platform, env, home })).toBe(want);
  });
});
