import { expect, test } from "vitest";
import { userFolders } from "../../../src/base/user-folders.ts";

test.each<[string, NodeJS.Platform, Record<string, string>, string, string]>([
  ["Linux", "linux", {}, "/home/ann/.config/app", "/home/ann/.cache/app"],
  ["macOS", "darwin", {}, "/home/ann/.config/app", "/home/ann/Library/Caches/app"],
  ["XDG", "linux", { XDG_CONFIG_HOME: "/c", XDG_CACHE_HOME: "/k" }, "/c/app", "/k/app"],
  ["XDG on macOS", "darwin", { XDG_CACHE_HOME: "/k" }, "/home/ann/.config/app", "/k/app"],
  [
    "a relative XDG counts as none",
    "linux",
    { XDG_CONFIG_HOME: "c", XDG_CACHE_HOME: "" },
    "/home/ann/.config/app",
    "/home/ann/.cache/app",
  ],
])("%s", (_, platform, env, config, cache) => {
  expect(userFolders("app", { env, home: "/home/ann", platform })).toEqual({ config, cache });
});

test("Windows", () => {
  const home = "C:\\Users\\ann";
  expect(userFolders("app", { env: {}, home, platform: "win32" })).toEqual({
    config: "C:\\Users\\ann\\AppData\\Roaming\\app",
    cache: "C:\\Users\\ann\\AppData\\Local\\app",
  });
  const env = { APPDATA: "D:\\r", LOCALAPPDATA: "D:\\l" };
  expect(userFolders("app", { env, home, platform: "win32" })).toEqual({ config: "D:\\r\\app", cache: "D:\\l\\app" });
});
