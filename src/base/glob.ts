// Globs as people write them in, matchers over paths (forward slashes, relative to a root) out.

import picomatch from "picomatch";

/** True for a path that a glob names, or that lies in a folder it names. */
export type Matcher = (path: string) => boolean;

/** On Windows people type backslashes; elsewhere a backslash escapes the next character. */
function slashed(glob: string): string {
  return process.platform === "win32" ? glob.replaceAll("\\", "/") : glob;
}

function withContents(glob: string): string[] {
  const bare = glob.replace(/\/+$/, "");
  return [bare, `${bare}/**`];
}

/** The plain patterns, tied to the root, that a glob stands for: the thing itself in every folder meant, and what is in it. */
export function expandAnywhere(glob: string): string[] {
  const text = slashed(glob).replace(/^\.\//, "");
  const isTied = text.replace(/\/+$/, "").includes("/");
  return withContents(isTied ? text.replace(/^\/+/, "") : `**/${text}`);
}

/**
 * One matcher for all `globs`, or undefined if there are none. As in .gitignore, a glob without an inner slash matches
 * in every folder, a leading slash ties it to the root, and a folder stands for all in it.
 */
export function compileGlobs(globs: readonly string[]): Matcher | undefined {
  return globs.length === 0 ? undefined : picomatch(globs.flatMap(expandAnywhere), { dot: true });
}

/** The matcher of one glob that is tied to the root, as an argument on the command line is. */
export function compileArgument(glob: string): Matcher {
  return picomatch(withContents(slashed(glob).replace(/^\.\//, "")), { dot: true });
}

/** Whether `text` means more than the one name it spells. */
export function isGlob(text: string): boolean {
  return picomatch.scan(slashed(text)).isGlob;
}

/** A glob split into the folder it starts in (`.` if there is none) and the pattern below it. */
export function splitGlob(glob: string): { readonly base: string; readonly rest: string } {
  const { base, glob: rest } = picomatch.scan(slashed(glob));
  return base === "" ? { base: ".", rest } : { base, rest };
}

const compiled = new Map<string, Matcher>();

/** Does a path match a glob? Compiled globs are remembered. */
export function matchesGlob(path: string, glob: string): boolean {
  let matcher = compiled.get(glob);
  if (matcher === undefined) {
    matcher = compileGlobs([glob]) as Matcher;
    compiled.set(glob, matcher);
  }
  return matcher(path);
}
