import type { NewFile } from "../new-workspace.ts";

/** Two workflows: the check of a branch, and comments from a schedule of the default branch. */
export function giteaFiles(): NewFile[] {
  return [
    { path: ".gitea/workflows/sitewright.yml", content: CHECK },
    { path: ".gitea/workflows/sitewright-comment.yml", content: COMMENT },
  ];
}

const CHECK = `# Previews every pull request: what it changes on which device, which flows it opens, which checks it breaks.
#
# The base branch is checked out and its packages are installed; the branch is fetched as objects of git and only read.
# No secret is named here: a preview talks to no device. Comments come from sitewright-comment.yml, on a schedule.
name: sitewright

on:
  pull_request:

jobs:
  preview:
    runs-on: ubuntu-latest
    timeout-minutes: 15
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
      - name: Preview
        run: npx --no-install sitewright preview --base HEAD --head FETCH_HEAD --out preview --pages
      - uses: actions/upload-artifact@v3
        if: always()
        with:
          name: sitewright-preview
          path: preview
`;

const COMMENT = `# Writes the comment on every open pull request and marks its commit, as the default branch says, whatever a branch says.
#
# The job that reads the branches is handed no token; the job that posts reads no branch, only the figures of the job
# before it. Where your Gitea's own job token may not comment, put a bot's token in its place in both of its steps.
# It may where Actions' tokens have their default rights; the comment then is by gitea-actions.
name: sitewright-comment

on:
  schedule:
    - cron: "7,22,37,52 * * * *"
  workflow_dispatch:

jobs:
  requests:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci --ignore-scripts
      - name: List the open requests
        env:
          GITEA_TOKEN: \${{ github.token }}
        run: |
          mkdir open
          npx --no-install sitewright requests --out open/open.json > open/list.txt
      - uses: actions/upload-artifact@v3
        with:
          name: sitewright-open
          path: open

  preview:
    needs: requests
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci --ignore-scripts
      - uses: actions/download-artifact@v3
        with:
          name: sitewright-open
          path: open
      - name: Preview each, without checking it out
        run: |
          mkdir previews
          cut -d " " -f 3 open/list.txt | xargs -r git fetch --no-tags origin || echo "some open requests were not fetched"
          while read -r number commit ref; do
            npx --no-install sitewright preview --base HEAD --head "$commit" --with-open open/open.json \\
              --out "previews/$number" || test -f "previews/$number/preview.json" || echo "no preview of $number"
          done < open/list.txt
      - uses: actions/upload-artifact@v3
        with:
          name: sitewright-told
          path: previews

  tell:
    needs: preview
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci --ignore-scripts
      - uses: actions/download-artifact@v3
        with:
          name: sitewright-told
          path: previews
      - name: Write the comments, or write them anew
        env:
          GITEA_TOKEN: \${{ github.token }}
        run: |
          code=0
          for folder in previews/*/; do
            test -f "$folder/preview.json" || continue
            npx --no-install sitewright comment --from "$folder" --request "$(basename "$folder")" || code=$?
          done
          exit "$code"
`;
