// Defaults, the file's settings and the flags' → the settings of one run.

import { UsageError } from "../errors.ts";
import { formatMistake } from "./allow.ts";
import type { Setting } from "./kinds.ts";
import { camelCase } from "./kinds.ts";
import type { PartialSettings, Settings } from "./settings.ts";
import { settings } from "./settings.ts";

const table: readonly Setting[] = settings;

/**
 * The settings of one run. A flag stands in place of the file's value; lists marked `flagsAdd` in
 * the table grow instead, the file's entries first. Neither argument is changed. Throws UsageError
 * for reports that would go to the same place.
 */
export function mergeSettings(file: PartialSettings, flags: PartialSettings): Settings {
  const result: Record<string, unknown> = {};
  for (const setting of table) {
    const name = camelCase(setting.key) as keyof Settings;
    const value = mergeOne(setting, file[name], flags[name]);
    if (value !== undefined) result[name] = value;
  }
  const merged = result as unknown as Settings;
  const mistake = formatMistake(merged.format);
  if (mistake !== undefined) throw new UsageError(mistake.message, { hint: "Use --format NAME --output FILE." });
  return merged;
}

function mergeOne(setting: Setting, file: unknown, flag: unknown): unknown {
  if (setting.flagsAdd && Array.isArray(file) && Array.isArray(flag)) return [...file, ...flag];
  return flag ?? (setting.where === "flag" ? undefined : file) ?? setting.default;
}
