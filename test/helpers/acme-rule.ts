// A host in, a rule file of a user's own out: of a made-up provider, with a recipe that asks that host.

/** The rule file of the provider `acme`, whose keys are asked about at `host`. */
export function acmeRule(host = "api.acme.example"): string {
  return `provider: acme
name: Acme
rules:
  - id: acme.key
    name: Acme key
    what: A made-up key for tests of trust.
    risk: None at all, because nobody has ever issued one.
    severity: high
    confidence: high
    keywords: [acme_]
    pattern: (?P<secret> acme_ [0-9a-z]{24} )
    verify:
      request: { method: GET, url: "https://${host}/v1/me", headers: { x-acme-key: "{{secret}}" } }
      answers:
        - { row: ok, status: 200, media: json, means: active }
        - { row: bad, status: 401, media: json, means: inactive }
      control: "acme_{{alnum-lower:24}}"
      docs: https://acme.example/docs
    examples:
      match: ["acme_{{alnum-lower:24}}", "key: acme_{{alnum-lower:24}}"]
      skip: [{text: "acme_{{alnum-lower:23}}", why: short, near-miss: true}, {text: nothing, why: nothing}]
`;
}
