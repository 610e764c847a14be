// What a library call gives as settings → the same, judged: plain JavaScript has no types to hold it to.

import { resolve } from "node:path";
import type { z } from "zod";
import { nearest } from "../base/nearest.ts";
import { UsageError } from "../errors.ts";
import type { Setting } from "./kinds.ts";
import { camelCase } from "./kinds.ts";
import { callSchema } from "./schema.ts";
import type { PartialSettings } from "./settings.ts";
import { settings } from "./settings.ts";
import { bytesOf } from "./size.ts";

/**
 * The settings of a call. Rule files and the baseline become absolute, from `cwd` (absolute). Throws UsageError at the
 * first mistake; messages name the setting and what it may be, never what was given.
 */
export function checkSettings(given: unknown, cwd: string): PartialSettings {
  const result = callSchema().safeParse(given);
  if (!result.success) throw mistakeOf(result.error.issues[0]);
  const checked = result.data;
  return {
    ...checked,
    ...(checked.rules === undefined ? {} : { rules: checked.rules.map((file) => resolve(cwd, file)) }),
    ...sizesIn(checked),
    ...(typeof checked.baseline === "string" ? { baseline: resolve(cwd, checked.baseline) } : {}),
  };
}

/** Callers without types may write sizes as the file does: `512M`. */
function sizesIn(checked: PartialSettings): PartialSettings {
  const sizes = (settings as readonly Setting[])
    .filter(({ value }) => value.kind === "size")
    .map(({ key }) => camelCase(key) as keyof PartialSettings)
    .filter((name) => checked[name] !== undefined);
  return Object.fromEntries(sizes.map((name) => [name, bytesOf(checked[name] as number | string)]));
}

function mistakeOf(issue: z.core.$ZodIssue | undefined): UsageError {
  const place = ["settings", ...(issue?.path ?? [])].map(String).join(".");
  if (issue?.code !== "unrecognized_keys") return new UsageError(`${place}: ${issue?.message ?? "not valid"}`);
  if (issue.path.length > 0) return new UsageError(`${place}: unknown key`);
  const known = (settings as readonly Setting[]).map((setting) => camelCase(setting.key));
  const meant = nearest(issue.keys[0] ?? "", known);
  return new UsageError(`${place}: unknown setting`, {
    hint: meant === undefined ? `Known settings: ${known.join(", ")}.` : `Did you mean ${meant}?`,
  });
}
