// The JSON file that simple-git-hooks reads and a stage → the same file with keywarden's command in it, and back.
// Format: simple-git-hooks' README: an object of hook name → shell command, in package.json below `simple-git-hooks`.

import { isMap, isScalar, parseDocument } from "yaml";
import type { Pair, Scalar, YAMLMap } from "yaml";
import { UsageError } from "../errors.ts";
import { hookStages } from "../model/hook.ts";
import type { HookStage } from "../model/hook.ts";
import { callsStage, stageWords } from "./hook-command.ts";
import { pushInput } from "./shell-hook.ts";

/** A JSON file, and below which key the hooks stand; absent: at the top. */
export interface HooksJson {
  readonly shown: string;
  readonly text: string;
  readonly below?: string;
}

/** A text, and where in it a piece is to be replaced. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly put: string;
}

function splice(text: string, { from, to, put }: Splice): string {
  return text.slice(0, from) + put + text.slice(to);
}

/** JSON is YAML, whose parser tells where things stand. */
function hooksOf({ text, below }: HooksJson): YAMLMap<Scalar, unknown> | undefined {
  const document = parseDocument(text, { keepSourceTokens: false });
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const found = below === undefined ? document.contents : document.contents.get(below, true);
  return isMap(found) && found.flow === true ? (found as YAMLMap<Scalar, unknown>) : undefined;
}

function pairOf(hooks: YAMLMap<Scalar, unknown>, stage: HookStage): Pair<Scalar, unknown> | undefined {
  return hooks.items.find(({ key }) => isScalar(key) && key.value === stage);
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as { range?: readonly [number, number, number] | null }).range;
  return [range?.[0] ?? 0, range?.[1] ?? 0];
}

/** What stands between the quotes, as JSON writes it. */
function jsonInside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const git = ' "$@"';
const chain = " || exit $?; ";
/** The same, where the next command needs standard input, too. */
const pushChain = [" || exit $?", ...pushInput.givenBack, ""].join("\n");

/** What goes in front of another command. */
function inFront(command: string, stage: HookStage): string {
  if (stage !== "pre-push") return command + chain;
  return `${pushInput.kept}\n${pushInput.piped}${command}${pushChain}`;
}

/**
 * Adds the command in front of the stage's own one. Gives undefined where the file already calls keywarden there. Throws
 * UsageError, with what to write by hand, where there is no object of hooks or the stage is no text.
 */
export function addToHooksJson(file: HooksJson, words: string, stage: HookStage): string | undefined {
  const hooks = hooksOf(file);
  const command = `${words} ${stageWords(stage)}${git}`;
  const pair = hooks && pairOf(hooks, stage);
  const value = pair?.value;
  if (hooks === undefined || (pair !== undefined && !(isScalar(value) && typeof value.value === "string"))) {
    throw new UsageError(`${file.shown} has a shape that keywarden does not edit`, {
      hint: `Add to its simple-git-hooks by hand: ${JSON.stringify(stage)}: ${JSON.stringify(command)}`,
    });
  }
  if (pair !== undefined) {
    if (callsStage(String((value as Scalar).value), stage)) return undefined;
    const at = rangeOf(value)[0] + 1;
    return splice(file.text, { from: at, to: at, put: jsonInside(inFront(command, stage)) });
  }
  const open = rangeOf(hooks)[0] + 1;
  const [first] = hooks.items;
  const entry = `${JSON.stringify(stage)}: ${JSON.stringify(command)}`;
  if (first === undefined) return splice(file.text, { from: open, to: open, put: entry });
  const gap = file.text.slice(open, rangeOf(first.key)[0]);
  return splice(file.text, { from: open, to: open, put: `${gap}${entry},` });
}

/** What of one stage's command is ours: all of it, or what stands in front of another command. */
function removalOf(text: string, hooks: YAMLMap<Scalar, unknown>, pair: Pair<Scalar, unknown>): Splice | undefined {
  const stage = String(pair.key.value) as HookStage;
  const value = isScalar(pair.value) && typeof pair.value.value === "string" ? pair.value.value : "";
  const call = `${stageWords(stage)}${git}`;
  const at = value.indexOf(call);
  if (at < 0) return undefined;
  const [from, to] = rangeOf(pair.value);
  const next = [pushChain, chain].find((one) => value.startsWith(one, at + call.length));
  if (next !== undefined) {
    const ours = jsonInside(value.slice(0, at + call.length + next.length));
    return { from: from + 1, to: from + 1 + ours.length, put: "" };
  }
  if (at + call.length !== value.length) return undefined;
  const open = rangeOf(hooks)[0] + 1;
  const comma = /^\s*,/.exec(text.slice(to))?.[0] ?? "";
  if (hooks.items[0] === pair) return { from: open, to: to + comma.length, put: "" };
  const before = /,\s*$/.exec(text.slice(0, rangeOf(pair.key)[0]))?.[0] ?? "";
  return { from: rangeOf(pair.key)[0] - before.length, to, put: "" };
}

/** The text without keywarden's commands; the same text where there are none. */
export function removeFromHooksJson(file: HooksJson): string {
  let { text } = file;
  for (const stage of hookStages) {
    const hooks = hooksOf({ ...file, text });
    const pair = hooks && pairOf(hooks, stage);
    const removal = hooks && pair && removalOf(text, hooks, pair);
    if (removal !== undefined) text = splice(text, removal);
  }
  return text;
}
