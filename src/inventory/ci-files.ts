import type { NewFile } from "./new-workspace.ts";

/** Where pull requests are made. */
export const FORGES = ["github", "gitlab"] as const;
export type Forge = (typeof FORGES)[number];

/** The files that make a forge preview every pull request. What runs is the base's code; the branch is only read.
 *  No secret is named, and the job that runs on the branch's event may read and nothing else. */
export function ciFiles(forge: Forge): NewFile[] {
  if (forge === "github") {
    return [
      { path: ".github/workflows/sitewright.yml", content: GITHUB },
      { path: ".github/pull_request_template.md", content: REQUEST },
    ];
  }
  return [
    { path: ".gitlab-ci.yml", content: GITLAB },
    { path: ".gitlab/merge_request_templates/Default.md", content: REQUEST },
  ];
}

/** What a reviewer cannot see in the preview. */
const REQUEST = `## Why

<!-- ticket, who asked for it -->

## When, and what to watch

<!-- change window; what to look at after the apply; who is told -->
`;

const GITHUB = `# Previews every pull request: what it changes on which device, which flows it opens, which checks it breaks.
#
# The base branch is checked out and its packages are installed; the branch is fetched as objects of git and only read.
# No secret is named here, and none is needed: a preview talks to no device. Forks get the same preview, as the job's
# summary and artifact; the comment and the annotations need a token that GitHub gives only to branches of this
# repository. Let CODEOWNERS guard .github/, known_hosts and package-lock.json: a branch of this repository may change
# this file. Pin the actions to commits as your own rules ask.
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
      - name: Preview
        id: preview
        run: |
          code=0
          npx --no-install sitewright preview --base HEAD --head FETCH_HEAD --out preview || code=$?
          echo "code=$code" >> "$GITHUB_OUTPUT"
          if [ -f preview/comment.md ]; then cat preview/comment.md >> "$GITHUB_STEP_SUMMARY"; fi
          exit "$code"
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: sitewright-preview
          path: preview
          if-no-files-found: ignore
    outputs:
      code: \${{ steps.preview.outputs.code }}

  tell:
    needs: preview
    if: always() && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      pull-requests: write
      security-events: write
    steps:
      - uses: actions/download-artifact@v4
        with:
          name: sitewright-preview
          path: preview
      - name: Write the comment, or write it anew
        env:
          GH_TOKEN: \${{ github.token }}
          NUMBER: \${{ github.event.pull_request.number }}
          REPOSITORY: \${{ github.repository }}
        run: |
          own='.[] | select(.user.type == "Bot" and (.body | startswith("<!-- sitewright preview -->"))) | .id'
          id=$(gh api --paginate "repos/$REPOSITORY/issues/$NUMBER/comments" --jq "$own" | head -n 1)
          if [ -n "$id" ]; then
            gh api --silent -X PATCH "repos/$REPOSITORY/issues/comments/$id" -F body=@preview/comment.md
          else
            gh api --silent "repos/$REPOSITORY/issues/$NUMBER/comments" -F body=@preview/comment.md
          fi
      # Private repositories without code scanning refuse this; the comment holds the same.
      - uses: github/codeql-action/upload-sarif@v3
        continue-on-error: true
        with:
          sarif_file: preview/findings.sarif
          category: sitewright
`;

const GITLAB = `# Previews every merge request: what it changes on which device, which flows it opens, which checks it breaks.
#
# The target branch is checked out beside the project and its packages are installed there; the branch is only read, as
# objects of git. No secret is named here: a preview talks to no device. Keep variables that open devices protected, so
# that pipelines of merge requests never see them.
stages: [preview]

sitewright:
  stage: preview
  image: node:24
  timeout: 15 minutes
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: "0"
  script:
    - git fetch --no-tags origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
    - git worktree add --force --detach "$CI_PROJECT_DIR/.sitewright-base" FETCH_HEAD
    - cd "$CI_PROJECT_DIR/.sitewright-base"
    - npm ci --ignore-scripts
    - npx --no-install sitewright preview --base HEAD --head "$CI_COMMIT_SHA" --out "$CI_PROJECT_DIR/preview"
  artifacts:
    when: always
    expose_as: sitewright preview
    paths:
      - preview/
`;
