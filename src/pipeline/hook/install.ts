// Where hooks are and how keywarden is called in, the edits that put it there, or take it out again, out.

import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../errors.ts";
import type { HookCommand } from "../../hooks/hook-command.ts";
import { stageWords } from "../../hooks/hook-command.ts";
import { addToLefthook } from "../../hooks/lefthook-file.ts";
import { hasMarked, removeMarked } from "../../hooks/marked-lines.ts";
import { addToScript, isShellScript, keptSuffix, newScript, removeFromScript } from "../../hooks/shell-hook.ts";
import { addToHooksJson, removeFromHooksJson } from "../../hooks/simple-git-hooks-file.ts";
import { hookStages } from "../../model/hook.ts";
import type { HookStage } from "../../model/hook.ts";
import { mayRun, readHookFile } from "./edit.ts";
import type { Edit, HookPlan } from "./edit.ts";
import { dependsOn, isWithin, realFolder } from "./place.ts";
import type { HookPlace } from "./place.ts";

/** What is to be installed. */
export interface InstallRequest {
  readonly place: HookPlace;
  readonly stages: readonly HookStage[];
  /** This process's Node and script, absolute: what hooks call that stay on this machine. */
  readonly own: { readonly node: string; readonly script: string };
  /** How the user wants it called. */
  readonly words?: string;
  /** Hooks outside of the repository, which serve others too, may be changed. */
  readonly shared: boolean;
}

/** Hooks that are checked in are run on other machines, too. */
function portableWords({ place, words }: InstallRequest): string {
  if (words !== undefined) return words;
  return dependsOn(place.top, "keywarden") ? "node_modules/.bin/keywarden" : "keywarden";
}

function portableNotes({ place, words }: InstallRequest): readonly string[] {
  if (words !== undefined || dependsOn(place.top, "keywarden")) return [];
  return [
    "These hooks are shared with everybody who works on this, and call `keywarden` from the PATH. To have it installed with the rest: npm install --save-dev keywarden",
  ];
}

/** Scripts that git runs only where they may be executed, and Husky runs in any case. */
type Runner = "git" | "husky";

function isEditable(file: string, text: string, runner: Runner): boolean {
  if (runner === "husky") return !text.startsWith("#!") || isShellScript(text);
  // Our lines would wake a hook that somebody put to sleep by taking its permission away.
  return isShellScript(text) && mayRun(file);
}

function scriptEdits(file: string, command: HookCommand, stage: HookStage, runner: Runner): readonly Edit[] {
  const found = readHookFile(file);
  const fresh = { kind: "write", file, text: newScript(command, stage), executable: true } as const;
  if (found === undefined) return [fresh];
  // Lines that are there already are written anew: Node or keywarden may have moved.
  const rest = found.isText && hasMarked(found.text) ? removeFromScript(found.text) : found.text;
  if (rest === undefined) return fresh.text === found.text && mayRun(file) ? [] : [fresh];
  if (!found.isText || !(isEditable(file, rest, runner) || hasMarked(found.text)))
    return [{ kind: "move", file, to: `${file}${keptSuffix}` }, fresh];
  const text = addToScript(rest, command, stage);
  const executable = runner === "git";
  return text === found.text && (!executable || mayRun(file)) ? [] : [{ kind: "write", file, text, executable }];
}

/** Throws where `core.hooksPath` is set to what switches all hooks off: nothing, or a file such as /dev/null. */
function refuseNoFolder({ hooksPath }: HookPlace, folder: string): void {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== false;
  if (hooksPath !== "" && isFolder) return;
  if (hooksPath === undefined)
    throw new UsageError(`${folder} is no folder, so git runs no hooks here`, { hint: "Move it out of the way." });
  throw new UsageError(`core.hooksPath is ${JSON.stringify(hooksPath)}, so git runs no hooks here`, {
    hint: "Take the setting out where this says it is: git config --show-origin core.hooksPath",
  });
}

function planScripts(request: InstallRequest, folder: string): HookPlan {
  const { place, stages, own, words, shared } = request;
  refuseNoFolder(place, folder);
  const inTree = isWithin(place.top, folder) && !isWithin(place.commonDir, folder);
  if (!inTree && !isWithin(place.commonDir, folder) && !shared) {
    throw new UsageError(
      `hooks are looked for in ${folder}, outside of this repository: those there run for every repository that uses it`,
      {
        hint: "To install them there all the same: keywarden hook install --shared",
      },
    );
  }
  const command: HookCommand =
    words !== undefined || inTree ? { kind: "words", words: portableWords(request) } : { kind: "files", ...own };
  return {
    edits: stages.flatMap((stage) =>
      scriptEdits(path.join(folder, stage), command, stage, place.manager === "husky" ? "husky" : "git"),
    ),
    next: [],
    notes: inTree ? portableNotes(request) : [],
  };
}

function planHusky(request: InstallRequest): HookPlan {
  const { place } = request;
  const folder = place.huskyFolder ?? path.join(place.top, ".husky");
  const plan = planScripts(request, folder);
  return { ...plan, next: place.hooksPath === undefined ? ["npx husky"] : [] };
}

function planFile(request: InstallRequest, add: (text: string, stage: HookStage) => string | undefined): HookPlan {
  const file = path.join(request.place.top, request.place.managerFile ?? "");
  const found = readHookFile(file);
  if (found !== undefined && !found.isText)
    throw new UsageError(`${file} is not a text file`, { hint: "Make it one." });
  const before = found?.text ?? "";
  const text = request.stages.reduce((done, stage) => add(done, stage) ?? done, before);
  return {
    edits: text === before ? [] : [{ kind: "write", file, text, executable: false }],
    next: [],
    notes: portableNotes(request),
  };
}

function planLefthook(request: InstallRequest): HookPlan {
  const shown = request.place.managerFile ?? "lefthook.yml";
  if (!/\.ya?ml$/.test(shown)) {
    const words = `${portableWords(request)} ${stageWords("pre-commit")}`;
    throw new UsageError(`${shown} is not YAML, which is all that keywarden edits`, {
      hint: `Add a command by hand: run = "${words}"`,
    });
  }
  const plan = planFile(request, (text, stage) => addToLefthook({ shown, text }, portableWords(request), stage));
  return { ...plan, next: ["npx lefthook install"] };
}

function hooksJson(shown: string, text: string): { shown: string; text: string; below?: string } {
  return { shown, text, ...(shown === "package.json" ? { below: "simple-git-hooks" } : {}) };
}

function planSimpleGitHooks(request: InstallRequest): HookPlan {
  const shown = request.place.managerFile ?? "package.json";
  const plan = planFile(request, (text, stage) =>
    addToHooksJson(hooksJson(shown, text), portableWords(request), stage),
  );
  return { ...plan, next: ["npx simple-git-hooks"] };
}

/** Plans an installation; no edits where all is there already. Throws UsageError with what to do by hand. */
export function planInstall(request: InstallRequest): HookPlan {
  switch (request.place.manager) {
    case "git":
      return planScripts(request, request.place.folder);
    case "husky":
      return planHusky(request);
    case "lefthook":
      return planLefthook(request);
    case "simple-git-hooks":
      return planSimpleGitHooks(request);
  }
}

function hasOurs(file: string): boolean {
  return hasMarked(readHookFile(file)?.text ?? "");
}

function withoutScript(file: string): readonly Edit[] {
  const found = readHookFile(file);
  if (found?.isText !== true || !hasMarked(found.text)) return [];
  const rest = removeFromScript(found.text);
  if (rest !== undefined) return [{ kind: "write", file, text: rest, executable: false }];
  const kept = `${file}${keptSuffix}`;
  return [{ kind: "remove", file }, ...(existsSync(kept) ? [{ kind: "move", file: kept, to: file } as const] : [])];
}

function withoutFile(file: string, remove: (text: string) => string): readonly Edit[] {
  const found = readHookFile(file);
  if (found?.isText !== true) return [];
  const text = remove(found.text);
  if (text === found.text) return [];
  return text === "" ? [{ kind: "remove", file }] : [{ kind: "write", file, text, executable: false }];
}

/**
 * Plans to take keywarden's lines out of every file of the repository that may hold them, and with `shared` of the folder
 * that it shares with others; all else stays as it is, byte for byte.
 */
export function planUninstall(place: HookPlace, shared: boolean): HookPlan {
  const folders = [
    place.folder,
    path.join(place.commonDir, "hooks"),
    place.huskyFolder ?? path.join(place.top, ".husky"),
  ].map(realFolder);
  const own = (folder: string) => shared || isWithin(place.top, folder) || isWithin(place.commonDir, folder);
  const scripts = [...new Set(folders)]
    .filter(own)
    .flatMap((folder) => hookStages.map((stage) => path.join(folder, stage)));
  const { manager, managerFile, top } = place;
  const managed =
    managerFile === undefined
      ? []
      : withoutFile(path.join(top, managerFile), (text) =>
          manager === "lefthook" ? removeMarked(text) : removeFromHooksJson(hooksJson(managerFile, text)),
        );
  const edits = [...scripts.flatMap(withoutScript), ...managed];
  // simple-git-hooks copies commands into the hooks themselves.
  const next = manager === "simple-git-hooks" && managed.length > 0 ? ["npx simple-git-hooks"] : [];
  const others = folders.find(
    (folder) => !own(folder) && hookStages.some((stage) => hasOurs(path.join(folder, stage))),
  );
  const notes =
    others === undefined
      ? []
      : [`${others}, outside of this repository, has it for all that use it. To take it out: hook uninstall --shared`];
  return { edits, next, notes };
}
