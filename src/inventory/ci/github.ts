import type { NewFile } from "../new-workspace.ts";

/** Two workflows: the check of a branch, which holds nothing, and what follows it from the default branch and posts. */
export function githubFiles(): NewFile[] {
  return [
    { path: ".github/workflows/sitewright.yml", content: CHECK },
    { path: ".github/workflows/sitewright-comment.yml", content: COMMENT },
  ];
}

const CHECK = `# Previews every pull request: what it changes on which device, which flows it opens, which checks it breaks.
#
# The base branch is checked out and its packages are installed; the branch is fetched as objects of git and only read.
# No secret is named here, and none is needed: a preview talks to no device. Forks get the same preview, as the job's
# summary and artifact. The comment comes from sitewright-comment.yml, which follows this workflow. Let CODEOWNERS guard
# .github/, known_hosts and package-lock.json: a branch may change this file, and then this run proves nothing; the
# comment is made by the default branch's code and does. Pin the actions to commits as your own rules ask.
name: sitewright

on:
  pull_request:

permissions: {}

concurrency:
  group: sitewright-\${{ github.event.pull_request.number }}
  cancel-in-progress: true

jobs:
  preview:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.base.sha }}
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci --ignore-scripts
      - name: Fetch the branch, without checking it out
        env:
          NUMBER: \${{ github.event.pull_request.number }}
        run: git fetch --no-tags origin "refs/pull/$NUMBER/head"
      # Without a token, --post writes the job's summary and variables.
      - name: Preview
        id: preview
        run: npx --no-install sitewright preview --base HEAD --head FETCH_HEAD --out preview --pages --post
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: sitewright-preview
          path: preview
          if-no-files-found: ignore
    outputs:
      verdict: \${{ steps.preview.outputs.verdict }}
      sites: \${{ steps.preview.outputs.sites }}
      devices: \${{ steps.preview.outputs.devices }}
      errors: \${{ steps.preview.outputs.errors }}
      digest: \${{ steps.preview.outputs.digest }}

  findings:
    needs: preview
    if: always() && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      security-events: write
    steps:
      - uses: actions/download-artifact@v4
        with:
          name: sitewright-preview
          path: preview
      # Private repositories without code scanning refuse this; the comment holds the same.
      - uses: github/codeql-action/upload-sarif@v3
        continue-on-error: true
        with:
          sarif_file: preview/findings.sarif
          category: sitewright
`;

const COMMENT = `# Writes the comment on a pull request and marks its commit, for branches of this repository and for forks alike.
#
# It follows the workflow "sitewright" and runs as the default branch says, whatever the branch says. It takes nothing from
# that run but the commit that it was for: an artifact of it may have been made by a stranger. The job that reads the
# branch holds no token that may write; the job that may write reads no branch, only the figures of the job before it.
name: sitewright-comment

on:
  workflow_run:
    workflows: [sitewright]
    types: [completed]

permissions: {}

concurrency:
  group: sitewright-comment-\${{ github.event.workflow_run.head_repository.full_name }}-\${{ github.event.workflow_run.head_branch }}
  cancel-in-progress: true

jobs:
  requests:
    if: github.event.workflow_run.event == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
      pull-requests: read
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.repository.default_branch }}
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci --ignore-scripts
      - name: List the open requests
        env:
          GITHUB_TOKEN: \${{ github.token }}
        run: npx --no-install sitewright requests --out open.json --refs > refs.txt
      - uses: actions/upload-artifact@v4
        with:
          name: sitewright-open
          path: |
            open.json
            refs.txt

  preview:
    needs: requests
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.repository.default_branch }}
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci --ignore-scripts
      - uses: actions/download-artifact@v4
        with:
          name: sitewright-open
          path: open
      - name: Fetch the heads, without checking them out
        env:
          HEAD: \${{ github.event.workflow_run.head_sha }}
        run: |
          xargs -r git fetch --no-tags origin < open/refs.txt || echo "some open requests were not fetched"
          git fetch --no-tags origin "$HEAD"
      - name: Preview
        env:
          HEAD: \${{ github.event.workflow_run.head_sha }}
        run: |
          npx --no-install sitewright preview --base HEAD --head "$HEAD" --with-open open/open.json --out preview ||
            test -f preview/preview.json
      - uses: actions/upload-artifact@v4
        with:
          name: sitewright-told
          path: preview

  tell:
    needs: preview
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
      pull-requests: write
      checks: write
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.repository.default_branch }}
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci --ignore-scripts
      - uses: actions/download-artifact@v4
        with:
          name: sitewright-told
          path: preview
      - name: Write the comment, or write it anew
        env:
          GITHUB_TOKEN: \${{ github.token }}
        run: npx --no-install sitewright comment --from preview
`;
