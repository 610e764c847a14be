// lefthook's YAML file and a stage → the file with a command of keywarden's in it, every other byte as it was.
// Format: lefthook's own schema, https://lefthook.dev/configuration.

import { isMap, isSeq, parseDocument } from "yaml";
import type { YAMLMap, YAMLSeq } from "yaml";
import { UsageError } from "../errors.ts";
import type { HookStage } from "../model/hook.ts";
import { callsStage, stageWords } from "./hook-command.ts";
import { insertMarked } from "./marked-lines.ts";
import type { LinePlace } from "./marked-lines.ts";

const note = " (`keywarden hook uninstall` takes these lines out)";

/**
 * lefthook gives git's arguments by number, and standard input only where it is asked to. It passes over a command where
 * it counts no changed file, as in a push of a commit that a later one reverts, or a link that becomes a file; a command
 * that names a file is run always. The file is its own, which is there whenever it runs.
 */
function commandLines(words: string, stage: HookStage, shown: string): readonly string[] {
  const run = `${words} ${stageWords(stage)}`;
  if (stage === "commit-msg") return [`run: ${run} {1}`];
  const always = `files: echo ${shown}`;
  if (stage === "pre-commit") return [`run: ${run} {files}`, always];
  return [`run: ${run} {1} {2} {files}`, always, "use_stdin: true"];
}

function inner(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** The start of the line on which a node begins, and its indentation; undefined where other things stand before it. */
function placeOf(text: string, offset: number): LinePlace | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const indent = text.slice(start, offset);
  return /^[ ]*$/.test(indent) ? { offset: start, indent } : undefined;
}

function firstOffset(node: YAMLMap | YAMLSeq): number | undefined {
  if (node.flow === true) return undefined;
  return node.range?.[0];
}

interface Insertion {
  readonly place: LinePlace;
  readonly lines: readonly string[];
}

function insertionInStage(text: string, stageNode: YAMLMap, lines: readonly string[]): Insertion | undefined {
  const commands = stageNode.get("commands");
  const jobs = stageNode.get("jobs");
  const command = ["keywarden:", ...inner(lines)];
  const [holder, put] = isMap(commands)
    ? [commands, command]
    : isSeq(jobs)
      ? [jobs, ["- name: keywarden", ...inner(lines)]]
      : [stageNode, ["commands:", ...inner(command)]];
  const offset = firstOffset(holder);
  const place = offset === undefined ? undefined : placeOf(text, offset);
  return place === undefined ? undefined : { place, lines: put };
}

function insertionOf(text: string, stage: HookStage, lines: readonly string[]): Insertion | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const root = document.contents;
  const atEnd = { place: { offset: text.length, indent: "" }, lines: [] };
  const whole = [`${stage}:`, ...inner(["commands:", ...inner(["keywarden:", ...inner(lines)])])];
  if (root === null) return { ...atEnd, lines: whole };
  if (!isMap(root) || root.flow === true) return undefined;
  const stageNode = root.get(stage);
  if (stageNode === undefined) return { ...atEnd, lines: whole };
  return isMap(stageNode) ? insertionInStage(text, stageNode, lines) : undefined;
}

/**
 * Adds keywarden as the first command (or job) of `stage`; `words` call it. Gives undefined where the file already calls
 * it there. `removeMarked` takes it out again. Throws UsageError, with the lines to write by hand, for a file that is
 * no plain YAML.
 */
export function addToLefthook(
  file: { readonly shown: string; readonly text: string },
  words: string,
  stage: HookStage,
): string | undefined {
  if (callsStage(file.text, stage)) return undefined;
  const lines = commandLines(words, stage, file.shown);
  const insertion = insertionOf(file.text, stage, lines);
  const after = insertion && insertMarked(file.text, insertion.place, insertion.lines, note);
  // Whatever the file looks like: it must read as before, plus one command.
  if (after === undefined || parseDocument(after).errors.length > 0 || !callsStage(textOfStage(after, stage), stage)) {
    throw new UsageError(`${file.shown} has a shape that keywarden does not edit`, {
      hint: `Add a command to ${stage} by hand: ${lines.join(", ")}`,
    });
  }
  return after;
}

function textOfStage(text: string, stage: HookStage): string {
  return JSON.stringify((parseDocument(text).toJS() as Record<string, unknown> | null)?.[stage] ?? "");
}
