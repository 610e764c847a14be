// What the providers' credentials look like, and where each must go → the table of real shapes.
// Everything is a template of src/rules/samples.ts: no token-shaped text stands in the repository.

import type { Shape } from "./provider-forms.ts";

const ozuraHost = "https://pci-vault-hrhwdgc4akhse3bs.eastus-01.azurewebsites.net";
const ozziePair = (id: string, length: number): string => `${id}:sk_{{split}}live_{{base62:${length}}}`;
const ogarniPayload = '{{json-b64url:{"sub":"{{uuid}}","scope":"read","iat":1760000000,"exp":4102444800}}}';
const ozuraClaims =
  '{"sub":"{{hex:24}}","project_id":"proj_{{hex:8}}","email":"dev@corp.test","role":"owner","mfa_required":false,' +
  '"mfa_enabled":true,"mfa_verified":true,"exp":4102444800}';

/** Ogarni, Ofself, Ozura, Ozzie and OCUS: the rule that each shape must go to, and the line above it where it needs one. */
export const firstShapes: readonly Shape[] = [
  {
    name: "Ogarni: dot and base64url signature",
    template: `oai_${ogarniPayload}.{{base64url:43}}`,
    rule: "ogarni-ai.api-token",
  },
  { name: "Ogarni: dot and hex signature", template: `oai_${ogarniPayload}.{{hex:64}}`, rule: "ogarni-ai.api-token" },
  {
    name: "Ogarni: signature without separator",
    template: `oai_${ogarniPayload}{{base64url:43}}`,
    rule: "ogarni-ai.api-token",
  },
  {
    name: "Ogarni: smallest payload",
    template: 'oai_{{json-b64url:{"sub":"{{hex:8}}"}}}.{{base64url:43}}',
    rule: "ogarni-ai.api-token",
  },

  {
    name: "Ofself: app key, lengths of the page",
    template: "ofs_tp_{{alnum-lower:12}}.{{base62:32}}",
    rule: "ofself.app-key",
  },
  { name: "Ofself: app key, shortest", template: "ofs_tp_{{base62:8}}.{{base62:24}}", rule: "ofself.app-key" },
  { name: "Ofself: app key, longest", template: "ofs_tp_{{base62:40}}.{{base64url:128}}", rule: "ofself.app-key" },
  { name: "Ofself: developer token", template: "ofs_dev_{{base62:40}}", rule: "ofself.developer-token" },
  {
    name: "Ofself: developer token with id",
    template: "ofs_dev_{{base62:12}}.{{base62:32}}",
    rule: "ofself.developer-token",
  },
  { name: "Ofself: OAuth secret", template: "ofs_secret_{{base64url:43}}", rule: "ofself.oauth-secret" },
  { name: "Ofself: access token", template: "ofs_access_{{base62:64}}", rule: "ofself.access-token" },
  { name: "Ofself: refresh token", template: "ofs_refresh_{{base62:64}}", rule: "ofself.refresh-token" },
  { name: "Ofself: old key", template: "ofs_key_{{base62:32}}", rule: "ofself.legacy-key" },
  {
    name: "Ofself: headless key",
    template: "hl_{{alnum-lower:12}}.{{base62:32}}",
    rule: "ofself.headless-key",
    context: "https://api.ofself.ai/api/v1/nodes",
  },

  {
    name: "Ozura: twelve lower alnum",
    template: "key_{{split}}shop_us_pvt_{{alnum-lower:12}}",
    rule: "ozura-vault.api-key",
    context: ozuraHost,
  },
  {
    name: "Ozura: long app name",
    template: "key_{{split}}check-out_web_v2_us_pvt_{{base62:32}}",
    rule: "ozura-vault.api-key",
    context: "OZURA_PROJECT=a",
  },
  {
    name: "Ozura: 64 characters",
    template: "key_{{split}}a1_us_pvt_{{base62:64}}",
    rule: "ozura-vault.api-key",
    context: "import ozura",
  },
  {
    name: "Ozura: another region",
    template: "key_{{split}}shop_{{choice:eu|uk|ca|global}}_pvt_{{base62:24}}",
    rule: "ozura-vault.regional-key",
    context: ozuraHost,
  },
  {
    name: "Ozura: another type",
    template: "key_{{split}}shop_us_{{choice:prv|priv|private|svc|adm|mgt}}_{{base62:24}}",
    rule: "ozura-vault.regional-key",
    context: "ozura",
  },
  {
    name: "Ozura: public key",
    template: "key_{{split}}shop_us_{{choice:pub|public}}_{{base62:24}}",
    rule: "ozura-vault.public-key",
    context: "ozura",
  },
  {
    name: "Ozura: dashboard token",
    template: `{{jwt:{"alg":"HS256","typ":"JWT"}:${ozuraClaims}}}`,
    rule: "ozura-vault.dashboard-token",
    context: ozuraHost,
  },

  {
    name: "Ozzie: secret by its client id",
    template: "sk_{{split}}live_{{base62:32}}",
    rule: "ozzie.client-secret",
    context: "ozz_client_{{alnum-lower:8}}",
  },
  {
    name: "Ozzie: secret by its host",
    template: "sk_{{split}}live_{{base62:16}}",
    rule: "ozzie.client-secret",
    context: "https://api.ozzieapp.com/v1",
  },
  {
    name: "Ozzie: secret by its variable",
    template: "sk_{{split}}live_{{base62:48}}",
    rule: "ozzie.client-secret",
    setting: "OZZIE_CLIENT_SECRET",
    context: "OZZIE_CLIENT_SECRET",
  },
  { name: "Ozzie: raw pair", template: ozziePair("ozz_client_{{alnum-lower:8}}", 32), rule: "ozzie.client-pair" },
  {
    name: "Ozzie: raw pair as the page's sample decodes",
    template: ozziePair("client_{{alnum-lower:8}}", 24),
    rule: "ozzie.client-pair",
  },
  ...[6, 7, 8, 9, 10, 11].map((length) => ({
    name: `Ozzie: bearer, id of ${length}`,
    template: `{{b64(${ozziePair(`ozz_client_{{alnum-lower:${length}}}`, 24 + length)})}}`,
    rule: "ozzie.bearer",
  })),
  {
    name: "Ozzie: bearer with ozp_",
    template: `ozp_{{b64(${ozziePair("client_{{alnum-lower:8}}", 32)})}}`,
    rule: "ozzie.bearer",
  },
  {
    name: "Ozzie: bearer with another id",
    template: `Bearer {{b64(${ozziePair("{{alnum-lower:10}}", 32)})}}`,
    rule: "ozzie.bearer-other-id",
  },
  {
    name: "Ozzie: ozp_ with another id",
    template: `ozp_{{b64(${ozziePair("acme-{{alnum-lower:9}}", 20)})}}`,
    rule: "ozzie.bearer-other-id",
  },

  {
    name: "OCUS: header",
    template: "X-API-KEY: {{base62:40}}",
    rule: "ocus.api-key",
    context: "https://api.ocus.io/v3/projects",
  },
  {
    name: "OCUS: header in lower case",
    template: "x-api-key: {{base64url:43}}",
    rule: "ocus.api-key",
    context: "$OCUS_REGION",
  },
  {
    name: "OCUS: map entry",
    template: "'X-API-KEY': '{{alnum-lower:40}}'",
    rule: "ocus.api-key",
    context: "https://api.ocus.io",
  },
  { name: "OCUS: setting", template: "OCUS_API_KEY={{base62:32}}", rule: "ocus.env-key" },
];
