// The one door through which a secret value can leave the report room: the value, or nothing.

import type { Finding } from "../model/finding.ts";
import type { Secret } from "../model/secret.ts";
import { commandData } from "./format-github.ts";
import type { HiddenName } from "./mask-names.ts";
import type { RenderOptions } from "./options.ts";

/**
 * The secret's value when `--show-secrets` was given, else undefined. Only the formats with
 * `showsSecrets` in formats.ts may call this.
 */
export function revealed(finding: Finding, options: RenderOptions): string | undefined {
  return options.showSecrets ? finding.secret.reveal() : undefined;
}

/** Shorter values are hidden nowhere: they stand in every other word. */
const minHidden = 8;
/** The runner looks for every mask in every line that it prints. */
const maxMasks = 1000;

/** Values as names that must not be shown: a token in the name of a file is shown as its mask. */
export function hiddenValues(secrets: readonly Secret[]): readonly HiddenName[] {
  return secrets
    .map((secret) => ({ name: secret.reveal(), shown: secret.masked }))
    .filter(({ name }) => name.length >= minHidden);
}

/**
 * Commands that have the runner of GitHub Actions hide values in everything that the job prints from here on. The
 * runner takes such lines out of the log; nobody but it may be given them. Empty for no values.
 */
export function maskCommands(secrets: readonly Secret[]): string {
  const values = new Set(hiddenValues(secrets).map(({ name }) => name));
  return [...values]
    .slice(0, maxMasks)
    .map((value) => `::add-mask::${commandData(value)}\n`)
    .join("");
}
