// The name of the default branch → a GitHub workflow that looks at pull requests, pushes, and weekly at everything.

/** Where the workflow stands in a repository. */
export const workflowFile = ".github/workflows/keywarden.yml";

/**
 * The workflow's text. `action` is what `uses:` names. It may read the repository and keep its one comment; code scanning
 * and reminders need more, which docs/action.md says.
 */
export function workflowText(branch: string, action: string): string {
  return `# Looks for credentials in what pull requests and pushes bring, and once a week in the whole history.
name: keywarden

on:
  pull_request:
  merge_group:
  push:
    branches: [${JSON.stringify(branch)}]
  schedule:
    - cron: "17 4 * * 1"

permissions:
  contents: read

jobs:
  keywarden:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      # For its one comment; without it there is none.
      pull-requests: write
    steps:
      - uses: actions/checkout@v5
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: ${action}
`;
}
