// Nothing in, the settings file that a repository begins with out.

/** A settings file that changes nothing and shows what is most often changed. */
export const starterConfig = `# Settings of keywarden for this repository. All of them: \`docs/configuration.md\` of keywarden. None is needed.

# Paths that are not looked at. What is left out is counted in every report.
exclude: []

# Builds fail from this confidence up: low, medium (the default) or high. Hooks stop from high up unless this is set.
# fail-on: medium

# What is known and no secret, each with a reason:
# allow:
#   - paths: ["test/fixtures/**"]
#     rules: [stripe]
#     reason: made up for tests
#     until: 2027-12-31
`;
