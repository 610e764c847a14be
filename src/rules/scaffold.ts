// A provider's name → a rule file to fill in.

import { UsageError } from "../errors.ts";

/**
 * The text of `<provider>.yml`. It is well-formed YAML with every key that a rule needs, and fails
 * `keywarden rules check` until its blanks are filled in. Throws UsageError for a name that is not kebab-case.
 */
export function newRuleFile(provider: string): string {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(provider)) {
    throw new UsageError(`${JSON.stringify(provider)} is no provider name`, {
      hint: "Write it in kebab-case, such as acme-pay.",
    });
  }
  const prefix = provider.replaceAll("-", "_");
  return `# What kinds of credentials this provider has, and where it says so.
provider: ${provider}
name: ""                          # what people call the provider
homepage: ""
rules:
  - id: ${provider}.api-key
    name: ""                      # what people call the credential
    what: ""                      # one sentence: what it is
    risk: ""                      # one sentence: what whoever has it can do
    severity: ""                  # info, low, medium, high or critical
    confidence: ""                # high, medium or low: how sure a match is a real credential
    keywords: []                  # for example [${prefix}_key_]: one of them stands in every match
    # RE2 syntax; white space and comments are ignored. For example:
    #   \\b (?P<secret> ${prefix}_key_ [0-9A-Za-z]{32} ) \\b
    pattern: ""
    checks:                       # what a match must pass, in order; see the README beside the rules
      - entropy: {min: 3}
      - placeholder: {}
    rotate:
      every: 90d
      source: default             # provider, when the provider's own page says so
      steps: [create a new key, deploy it, check it, delete the old one, check that it is dead]
    examples:
      # Templates, never tokens. For example: '${prefix.toUpperCase()}_KEY="${prefix}_{{split}}key_{{base62:32}}"'
      match: []                   # at least two
      # For example: {text: '${prefix}_{{split}}key_{{base62:31}}', why: one character short, near-miss: true}
      skip: []                    # at least two, one of them a near-miss
    references: []                # the pages that the pattern was made from
`;
}
