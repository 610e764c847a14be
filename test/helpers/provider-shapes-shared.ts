// What the credentials look like that share a prefix with the first providers', and HTTP headers → a table of shapes.
// Everything is a template of src/rules/samples.ts: no token-shaped text stands in the repository.

import type { Shape } from "./provider-forms.ts";

/** The families sk_live_, sk_test_, whsec_ and key_, and pairs of user and password in HTTP. */
export const sharedShapes: readonly Shape[] = [
  {
    name: "Stripe: 24 characters",
    template: "sk_{{split}}live_{{base62:24}}",
    rule: "stripe.secret-key",
    context: "import stripe",
  },
  {
    name: "Stripe: new form",
    template: "sk_{{split}}live_51{{base62:97}}",
    rule: "stripe.secret-key",
    context: "pk_{{split}}live_51{{base62:40}}",
  },
  {
    name: "Stripe: 15 characters",
    template: "sk_{{split}}live_{{base62:15}}",
    rule: "stripe.short-secret-key",
    context: "stripe",
  },
  { name: "Stripe: restricted", template: "rk_{{split}}live_51{{base62:97}}", rule: "stripe.restricted-key" },
  { name: "Stripe: test", template: "sk_{{split}}test_{{base62:24}}", rule: "stripe.test-key", context: "stripe" },
  { name: "Stripe: restricted test", template: "rk_{{split}}test_{{base62:24}}", rule: "stripe.restricted-test-key" },
  { name: "Stripe: webhook", template: "whsec_{{base62:32}}", rule: "stripe.webhook-secret", context: "stripe" },
  {
    name: "Paystack",
    template: "sk_{{split}}live_{{hex:40}}",
    rule: "paystack.secret-key",
    context: "https://api.paystack.co",
  },
  { name: "Paystack: test", template: "sk_{{split}}test_{{hex:40}}", rule: "paystack.test-key", context: "paystack" },
  {
    name: "Apideck",
    template: "sk_{{split}}live_{{base62:8}}-{{base62:40}}-{{base62:43}}",
    rule: "apideck.secret-key",
    context: "apideck",
  },
  { name: "Clerk", template: "sk_{{split}}live_{{base62:42}}", rule: "clerk.secret-key", context: "CLERK_SECRET_KEY" },
  {
    name: "Clerk: test",
    template: "sk_{{split}}test_{{base62:42}}",
    rule: "clerk.test-key",
    context: "@clerk/backend",
  },
  { name: "Clerk: webhook", template: "whsec_{{base62:32}}", rule: "clerk.webhook-secret", context: "clerk" },
  {
    name: "PayMongo",
    template: "sk_{{split}}live_{{base62:24}}",
    rule: "paymongo.secret-key",
    context: "https://api.paymongo.com",
  },

  {
    name: "Basis Theory: short private key",
    template: "key_{{split}}us_pvt_{{base58:22}}",
    rule: "basis-theory.application-key",
    context: "BT-API-KEY",
  },
  {
    name: "Basis Theory: prod as first word",
    template: "key_{{split}}prod_us_pvt_{{base58:22}}",
    rule: "basis-theory.application-key",
  },
  {
    name: "Basis Theory: check part",
    template: "key_{{split}}us_pvt_{{base58:22}}.{{hex:32}}",
    rule: "basis-theory.private-key",
  },
  {
    name: "Basis Theory: check part beats context",
    template: "key_{{split}}prod_us_pvt_{{base58:22}}.{{hex:32}}",
    rule: "basis-theory.private-key",
    context: "ozura",
  },
  {
    name: "Basis Theory: test key",
    template: "key_{{split}}test_us_pvt_{{base58:22}}.{{hex:32}}",
    rule: "basis-theory.test-key",
  },
  {
    name: "Basis Theory: old key",
    template: "key_{{base58:22}}",
    rule: "basis-theory.api-key",
    context: "import basistheory",
  },
  { name: "Cursor", template: "key_{{hex:64}}", rule: "cursor.api-key", context: "CURSOR_API_KEY" },
  { name: "Runway", template: "key_{{hex:128}}", rule: "runway.api-key", context: "RUNWAYML_API_SECRET" },
  { name: "Retell", template: "key_{{hex:28}}", rule: "retell.api-key", context: "retell-sdk" },
  {
    name: "Branch",
    template: "key_{{split}}live_{{base62:32}}",
    rule: "branch.key",
    context: "https://api2.branch.io",
  },
  { name: "Conekta", template: "key_{{base62:16}}", rule: "conekta.api-key", context: "conekta" },

  {
    name: "Basic header",
    template: "Authorization: Basic {{b64(svc-{{lower:6}}:{{base62:20}})}}",
    rule: "http.basic-auth",
  },
  {
    name: "Basic header in a map",
    template: "'Authorization' => 'Basic {{b64({{lower:8}}:{{base62:16}})}}'",
    rule: "http.basic-auth",
  },
  {
    name: "Bearer header with a pair",
    template: "Authorization: Bearer {{b64(app{{digits:4}}:{{base62:32}})}}",
    rule: "http.bearer-userpass",
  },
  { name: "curl -u", template: "curl -u {{lower:8}}:{{base62:16}} https://intranet.test", rule: "http.curl-user" },
];
