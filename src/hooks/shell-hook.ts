// A hook script of a shell and a stage → the script with keywarden's lines in front, and back; new scripts, too.

import type { HookStage } from "../model/hook.ts";
import { stageWords, shellWord } from "./hook-command.ts";
import type { HookCommand } from "./hook-command.ts";
import { insertMarked, removeMarked } from "./marked-lines.ts";

/** What is added to the name of a hook that is called after ours. */
export const keptSuffix = ".before-keywarden";

const takenOutBy = " (`keywarden hook uninstall` takes these lines out)";
const madeNote = " made this file (`keywarden hook uninstall` takes it away)";

const shellFirstLine =
  /^#!\s*(?:\S*\/env\s+(?:-\S+\s+)*)?(?:\S*\/)?(?:ba|da|k|z|a)?sh(?:\.exe)?(?:[ \t]+-\S+)*[ \t]*(?:\n|$)/;
/** Husky before its ninth version had each hook source this. */
const huskyLine = /^\.[ \t]+"?\$\(dirname[^\n]*husky\.sh"?[ \t]*(?:\n|$)/m;

/** Whether a POSIX shell runs the script: its first line says so. */
export function isShellScript(text: string): boolean {
  return shellFirstLine.test(text);
}

function missingLines(): readonly string[] {
  return [
    `  echo "keywarden: not found, so nothing was checked and git stops here. Install it (npm install), or take the hook" >&2`,
    `  echo "  out (keywarden hook uninstall), or skip it once (--no-verify)." >&2`,
    "  exit 1",
  ];
}

/** Calls keywarden by `call`, which may be given standard input by a pipe in front. */
function callLines(command: HookCommand, stage: HookStage, input: string): readonly string[] {
  const rest = `${stageWords(stage)} "$@" || exit $?`;
  if (command.kind === "words") return [`${input}${command.words} ${rest}`];
  const [node, script] = [shellWord(command.node), shellWord(command.script)];
  return [
    `if [ -x ${node} ] && [ -f ${script} ]; then`,
    `  ${input}${node} ${script} ${rest}`,
    "elif command -v keywarden >/dev/null 2>&1; then",
    `  ${input}keywarden ${rest}`,
    "else",
    ...missingLines(),
    "fi",
  ];
}

/** Standard input of a pre-push hook is needed twice: by keywarden, and by what the script does after it. */
export const pushInput = {
  kept: "keywarden_input=$(cat)",
  piped: `printf '%s\\n' "$keywarden_input" | `,
  givenBack: [
    'if [ -n "$keywarden_input" ]; then',
    "  exec <<KEYWARDEN_END",
    "$keywarden_input",
    "KEYWARDEN_END",
    "else",
    "  exec </dev/null",
    "fi",
  ],
} as const;

function stageLines(command: HookCommand, stage: HookStage): readonly string[] {
  if (stage !== "pre-push") return callLines(command, stage, "");
  return [pushInput.kept, ...callLines(command, stage, pushInput.piped), ...pushInput.givenBack];
}

/** The script with keywarden called first. `text` is a shell's script; its first line may name the shell. */
export function addToScript(text: string, command: HookCommand, stage: HookStage): string {
  const husky = huskyLine.exec(text);
  const first = husky === null ? /^#![^\n]*(?:\n|$)/.exec(text) : husky;
  const offset = first === null ? 0 : first.index + first[0].length;
  return insertMarked(text, { offset, indent: "" }, stageLines(command, stage), takenOutBy);
}

/** A script that only calls keywarden, and after it what stood in its place before, where there is such a file. */
export function newScript(command: HookCommand, stage: HookStage): string {
  // By its own name: a program that puts its hook in front may give this script another one.
  const kept = `"\${0%/*}/${stage}${keptSuffix}"`;
  const lines = [...stageLines(command, stage), `if [ -x ${kept} ]; then exec ${kept} "$@"; fi`];
  return insertMarked("#!/bin/sh\n", { offset: "#!/bin/sh\n".length, indent: "" }, lines, madeNote);
}

/** The script without keywarden's lines; undefined where nothing else was ever in it. */
export function removeFromScript(text: string): string | undefined {
  const rest = removeMarked(text);
  return text.includes(madeNote) && rest === "#!/bin/sh\n" ? undefined : rest;
}
