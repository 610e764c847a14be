// Turns file names as the system gives them (text, or bytes that are not valid UTF-8) into paths to show.

import { isUtf8 } from "node:buffer";
import { isAbsolute, join, relative, sep } from "node:path";

/** A file name or path: text, or the bytes themselves where they are not valid UTF-8 (never on Windows). */
export type NativePath = string | Buffer;

/** Text as it is; of bytes, every one that is not part of valid UTF-8 as `\xNN`. */
export function displayName(name: NativePath): string {
  if (typeof name === "string") return name;
  let text = "";
  for (let at = 0; at < name.length;) {
    const length = sequenceLength(name, at);
    text += length === 0 ? `\\x${name.toString("hex", at, at + 1)}` : name.toString("utf8", at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** Bytes of the valid UTF-8 sequence at `at`, or 0. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** `folder` and `name` joined; bytes if either is. */
export function joinNative(folder: NativePath, name: NativePath): NativePath {
  if (typeof folder === "string" && typeof name === "string") return join(folder, name);
  return Buffer.concat([Buffer.from(folder), Buffer.from("/"), Buffer.from(name)]);
}

/** `path` relative to `root` with forward slashes; outside of the root it stays absolute; the root itself is "". */
export function displayPath(root: string, path: string): string {
  const inside = relative(root, path);
  const outside = inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return toSlashes(outside ? path : inside);
}

/** On Windows backslashes become slashes; elsewhere a backslash is a character like any other. */
export function toSlashes(path: string): string {
  return sep === "\\" ? path.replaceAll("\\", "/") : path;
}

/** `prefix` and `name` as one path to show; an empty prefix adds nothing. */
export function joinDisplay(prefix: string, name: string): string {
  if (prefix === "") return name;
  return prefix.endsWith("/") ? prefix + name : `${prefix}/${name}`;
}
