// The checks of a rule → what is wrong with their options beyond their shape.

import { loadRegexEngine } from "../base/regex/engine.ts";
import { RegexSyntaxError } from "../base/regex/regex.ts";
import type { CheckUse } from "../model/rule.ts";
import type { Fault } from "./compile.ts";
import { parsePattern } from "./syntax.ts";
import { PatternError } from "./syntax-reader.ts";

/** `groups`: names of the pattern's groups, absent when the pattern itself could not be parsed. */
export function checkFaults(uses: readonly CheckUse[], groups: readonly string[] | undefined): Fault[] {
  return uses.flatMap((use, index) => {
    const found: { readonly option: string; readonly message: string }[] = [];
    const option = (name: string): string | undefined => use.options[name] as string | undefined;
    const groupOption = use.name === "charset" ? "of" : "group";
    const group = option(groupOption);
    if (group !== undefined && groups?.includes(group) === false) {
      found.push({ option: groupOption, message: `the pattern has no group named ${group}` });
    }
    if (use.name === "charset") {
      for (const side of ["before", "after"]) {
        const message = classFault(option(side));
        if (message !== undefined) found.push({ option: side, message });
      }
      if (["before", "after", "needs"].every((name) => use.options[name] === undefined)) {
        found.push({ option: "", message: "it needs before, after or needs" });
      }
    }
    if (use.name === "userpass") {
      for (const part of ["user", "secret"]) {
        const message = patternFault(option(part));
        if (message !== undefined) found.push({ option: part, message });
      }
    }
    return found.map(({ option: name, message }) => ({
      path: ["checks", index, use.name, ...(name === "" ? [] : [name])],
      message: `${use.name}${name === "" ? "" : `.${name}`}: ${message}`,
    }));
  });
}

/** The check reads the class with another engine, so only what both read alike is allowed. */
function classFault(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  if (!/^\[(?!\^?\]).+\]$/.test(source) || source.includes("[:"))
    return "write one class in brackets, such as [A-Za-z0-9_-]";
  try {
    const { tree } = parsePattern(source, { ignoreCase: false });
    return tree.kind === "byte" ? undefined : "write one class in brackets, such as [A-Za-z0-9_-]";
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return error.message;
  }
}

function patternFault(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  try {
    loadRegexEngine().compile(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    return `RE2 refuses it: ${error.message}`;
  }
}
