// How keywarden is called from a hook → the line that calls it at one stage, for shells and for programs that run shells.

import type { HookStage } from "../model/hook.ts";

/**
 * How a hook finds keywarden. `files`: this Node and this script, by absolute path, for hooks that stay on one machine.
 * `words`: a command line that works wherever the repository is checked out, as it is typed into a shell.
 */
export type HookCommand =
  | { readonly kind: "files"; readonly node: string; readonly script: string }
  | { readonly kind: "words"; readonly words: string };

/** Text as one word of a POSIX shell; Windows paths get the slashes that Git's shell reads. */
export function shellWord(text: string): string {
  const path = /^[A-Za-z]:\\/.test(text) ? text.replaceAll("\\", "/") : text;
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** The words after the program at one stage, without git's own arguments. */
export function stageWords(stage: HookStage): string {
  return `hook run ${stage}`;
}

/** Whether a text calls keywarden at that stage. */
export function callsStage(text: string, stage: HookStage): boolean {
  return new RegExp(String.raw`\bhook run ${stage}(?![\w-])`).test(text);
}
