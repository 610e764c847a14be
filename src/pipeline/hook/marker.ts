// The settings of a repository in, a credential that never was one and a path that is looked at out.

import { compileGlobs } from "../../base/glob.ts";
import type { Settings } from "../../config/settings.ts";
import { UsageError } from "../../errors.ts";
import { confidences } from "../../model/rule.ts";
import { expandTemplate } from "../../rules/samples.ts";
import { chooseRules } from "../choose-rules.ts";

/** A made-up credential that keywarden reports. */
export interface Marker {
  readonly rule: string;
  /** One line of text with the credential in it. */
  readonly line: string;
}

/** Shapes that need no word near them, with the names of their rules: one that is not switched off is planted. */
const shapes: readonly (readonly [rule: string, template: string])[] = [
  ["github.personal-token", "ghp_{{crc32-base62:30}}"],
  ["npm.access-token", "npm_{{crc32-base62:30}}"],
  ["slack.bot-token", "xoxb-{{digits:12}}-{{digits:12}}-{{base62:24}}"],
  ["gitlab.access-token", "glpat-{{base64url:19}}{{alnum-lower:1}}"],
  ["sendgrid.api-key", "SG.{{base64url:22}}.{{base64url:42}}{{alnum-lower:1}}"],
  ["anthropic.api-key", "sk-ant-api03-{{base64url:93}}AA"],
];

/** Makes markers of the first kind that the settings let pass: the same seed gives the same marker. */
export async function markerMaker(settings: Settings): Promise<(seed: string) => Marker> {
  const { enabled } = await chooseRules(settings);
  const certain = enabled.filter(({ confidence }) => confidence === confidences.at(-1)).map(({ id }) => id);
  const shape = shapes.find(([rule]) => certain.includes(rule));
  if (shape === undefined) {
    throw new UsageError("none of the rules that the doctor can plant a marker for is in use", {
      hint: `Without \`only\` and \`except\` it plants one of: ${shapes.map(([rule]) => rule).join(", ")}`,
    });
  }
  const [rule, template] = shape;
  return (seed) => ({ rule, line: `token: "${expandTemplate(template, seed)}"\n` });
}

/** A path for marked files, below which the settings look: `NAME.txt` is put after what this gives. */
export function markedFolder({ include, exclude }: Pick<Settings, "include" | "exclude">): string {
  const included = compileGlobs(include);
  const excluded = compileGlobs(exclude);
  const literal = include.map((glob) => glob.replace(/^\.?\//, "").replaceAll(/\*\*\/?|[*?[\]{}!()|+@]/g, ""));
  const folders = [
    "",
    ...literal.map((text) => (text === "" || text.endsWith("/") ? text : `${text}/`)),
    "keywarden-doctor/",
  ];
  const isRead = (path: string) => included?.(path) !== false && excluded?.(path) !== true;
  const found = folders.find((folder) => isRead(`${folder}keywarden-doctor-probe.txt`));
  if (found === undefined) {
    throw new UsageError("include and exclude leave no place at which the doctor could plant a marker", {
      hint: "It writes files that end in .txt; let one folder's be scanned.",
    });
  }
  return found;
}
