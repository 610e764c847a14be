// A rule's id and a seed in, a token out that the rule reports; and whether a text gives a token away.

import { expandTemplate } from "../../src/rules/samples.ts";

const claims = '{{json-b64url:{"sub":"{{uuid}}","scope":"read","iat":1760000000,"exp":4102444800}}}';

/** Templates of tokens that need no word near them, by rule. */
const templates = {
  "anthropic.api-key": "sk-ant-api03-{{base64url:93}}AA",
  "github.personal-token": "ghp_{{crc32-base62:30}}",
  "gitlab.access-token": "glpat-{{base64url:19}}{{alnum-lower:1}}",
  "google.oauth-client-secret": "GOCSPX-{{base64url:27}}{{alnum-lower:1}}",
  "npm.access-token": "npm_{{crc32-base62:30}}",
  "ofself.access-token": "ofs_access_{{base62:64}}",
  "ofself.app-key": "ofs_tp_{{alnum-lower:12}}.{{base62:32}}",
  "ofself.refresh-token": "ofs_refresh_{{base62:64}}",
  "ogarni-ai.api-token": `oai_${claims}.{{base64url:43}}`,
  "ozzie.bearer": "{{b64(ozz_client_{{alnum-lower:8}}:sk_{{split}}live_{{base62:32}})}}",
  "sendgrid.api-key": "SG.{{base64url:22}}.{{base64url:42}}{{alnum-lower:1}}",
  "slack.bot-token": "xoxb-{{digits:12}}-{{digits:12}}-{{base62:24}}",
} as const;

export type TokenRule = keyof typeof templates;

/** The rules that `tokenOf` has tokens for, sorted. */
export const tokenRules = Object.keys(templates) as readonly TokenRule[];

/** A token of that rule; the same seed gives the same token. */
export function tokenOf(rule: TokenRule, seed: string): string {
  return expandTemplate(templates[rule], seed);
}

/** What base64 makes of a text, whatever stands before and after it. */
function base64Cores(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(" ".repeat(shift) + text, "utf8").toString("base64");
    return encoded.slice(4, -4);
  });
}

/** The ways in which `text` shows any of `tokens`: as it is, in base64, in hex; empty when it shows none. */
export function leaksIn(text: string, tokens: readonly string[]): string[] {
  return tokens.flatMap((token) => {
    const shapes = [token, token.slice(-16), ...base64Cores(token), Buffer.from(token, "utf8").toString("hex")];
    return shapes.filter((shape) => text.includes(shape)).map((shape) => `${shape.length} characters of a token`);
  });
}
