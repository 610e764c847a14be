// What other scanners call a rule, and which of our providers that can be.

/** The part of a match or finding that tells which rule it is. */
export interface RuleNames {
  readonly rule: string;
  readonly provider: string;
  readonly candidates?: readonly string[];
}

/** Everybody who hands out `sk_live_` keys: other scanners call all of them Stripe's. */
const stripeLike = ["stripe", "paystack", "clerk", "paymongo", "apideck", "ozzie", "ocus"] as const;

/**
 * Ids of gitleaks and betterleaks rules for one provider's tokens, from their public rule lists. Generic ids
 * (`generic-api-key`, `jwt`, `private-key`, `curl-auth-header`) are left out on purpose: they fit any rule.
 */
const gitleaksProviders: Readonly<Record<string, readonly string[]>> = {
  "anthropic-admin-api-key": ["anthropic"],
  "anthropic-api-key": ["anthropic"],
  "aws-access-token": ["aws"],
  "aws-amazon-bedrock-api-key-long-lived": ["aws"],
  "aws-amazon-bedrock-api-key-short-lived": ["aws"],
  "clerk-secret-key": stripeLike,
  "gcp-api-key": ["google"],
  "github-app-token": ["github"],
  "github-fine-grained-pat": ["github"],
  "github-oauth": ["github"],
  "github-pat": ["github"],
  "github-refresh-token": ["github"],
  "gitlab-cicd-job-token": ["gitlab"],
  "gitlab-deploy-token": ["gitlab"],
  "gitlab-feature-flag-client-token": ["gitlab"],
  "gitlab-feed-token": ["gitlab"],
  "gitlab-incoming-mail-token": ["gitlab"],
  "gitlab-kubernetes-agent-token": ["gitlab"],
  "gitlab-oauth-app-secret": ["gitlab"],
  "gitlab-pat": ["gitlab"],
  "gitlab-pat-routable": ["gitlab"],
  "gitlab-ptt": ["gitlab"],
  "gitlab-rrt": ["gitlab"],
  "gitlab-runner-authentication-token": ["gitlab"],
  "gitlab-runner-authentication-token-routable": ["gitlab"],
  "gitlab-scim-token": ["gitlab"],
  "gitlab-session-cookie": ["gitlab"],
  "npm-access-token": ["npm"],
  "openai-api-key": ["openai"],
  "slack-app-token": ["slack"],
  "slack-bot-token": ["slack"],
  "slack-config-access-token": ["slack"],
  "slack-config-refresh-token": ["slack"],
  "slack-legacy-bot-token": ["slack"],
  "slack-legacy-token": ["slack"],
  "slack-legacy-workspace-token": ["slack"],
  "slack-user-token": ["slack"],
  "slack-webhook-url": ["slack"],
  "stripe-access-token": stripeLike,
};

/** Ids of secretlint rules, without `@secretlint/secretlint-rule-`, that we call otherwise. */
const secretlintProviders: Readonly<Record<string, string>> = {
  gcp: "google",
  privatekey: "private-key",
  basicauth: "url",
  "database-connection-string": "url",
};

function isProvider(provider: string, names: RuleNames): boolean {
  return names.provider === provider || names.candidates?.includes(provider) === true;
}

/** Does one of our names (a rule's id, a provider, `*`) mean this rule? A provider also means its candidacy. */
export function isNamed(name: string, names: RuleNames): boolean {
  return name === "*" || name === names.rule || isProvider(name, names);
}

/**
 * Can a rule id out of a gitleaks list be this rule? A known id must name our provider; an id of ours (they have a
 * dot) must be the same; an unknown id says nothing, and the place alone decides.
 */
export function isGitleaksRule(id: string, names: RuleNames): boolean {
  if (id === names.rule) return true;
  if (Object.hasOwn(gitleaksProviders, id)) {
    return (gitleaksProviders[id] as readonly string[]).some((provider) => isProvider(provider, names));
  }
  return !id.includes(".");
}

/**
 * Does a rule id in a secretlint comment mean this rule? An id that is none of ours means none of our rules: a block
 * comment reaches to the end of the file, and may not hide what it does not name.
 */
export function isSecretlintRule(id: string, names: RuleNames): boolean {
  const name = id.replace(/^@secretlint\//, "").replace(/^secretlint-rule-/, "");
  if (name === "preset-recommend" || name === "preset-canary") return true;
  const ours = Object.hasOwn(secretlintProviders, name) ? (secretlintProviders[name] as string) : name;
  return name !== "*" && isNamed(ours, names);
}
