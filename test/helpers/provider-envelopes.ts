// What each provider says, row by row of its recipe: written from its pages by hand, not made from the recipes.

import type { Reply } from "./provider-server.ts";

type Envelopes = Readonly<Record<string, Reply>>;

const ok = (body: object, headers?: Record<string, string>): Reply => ({
  status: 200,
  body,
  ...(headers && { headers }),
});
const no = (status: number, body: object, headers?: Record<string, string>): Reply => ({
  status,
  body,
  ...(headers && { headers }),
});
const html429: Reply = { status: 429, headers: { "retry-after": "30" }, body: "slow down" };

const ozzieHeaders = {
  "x-ratelimit-limit": "1000",
  "x-ratelimit-remaining": "847",
  "x-ratelimit-reset": "1746489600",
};
const ozzieError = (status: number, code: string, details: object[] = []): Reply =>
  no(status, { error: { code, message: "In a sentence.", details } }, ozzieHeaders);

const ozuraError = (status: number, message: string): Reply => no(status, { success: false, message, data: null });

const ozura: Envelopes = {
  ok: ok({ success: true, message: "ok", data: { permissions: ["tokenize"] } }),
  failed: ozuraError(200, "Something went wrong"),
  invalid: ozuraError(401, "Invalid API key"),
  "no-permission": ozuraError(403, "This API key does not have permission for this operation"),
  "locked-out": no(429, {
    success: false,
    message: "Too many failed attempts. Try again later.",
    data: null,
    retry_after_seconds: 60,
  }),
  "account-locked": ozuraError(403, "Your account has been locked"),
  mfa: ozuraError(403, "MFA verification required"),
  "rate-limited": ozuraError(429, "Rate limit exceeded"),
};

/** The five first providers: the tables of their pages. */
export const fiveEnvelopes: Readonly<Record<string, Envelopes>> = {
  "ogarni-ai": {
    ok: { status: 200, headers: { "content-type": "application/json", "x-ratelimit-limit": "5000" }, body: "3" },
    "ok-empty": { status: 204 },
    invalid: no(401, { error: "unauthorized", message: "Invalid or expired API token." }),
    "no-scope": no(403, { error: "forbidden", message: "Insufficient scope." }),
    "rate-limited": { status: 429, headers: { "retry-after": "120", "x-ratelimit-reset-after": "120" }, body: "" },
  },
  ofself: {
    ok: ok({ nodes: [] }),
    "not-authorized": no(403, { error: "User has not authorized this app", status_code: 403 }),
    "no-grant": no(403, { error: "forbidden", code: "NO_AUTHORIZATION" }),
    "no-grant-nested": no(403, { error: { code: "NO_PERMISSIONS", message: "No permissions." } }),
    "no-profile": no(403, { error: "not found", code: "EP_NOT_FOUND" }),
    "no-profile-nested": no(403, { error: { code: "EP_NOT_FOUND", message: "No exposure profile." } }),
    invalid: no(401, { error: "Invalid API key", status_code: 401 }),
    "invalid-nested": no(401, { error: { code: "UNAUTHORIZED", message: "Invalid API key" } }),
    "rate-limited": no(429, { error: "Too many requests" }),
  },
  "ozura-vault": ozura,
  ocus: {
    ok: ok([{ id: 1 }]),
    invalid: no(401, { error: "Unauthorized. Please provide a valid API key." }),
    revoked: no(403, { error: "Forbidden. This API key has been revoked or expired." }),
    "revoked-nested": no(403, { error: { message: "Forbidden. This API key has been revoked or expired." } }),
    forbidden: no(403, { error: "forbidden" }),
    "rate-limited": no(429, { error: "rate_limited" }),
  },
  ozzie: {
    ok: ok({ id: "someone" }, ozzieHeaders),
    "no-such-user": ozzieError(404, "NOT_FOUND"),
    unauthorized: ozzieError(401, "UNAUTHORIZED"),
    "rate-limited": ozzieError(429, "RATE_LIMIT_EXCEEDED", [{ reset_at: 1746489600, limit: 1000, window: "1 minute" }]),
  },
};

const slackSays = (error: string): Reply => ok({ ok: false, error });
const googleSays = (code: number, status: string, reason: string | undefined, message = "In a sentence."): Reply =>
  no(code, {
    error: {
      code,
      message,
      status,
      ...(reason && { details: [{ "@type": "ErrorInfo", reason, domain: "googleapis.com" }] }),
    },
  });
const stsSays = (status: number, code: string): Reply =>
  no(status, { Error: { Code: code, Message: "In a sentence.", Type: "Sender" }, RequestId: "0" });
const squareSays = (status: number, code: string): Reply =>
  no(status, { errors: [{ category: "AUTHENTICATION_ERROR", code, detail: "In a sentence." }] });
const openaiSays = (status: number, code: string | null, message: string, type = "invalid_request_error"): Reply =>
  no(status, { error: { message, type, param: null, code } });

const codeHosts: Readonly<Record<string, Envelopes>> = {
  github: {
    ok: ok(
      { resources: { core: { limit: 5000, used: 0, remaining: 5000, reset: 1 } } },
      { "github-authentication-token-expiration": "2027-01-31 12:00:00 UTC", "x-oauth-scopes": "repo, workflow" },
    ),
    "not-signed-in": ok({ resources: { core: { limit: 60, remaining: 59 } } }),
    "login-locked": no(403, { message: "Maximum number of login attempts exceeded. Please try again later." }),
    "rate-limited": no(
      403,
      { message: "API rate limit exceeded for 192.0.2.1." },
      { "x-ratelimit-reset": "4102444800" },
    ),
    saml: no(403, { message: "Resource protected by organization SAML enforcement." }),
    "ip-allow-list": no(403, {
      message:
        "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled.",
    }),
    "not-accessible": no(403, { message: "Resource not accessible by personal access token" }),
    "bad-credentials": no(401, { message: "Bad credentials", status: "401" }),
  },
  gitlab: {
    ok: ok({
      id: 1,
      scopes: ["api", "read_user"],
      created_at: "2026-01-02T03:04:05.678Z",
      expires_at: "2026-12-31",
      last_used_at: "2026-02-03T04:05:06.789Z",
    }),
    "no-scope": no(403, { error: "insufficient_scope", error_description: "In a sentence.", scope: "api read_api" }),
    revoked: no(401, {
      error: "invalid_token",
      error_description: "Token was revoked. You have to re-authorize from the user.",
    }),
    expired: no(401, {
      error: "invalid_token",
      error_description: "Token is expired. You can either do re-authorization or token refresh.",
    }),
    unauthorized: no(401, { message: "401 Unauthorized" }),
    "invalid-token": no(401, { error: "invalid_token" }),
  },
  postman: {
    ok: ok({ user: { id: 1 } }),
    invalid: no(401, {
      error: {
        name: "AuthenticationError",
        message: "Invalid API Key. Every request requires a valid API Key to be sent.",
      },
    }),
  },
  sentry: {
    ok: ok({ auth: { scopes: ["org:read"] } }),
    "no-permission": no(403, { detail: "You do not have permission to perform this action." }),
    invalid: no(401, { detail: "Invalid token" }),
    expired: no(401, { detail: "Token expired" }),
  },
  doppler: {
    ok: ok({ workplace: { slug: "0123456789abcdef" }, created_at: "2026-01-02T03:04:05.678Z", success: true }),
    invalid: no(401, { messages: ["Invalid Auth token"], success: false }),
  },
  "terraform-cloud": {
    ok: ok({ data: { id: "user-1" } }, { "content-type": "application/vnd.api+json" }),
    unauthorized: no(
      401,
      { errors: [{ status: "401", title: "unauthorized" }] },
      { "content-type": "application/vnd.api+json" },
    ),
  },
  linear: {
    ok: ok({ data: { viewer: { id: "00000000-0000-4000-8000-000000000000" } } }),
    "not-authenticated": no(401, {
      errors: [
        {
          message: "Authentication required, not authenticated",
          extensions: { type: "authentication error", code: "AUTHENTICATION_ERROR" },
        },
      ],
    }),
    "rate-limited": no(400, { errors: [{ message: "Rate limit exceeded", extensions: { code: "RATELIMITED" } }] }),
  },
};

const clouds: Readonly<Record<string, Envelopes>> = {
  aws: {
    ok: ok({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/ci", UserId: "A" },
      },
    }),
    "ok-xml": {
      status: 200,
      headers: { "content-type": "text/xml" },
      body: "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    },
    "no-such-key": stsSays(403, "InvalidClientTokenId"),
    "no-such-key-xml": {
      status: 403,
      headers: { "content-type": "text/xml" },
      body: "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code></Error></ErrorResponse>",
    },
    "wrong-pair": stsSays(403, "SignatureDoesNotMatch"),
    denied: stsSays(403, "AccessDenied"),
    throttled: stsSays(400, "Throttling"),
  },
  google: {
    ok: ok({ models: [{ name: "models/one" }] }),
    invalid: googleSays(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid. Please pass a valid API key."),
    suspended: googleSays(403, "PERMISSION_DENIED", "CONSUMER_SUSPENDED"),
    "project-gone": googleSays(403, "PERMISSION_DENIED", "CONSUMER_INVALID"),
    reported: googleSays(
      403,
      "PERMISSION_DENIED",
      undefined,
      "Your API key was reported as leaked. Please use another API key.",
    ),
    "no-key-seen": googleSays(
      403,
      "PERMISSION_DENIED",
      undefined,
      "Method doesn't allow unregistered callers (callers without established identity).",
    ),
    restricted: googleSays(403, "PERMISSION_DENIED", "API_KEY_HTTP_REFERRER_BLOCKED"),
  },
  digitalocean: {
    ok: ok({ account: { status: "active" } }),
    "no-scope": no(403, { id: "forbidden", message: "You are not authorized to perform this operation" }),
    unauthorized: no(401, { id: "Unauthorized", message: "Unable to authenticate you" }),
  },
  cloudflare: {
    ok: ok({
      result: { id: "0", status: "active", expires_on: "2027-01-01T00:00:00Z", not_before: "2026-01-01T00:00:00Z" },
      success: true,
      errors: [],
    }),
    ended: ok({ result: { id: "0", status: "disabled" }, success: true, errors: [] }),
    invalid: no(401, { success: false, errors: [{ code: 1000, message: "Invalid API Token" }], result: null }),
    "no-user-token": no(401, { success: false, errors: [{ code: 1000, message: "Invalid API Token" }], result: null }),
  },
  heroku: {
    ok: ok({ id: "0", email: "someone@example.com" }, { "content-type": "application/vnd.heroku+json;version=3" }),
    unauthorized: no(401, { id: "unauthorized", message: "Invalid credentials provided." }),
    "rate-limited": no(429, { id: "rate_limit", message: "Your account reached the API rate limit." }),
  },
  databricks: {
    ok: ok({ id: "0", userName: "someone" }, { "content-type": "application/scim+json" }),
    invalid: no(403, { error_code: 403, message: "Invalid access token." }),
    unauthorized: no(401, {
      error_code: 401,
      message: "Credential was not sent or was of an unsupported type for this API.",
    }),
  },
};

const services: Readonly<Record<string, Envelopes>> = {
  slack: {
    ok: ok({ ok: true, team: "Acme", user: "bot" }, { "x-oauth-scopes": "chat:write,users:read" }),
    revoked: slackSays("token_revoked"),
    invalid: slackSays("invalid_auth"),
    "rate-limited": no(429, { ok: false, error: "ratelimited" }, { "retry-after": "30" }),
  },
  stripe: {
    ok: ok({ object: "balance", available: [] }),
    "no-permission": no(403, {
      error: {
        message: "The provided key does not have the required permissions for this endpoint.",
        type: "invalid_request_error",
      },
    }),
    expired: no(401, {
      error: { code: "api_key_expired", message: "Expired API Key provided", type: "invalid_request_error" },
    }),
    invalid: no(401, { error: { message: "Invalid API Key provided: ****", type: "invalid_request_error" } }),
  },
  openai: {
    ok: ok({ object: "list", data: [] }),
    "no-scope": openaiSays(403, null, "You have insufficient permissions for this operation."),
    "missing-scope": openaiSays(401, null, "Missing scopes: api.model.read."),
    "no-quota": openaiSays(429, "insufficient_quota", "You exceeded your current quota."),
    "no-quota-by-type": openaiSays(429, null, "You exceeded your current quota.", "insufficient_quota"),
    invalid: openaiSays(401, "invalid_api_key", "Incorrect API key provided."),
    "rate-limited": openaiSays(429, "rate_limit_exceeded", "Rate limit reached."),
  },
  anthropic: {
    ok: ok({ data: [], name: "Acme", type: "organization" }),
    "no-permission": no(403, { type: "error", error: { type: "permission_error", message: "In a sentence." } }),
    invalid: no(401, { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } }),
    "rate-limited": no(
      429,
      { type: "error", error: { type: "rate_limit_error", message: "In a sentence." } },
      { "retry-after": "30" },
    ),
  },
  twilio: {
    ok: ok({ services: [], meta: {} }),
    "test-credentials": no(403, {
      code: 20008,
      message: "Resource not accessible with Test Account Credentials",
      status: 403,
    }),
    authenticate: no(401, { code: 20003, message: "Authenticate", status: 401 }),
  },
  sendgrid: {
    ok: ok({ scopes: ["mail.send", "alerts.read"] }),
    forbidden: no(403, { errors: [{ field: null, message: "access forbidden" }] }),
    unauthorized: no(401, {
      errors: [{ field: null, message: "The provided authorization grant is invalid, expired, or revoked" }],
    }),
  },
  "hugging-face": {
    ok: ok({
      type: "user",
      name: "someone",
      auth: { accessToken: { role: "write", createdAt: "2026-01-02T03:04:05.678Z" } },
    }),
    unauthorized: no(401, { error: "Invalid username or password." }),
  },
  notion: {
    ok: ok({ object: "user", id: "0" }),
    restricted: no(403, {
      object: "error",
      status: 403,
      code: "restricted_resource",
      message: "Insufficient permissions.",
    }),
    unauthorized: no(401, { object: "error", status: 401, code: "unauthorized", message: "API token is invalid." }),
    "rate-limited": no(429, { object: "error", status: 429, code: "rate_limited" }, { "retry-after": "1" }),
  },
  airtable: {
    ok: ok({ id: "usr0", scopes: ["data.records:read"] }),
    unauthorized: no(401, { error: { type: "AUTHENTICATION_REQUIRED", message: "Authentication required" } }),
  },
  datadog: {
    valid: ok({ valid: true }),
    "not-valid": ok({ valid: false }),
    forbidden: no(403, { status: "error", code: 403, errors: ["Forbidden"] }),
  },
  shopify: {
    ok: ok({ access_scopes: [{ handle: "read_products" }] }),
    invalid: no(401, { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" }),
  },
  square: {
    ok: ok({ merchant: [] }),
    "no-scope": squareSays(403, "INSUFFICIENT_SCOPES"),
    revoked: squareSays(401, "ACCESS_TOKEN_REVOKED"),
    unauthorized: squareSays(401, "UNAUTHORIZED"),
    "rate-limited": html429,
  },
  telegram: {
    ok: ok({ ok: true, result: { id: 1, is_bot: true, username: "acme_bot" } }),
    unauthorized: no(401, { ok: false, error_code: 401, description: "Unauthorized" }),
    "not-found": no(404, { ok: false, error_code: 404, description: "Not Found" }),
    "rate-limited": no(429, {
      ok: false,
      error_code: 429,
      description: "Too Many Requests: retry after 5",
      parameters: { retry_after: 5 },
    }),
  },
  discord: {
    ok: ok({ id: "1", username: "acme-bot" }),
    unauthorized: no(401, { message: "401: Unauthorized", code: 0 }),
    "rate-limited": no(
      429,
      { message: "You are being rate limited.", retry_after: 1.5, global: false },
      { "x-ratelimit-reset-after": "1.5" },
    ),
  },
  grafana: {
    ok: ok({ "dashboards:read": ["dashboards:uid:*"] }),
    unauthorized: no(401, { message: "Invalid API key", messageId: "api-key.invalid", statusCode: 401 }),
  },
  "new-relic": {
    ok: ok({ data: { actor: { user: { id: 1 } } } }),
    "bad-key": no(401, {
      errors: [{ message: "Bad API Key or no API Key provided", extensions: { error_code: "BAD_API_KEY" } }],
    }),
    "invalid-key": no(401, {
      errors: [{ message: "Invalid credentials provided. Missing API key or an invalid API key was provided." }],
    }),
  },
  "basis-theory": {
    ok: ok({ id: "0", name: "Acme" }),
    "no-permission": no(403, { title: "Forbidden", status: 403 }, { "content-type": "application/problem+json" }),
    unauthorized: no(401, { title: "Unauthorized", status: 401 }, { "content-type": "application/problem+json" }),
    "rate-limited": html429,
  },
  cursor: {
    ok: ok({ apiKeyName: "ci", createdAt: "2026-01-15T10:30:00Z", userEmail: "someone@example.com" }),
    unauthorized: no(401, { error: "Unauthorized" }),
    "rate-limited": html429,
  },
};

/** Provider → row → what the provider sends when that row is meant. Google service accounts have a list of their own. */
export const envelopes: Readonly<Record<string, Envelopes>> = {
  ...fiveEnvelopes,
  ...codeHosts,
  ...clouds,
  ...services,
};
