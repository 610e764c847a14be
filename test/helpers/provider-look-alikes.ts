// What only looks like a credential of the providers → the table of texts that must be passed over.
// Everything is a template of src/rules/samples.ts: no token-shaped text stands in the repository.

import type { LookAlike } from "./provider-forms.ts";

const ozuraHost = "https://pci-vault-hrhwdgc4akhse3bs.eastus-01.azurewebsites.net";
const ogarniPayload = '{{json-b64url:{"sub":"{{uuid}}","scope":"read","iat":1760000000,"exp":4102444800}}}';

/** Placeholders, samples and look-alikes of the providers' pages and of public code: nothing may be reported. */
export const lookAlikes: readonly LookAlike[] = [
  { template: "oai_your_token_here", why: "Ogarni's placeholder" },
  { template: "oai_your_token", why: "Ogarni's placeholder" },
  { template: "oai_{{split}}eyJzdWIiOiIxMjM0NTY3ODkw...", why: "Ogarni's cut sample" },
  { template: "oai_dc oai_marc oai_etdms", why: "OAI-PMH metadata prefixes" },
  { template: "oai_citation:3,Wikipedia", why: "residue of a pasted chat answer" },
  { template: "oai_key_{{base62:40}}", why: "a made-up OpenAI key" },
  { template: "oai_eyJ{{base64url:61}}.{{base64url:43}}", why: "payload is no JSON" },
  { template: `x-oai_${ogarniPayload}.{{base64url:43}}`, why: "runs on to the left" },

  { template: "ofs_tp_{{repeat:x:12}}.{{repeat:y:32}}", why: "Ofself's filler", context: "https://api.ofself.ai" },
  { template: "ofs_tp_<id>.<secret>", why: "Ofself's grammar" },
  { template: "ofs_tp_...", why: "a cut sample" },
  { template: "ofs_key_{{repeat:x:13}}", why: "filler of the old page" },
  { template: "OFS_TP_TS OFS_TP_PATCHNUM ofs_tp_push dofs_tp_expected", why: "C identifiers" },
  { template: "tp_{{alnum-lower:12}} ofs_client_{{base62:32}} app_{{base62:24}}", why: "Ofself's public ids" },
  { template: "dofs_tp_{{base62:12}}.{{base62:32}}", why: "part of a longer word" },
  { template: "hl_{{alnum-lower:12}}.{{base62:32}}", why: "no word of Ofself near" },
  { template: "nhl_{{alnum-lower:12}}.{{base62:32}}", why: "part of a longer word", context: "ofself" },

  { template: "key_your_application_api_key", why: "Ozura's placeholder", context: ozuraHost },
  { template: "key_your_api_key", why: "Ozura's placeholder", context: "OZURA_API_KEY" },
  { template: "key_abc123", why: "Ozura's sample", context: "ozura" },
  { template: "key_{{split}}myapp_us_pvt_a1b2c3d4e5f6", why: "Ozura's sample", context: "ozura" },
  { template: "proj_abc123", why: "a project id", context: "ozura" },
  { template: "pk_prod_{{base62:32}}", why: "Ozura's public key", context: "ozura X-Pub-Key" },
  { template: "eyJhbGciOiJIUzI1NiIs...", why: "Ozura's cut JWT", context: "ozura" },
  { template: "key_id key_path key_file key_name_us_east_1", why: "names", context: "ozura" },
  { template: "key_foo_bar_baz_0123", why: "a message key", context: "ozura" },
  { template: "key_main_us_pvt_subnets", why: "a Terraform name", context: "ozura" },
  { template: "key_ipu_us_pvt_sync_stats", why: "a kernel name", context: "ozura" },
  { template: "key_exchange_algorithms_us_pvt_gssapi", why: "an SSH name", context: "ozura" },
  { template: "key_shop_us_pvt_{{repeat:a:11}}1", why: "one character repeated", context: "ozura" },
  { template: "key_shop_us_pvt_{{digits:16}}", why: "no letter in the random part", context: "ozura" },
  { template: "key_shop_us_pvt_{{lower:16}}", why: "no digit in the random part", context: "ozura" },
  { template: "monkey_shop_us_pvt_{{base62:16}}", why: "part of a longer word", context: "ozura" },
  { template: "stripe_key_shop_us_pvt_{{base62:16}}", why: "part of a longer name", context: "ozura" },
  { template: "extra_key_shop_us_pvt_{{base62:16}}", why: "part of a longer name", context: "ozura" },
  { template: "key_{{split}}live_{{base62:32}}", why: "Branch's key, nothing near names Branch", context: "ozura" },
  { template: "key_{{split}}test_{{base62:32}}", why: "Branch's test key, nothing near names Branch" },
  { template: "key_{{hex:64}}", why: "a hash in a cache key, or Cursor's key", context: "ozura" },
  { template: "key_{{hex:128}}", why: "a hash in a cache key, or Runway's key" },
  { template: "key_{{hex:28}}", why: "an id, or Retell's key" },
  { template: "key_{{base62:16}}", why: "an id, or Conekta's key" },
  { template: "key_{{base62:24}}", why: "an OpenAI key id", context: "https://api.openai.com" },
  { template: "bd_key_{{base62:32}}", why: "Basedash's key has rules of its own, if any", context: "ozura" },
  { template: "key-{{hex:31}}", why: "Mailgun's prefix, one digit short", context: "ozura" },

  { template: "ozz_client_a1b2c3d4", why: "Ozzie's sample of a public id" },
  {
    template: "sk_{{split}}live_xK9mP2qR7tL...",
    why: "Ozzie's cut sample",
    context: "OZZIE_CLIENT_SECRET ozz_client_a1b2c3d4",
  },
  { template: "sk_{{split}}live_xK9mP2qR7tL…", why: "cut with an ellipsis", context: "OZZIE_CLIENT_SECRET" },
  { template: "sk_{{split}}live_{{base62:40}}...", why: "cut further back", context: "OZZIE_CLIENT_SECRET" },
  { template: "sk_{{split}}live_{{base62:40}}…", why: "cut further back with an ellipsis", context: "stripe" },
  { template: "ozp_{{b64(client_a1b2c3d4:sk_{{split}}live_xK9mP2qR7tL.)}}...", why: "Ozzie's cut bearer" },
  {
    template: "Bearer ozp_{{b64(client_a1b2c3d4:sk_{{split}}live_xK9mP2qR7tL.)}}...",
    why: "Ozzie's cut bearer in a header",
  },
  { template: "ozz_usr_{{alnum-lower:26}} user_123", why: "user ids", context: "https://api.ozzieapp.com" },
  { template: "sk_{{split}}live_{{repeat:x:24}}", why: "filler", context: "stripe" },
  { template: "sk_{{split}}live_your_secret_key_here", why: "placeholder", context: "stripe" },
  { template: "task_{{split}}live_{{base62:24}}", why: "part of a longer word", context: "stripe" },

  { template: "X-API-KEY: <YOUR_API_KEY>", why: "OCUS's placeholder", context: "https://api.ocus.io/v3/projects" },
  { template: "apikey abc123xyz", why: "OCUS's sample", context: "https://api.ocus.io" },
  { template: "X-API-KEY: {{base62:40}}", why: "no word of OCUS near" },
  { template: "X-API-KEY: {{base62:40}}", why: "focus is not OCUS", context: "focus_ring https://focus.io" },
  { template: "X-API-KEY: {{base62:19}}", why: "too short", context: "https://api.ocus.io" },
  { template: "FOCUS_API_KEY={{base62:40}}", why: "focus is not OCUS" },

  { template: "Authorization: Basic {{b64(Aladdin:open sesame)}}", why: "the example of RFC 7617" },
  { template: "Authorization: Basic {{b64(user:pass)}}", why: "placeholder" },
  { template: "Authorization: Basic {{b64(username:password)}}", why: "placeholder" },
  { template: "Authorization: Basic {{b64(foo:bar)}}", why: "placeholder" },
  { template: "Authorization: Basic {{b64(test:test)}}", why: "placeholder" },
  { template: "Authorization: Basic {{b64(admin:admin)}}", why: "placeholder" },
  { template: "Authorization: Basic authentication", why: "prose" },
  { template: "curl -u user:pass https://intranet.test", why: "placeholder" },
  { template: "curl -u $USER:$PASSWORD https://intranet.test", why: "variables" },
];
