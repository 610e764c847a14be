// The providers' shapes, contested shapes, look-alikes and forms, in one place for the tests that run them all.

import type { Shape, Split } from "./provider-forms.ts";
import { sharedShapes } from "./provider-shapes-shared.ts";
import { firstShapes } from "./provider-shapes.ts";

export { forms } from "./provider-forms.ts";
export type { Form, LookAlike, Shape, Split } from "./provider-forms.ts";
export { lookAlikes } from "./provider-look-alikes.ts";

/** Every real shape, the rule (and so the provider) that it must go to, and the line above it where it needs one. */
export const shapes: readonly Shape[] = [...firstShapes, ...sharedShapes];

/** Tokens that fit several providers: reported as unclear, with those whose format fits as candidates. */
export const splits: readonly Split[] = [
  {
    name: "sk_live, 24, no context",
    template: "sk_{{split}}live_{{base62:24}}",
    rule: "unclear.sk-live",
    candidates: ["ozzie", "paymongo", "stripe"],
  },
  {
    name: "sk_live, 40, no context",
    template: "sk_{{split}}live_{{hex:40}}",
    rule: "unclear.sk-live",
    candidates: ["clerk", "ozzie", "paystack", "stripe"],
  },
  {
    name: "sk_live, 99, no context: format selects nobody",
    template: "sk_{{split}}live_51{{base62:97}}",
    rule: "unclear.sk-live",
    candidates: ["ozzie", "stripe"],
  },
  {
    name: "sk_live, 93 with a dash: not Stripe",
    template: "sk_{{split}}live_{{base62:40}}-{{base62:52}}",
    rule: "unclear.sk-live",
    candidates: ["apideck"],
  },
  {
    name: "sk_live between two contexts",
    template: "sk_{{split}}live_{{base62:24}}",
    context: "stripe, paymongo",
    rule: "unclear.sk-live",
    candidates: ["paymongo", "stripe"],
  },
  {
    name: "sk_live of Stripe's length between Stripe and Ozzie",
    template: "sk_{{split}}live_{{base62:24}}",
    context: "STRIPE_X OZZIE_X",
    rule: "unclear.sk-live",
    candidates: ["ozzie", "stripe"],
  },
  {
    name: "sk_live near a context whose format does not fit",
    template: "sk_{{split}}live_{{base62:24}}",
    context: "paystack",
    rule: "unclear.sk-live",
    candidates: ["ozzie", "paymongo", "stripe"],
  },
  {
    name: "sk_test, no context: never Ozzie",
    template: "sk_{{split}}test_{{base62:42}}",
    rule: "unclear.sk-test",
    candidates: ["clerk", "stripe"],
  },
  {
    name: "whsec, no context",
    template: "whsec_{{base62:32}}",
    rule: "unclear.whsec",
    candidates: ["clerk", "stripe"],
  },
  {
    name: "vault key, no context",
    template: "key_{{split}}shop_us_pvt_{{base62:22}}",
    rule: "unclear.key",
    candidates: ["ozura-vault"],
  },
  {
    name: "Basis Theory's short form, no context",
    template: "key_{{split}}us_pvt_{{base58:22}}",
    rule: "unclear.key",
    candidates: ["basis-theory"],
  },
  {
    name: "prod as first word near Ozura",
    template: "key_{{split}}prod_us_pvt_{{base58:22}}",
    context: "ozura",
    rule: "unclear.key",
    candidates: ["basis-theory", "ozura-vault"],
  },
  {
    name: "vault key of another region, no context",
    template: "key_{{split}}shop_eu_pvt_{{base62:22}}",
    rule: "unclear.key-region",
    candidates: ["ozura-vault"],
  },
];
