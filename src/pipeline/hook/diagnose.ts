// Where hooks are in, what is visibly wrong with the installation and what to do about it out: the reasons behind a miss.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { callsStage } from "../../hooks/hook-command.ts";
import type { HookStage } from "../../model/hook.ts";
import { mayRun, readHookFile } from "./edit.ts";
import type { HookPlace } from "./place.ts";

/** What is wrong, and what mends it. */
export interface Diagnosis {
  readonly what: string;
  readonly mend: string;
}

function textAt(file: string): string {
  const found = readHookFile(file);
  return found?.isText === true ? found.text : "";
}

/** The texts that may call keywarden, by the names that people know them by. */
function callers(place: HookPlace, stage: HookStage): readonly string[] {
  return [
    path.join(place.folder, stage),
    ...(place.huskyFolder === undefined ? [] : [path.join(place.huskyFolder, stage)]),
    ...(place.managerFile === undefined ? [] : [path.join(place.top, place.managerFile)]),
  ];
}

/** Whether the installation means to run keywarden at a stage; the pre-commit framework's own file counts. */
export function isMeant(place: HookPlace, stage: HookStage): boolean {
  if (callers(place, stage).some((file) => callsStage(textAt(file), stage))) return true;
  const framework = path.join(place.top, ".pre-commit-config.yaml");
  return (
    stage === "pre-commit" && existsSync(framework) && /\bid:\s*["']?keywarden/.test(readFileSync(framework, "utf8"))
  );
}

const managerMends: Readonly<Record<HookPlace["manager"], string>> = {
  git: "keywarden hook install",
  husky: "npx husky",
  lefthook: "npx lefthook install",
  "simple-git-hooks": "npx simple-git-hooks",
};

function shadowed(place: HookPlace): Diagnosis | undefined {
  const usual = path.join(place.commonDir, "hooks/pre-commit");
  if (place.hooksPath === undefined || path.dirname(usual) === place.folder) return undefined;
  if (!callsStage(textAt(usual), "pre-commit")) return undefined;
  return {
    what: `core.hooksPath is ${place.hooksPath}, so git never looks at ${usual}, where keywarden's hook is`,
    mend: "Take the setting out (git config --unset core.hooksPath), or install once more: keywarden hook install",
  };
}

function brokenEntry(place: HookPlace): Diagnosis | undefined {
  const entry = path.join(place.folder, "pre-commit");
  const mend = managerMends[place.manager];
  if (!existsSync(entry)) return { what: `git looks for a hook at ${entry}, and there is none`, mend };
  if (!mayRun(entry)) return { what: `${entry} may not be executed, so git passes over it`, mend: `chmod +x ${entry}` };
  if (place.manager === "lefthook" && !textAt(entry).includes("lefthook"))
    return { what: `${entry} does not call lefthook`, mend };
  return undefined;
}

/** What can be seen of why a commit was not stopped; the first of these is the nearest to git. */
export function diagnose(place: HookPlace, failOn: string): readonly Diagnosis[] {
  const missing: Diagnosis = {
    what: "nothing here calls `keywarden hook run pre-commit`",
    mend: "keywarden hook install",
  };
  const found = [
    shadowed(place),
    isMeant(place, "pre-commit") ? undefined : missing,
    brokenEntry(place),
    failOn === "never"
      ? {
          what: "fail-on is `never`: everything is shown, and nothing stops git",
          mend: "Set fail-on to high in .keywarden/config.yml",
        }
      : undefined,
  ];
  return found.filter((one) => one !== undefined);
}
