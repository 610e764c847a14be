// Command-line flags, declared from the table of settings → the settings that were typed.

import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { allowLists, allowMistake, allowTexts } from "./allow.ts";
import type { AllowEntry } from "../model/finding.ts";
import type { FormatName, FormatUse, Setting } from "./kinds.ts";
import { camelCase, formatNames } from "./kinds.ts";
import { nearest } from "../base/nearest.ts";
import { parseSize, sizeForms, sizeText } from "./size.ts";
import type { PartialSettings } from "./settings.ts";
import { settings } from "./settings.ts";

type Typed = Record<string, unknown>;

/**
 * Declares the flags of every setting, and `--output`, on a Commander command. The returned function
 * gives what was typed, once the command has been parsed: paths and the order of lists as typed.
 * `leftOut` names settings that mean nothing to the command. Parsing and the returned function throw UsageError, which
 * names the flag and never its value.
 */
export function addSettingFlags(
  command: Command,
  leftOut: readonly (typeof settings)[number]["key"][] = [],
): () => PartialSettings {
  const typed: Typed = {};
  const reports = new ReportList();
  const taken: readonly Setting[] = settings.filter((setting) => !leftOut.includes(setting.key));
  for (const setting of taken) {
    const take = (text: string): void => {
      if (setting.value.kind === "formats") reports.addFormat(text);
      else takeFlag(setting, text, typed);
    };
    declare(command, setting.flag, setting.help, take);
    const { off } = setting;
    if (off !== undefined) declare(command, off.flag, off.help, () => (typed[camelCase(setting.key)] = off.sets));
    if (setting.value.kind === "formats") {
      declare(command, "--output <file>", "write the report of the --format beside it to a file", (text) =>
        reports.addOutput(text),
      );
    }
  }
  return () => {
    const format = reports.finish();
    return { ...typed, ...(format.length === 0 ? {} : { format }) } as PartialSettings;
  };
}

/** Commander tells listeners each flag in the order typed, which pairs --output with its --format. */
function declare(command: Command, flags: string, help: string, take: (text: string) => void): void {
  const option = command.createOption(flags, help);
  command.addOption(option);
  command.on(`option:${option.name()}`, (text: string | null) => take(text ?? ""));
}

/** Adds one flag's text to `typed`: scalars are replaced, lists grow. */
function takeFlag(setting: Setting, text: string, typed: Typed): void {
  const name = camelCase(setting.key);
  const { value } = setting;
  const before = (typed[name] as readonly unknown[] | undefined) ?? [];
  switch (value.kind) {
    case "switch":
      typed[name] = true;
      return;
    case "choice":
      typed[name] = oneOf(setting, text, value.of);
      return;
    case "integer":
      typed[name] = integer(setting, text, value);
      return;
    case "size":
      typed[name] = size(setting, text, value.min);
      return;
    case "path":
      typed[name] = filled(setting, text);
      return;
    case "choices":
      typed[name] = [...before, oneOf(setting, text, value.of)];
      return;
    case "texts":
    case "paths": {
      const parts = value.kind === "texts" && value.commas ? text.split(",").map((part) => part.trim()) : [text];
      typed[name] = [...before, ...parts.map((part) => filled(setting, part))];
      return;
    }
    case "allow":
      typed[name] = [...before, parseAllow(setting, text)];
      return;
    case "formats":
  }
}

function longFlag(setting: Setting): string {
  return `--${setting.key}`;
}

function filled(setting: Setting, text: string): string {
  if (text.trim() === "") throw new UsageError(`${longFlag(setting)} needs a value`);
  return text;
}

function oneOf(setting: Setting, text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text;
  const meant = nearest(text, choices);
  throw new UsageError(
    `${longFlag(setting)}: expected one of ${choices.join(", ")}`,
    meant === undefined ? {} : { hint: `Did you mean ${meant}?` },
  );
}

function integer(setting: Setting, text: string, kind: { min: number; max: number; word?: string }): number | string {
  if (text === kind.word) return text;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= kind.min && number <= kind.max) return number;
  const word = kind.word === undefined ? "" : ` or ${kind.word}`;
  throw new UsageError(`${longFlag(setting)}: expected a whole number from ${kind.min} to ${kind.max}${word}`);
}

function size(setting: Setting, text: string, min: number): number {
  const bytes = parseSize(text);
  if (bytes !== undefined && bytes >= min) return bytes;
  throw new UsageError(`${longFlag(setting)}: expected ${sizeForms}, at least ${sizeText(min)}`);
}

/** `paths=test/**; rules=stripe; reason=made up` → an entry. */
function parseAllow(setting: Setting, text: string): AllowEntry {
  const entry: Record<string, string | string[]> = {};
  for (const part of text.split(";")) {
    if (part.trim() === "") continue;
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(0, equals)).trim();
    const value = part.slice(equals + 1).trim();
    if (value === "") throw new UsageError(`${longFlag(setting)}: a part of the entry is empty`);
    if ((allowLists as readonly string[]).includes(name)) entry[name] = [...(entry[name] ?? []), value];
    else if ((allowTexts as readonly string[]).includes(name)) entry[name] = value;
    else {
      const known = [...allowLists, ...allowTexts];
      throw new UsageError(`${longFlag(setting)}: expected name=value parts; names are ${known.join(", ")}`);
    }
  }
  const mistake = allowMistake(entry);
  if (mistake !== undefined) throw new UsageError(`${longFlag(setting)}: ${mistake.message}`);
  return entry as unknown as AllowEntry;
}

/** Pairs each --output with the --format before it, or with the first one after when it comes first. */
class ReportList {
  readonly #uses: FormatUse[] = [];
  #waiting: string | undefined;

  addFormat(text: string): void {
    if (!(formatNames as readonly string[]).includes(text)) {
      const meant = nearest(text, formatNames);
      const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` };
      throw new UsageError(`--format: expected one of ${formatNames.join(", ")}`, hint);
    }
    const format = text as FormatName;
    this.#uses.push(this.#waiting === undefined ? { format } : { format, output: this.#waiting });
    this.#waiting = undefined;
  }

  addOutput(file: string): void {
    if (file.trim() === "") throw new UsageError("--output needs a file name");
    const last = this.#uses.at(-1);
    if (last !== undefined && last.output === undefined) this.#uses[this.#uses.length - 1] = { ...last, output: file };
    else if (this.#waiting === undefined) this.#waiting = file;
    else throw new UsageError("two --output for one --format");
  }

  finish(): readonly FormatUse[] {
    if (this.#waiting !== undefined) throw new UsageError("--output needs a --format of its own");
    return this.#uses;
  }
}
