// The one door through which a secret value can leave the report room: the value, or nothing.

import type { Finding } from "../model/finding.ts";
import type { RenderOptions } from "./options.ts";

/**
 * The secret's value when `--show-secrets` was given, else undefined. Only the formats with
 * `showsSecrets` in formats.ts may call this.
 */
export function revealed(finding: Finding, options: RenderOptions): string | undefined {
  return options.showSecrets ? finding.secret.reveal() : undefined;
}
