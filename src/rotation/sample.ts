// Nothing in, the commented inventory that `rotation init` writes out.

/** A valid inventory without a credential: every key of the file stands in it, in comments. */
export const inventorySample = `# What keywarden reminds you to rotate. Names and dates only: no value belongs in this file.
# All of its keys: docs/rotation-files.md of keywarden.
version: 1

# Who is told where a credential has no owner, and who when it is 30 days late.
# owners:
#   fallback: "@acme/platform"
#   security: "@acme/security"

credentials: []
# - id: payments-api-production # yours, and stays through every rotation
#   provider: stripe # as \`keywarden rules list\` names it, or other
#   owner: "@acme/payments"
#   environment: production
#   severity: critical
#   kept:
#     env: PAYMENTS_API_KEY # \`keywarden rotation watch --env PAYMENTS_API_KEY\` sees when it changes
#     secret: PAYMENTS_API_KEY # the CI secret
#     store: 1Password, vault "payments"
#   created: 2026-01-15
#   rotated: 2026-04-15
#   policy: payments
#   notes: the provider shows a new key only once

# policies:
#   - name: payments
#     match:
#       provider: [stripe]
#       path: [services/payments]
#       environment: [production]
#       severity: [high, critical]
#     every: 60d
#     notify: [14d, 7d, 1d]
#     grace: 7d
#     reason: our security handbook, section 4

# exemptions:
#   - credential: payments-api-production
#     reason: the provider replaces its portal
#     until: 2026-06-30 # at most 180 days ahead

# github:
#   leaks-to: acme/security-private # leaks are never filed in a public repository
#   dashboard: true
`;
