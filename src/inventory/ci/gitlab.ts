/** One file: the check of a branch in its own pipeline, and notes from a schedule of the default branch. */
export const GITLAB = `# Previews every merge request: what it changes on which device, which flows it opens, which checks it breaks.
#
# The target branch is checked out beside the project and its packages are installed there; the branch is only read, as
# objects of git. No secret is named here: a preview talks to no device. Keep variables that open devices protected, so
# that pipelines of merge requests never see them.
#
# Notes on merge requests come from a schedule of the default branch (Build > Pipeline schedules, every quarter of an
# hour), because a branch may change this file. It wants one variable, GITLAB_TOKEN: a project access token with the role
# Reporter and the scope api, protected, masked, and for the environment "sitewright-notes" only. Then the job that reads
# branches does not see it.
stages: [list, preview, tell]

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
    - npx --no-install sitewright preview --base HEAD --head "$CI_COMMIT_SHA" --out "$CI_PROJECT_DIR/preview" --pages
  artifacts:
    when: always
    expose_as: sitewright preview
    paths:
      - preview/
    reports:
      codequality: preview/code-quality.json
      dotenv: preview/preview.env

.sitewright-notes:
  image: node:24
  timeout: 15 minutes
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

sitewright-open:
  extends: .sitewright-notes
  stage: list
  environment:
    name: sitewright-notes
    action: access
  script:
    - npm ci --ignore-scripts
    - mkdir open
    - npx --no-install sitewright requests --out open/open.json > open/list.txt
  artifacts:
    paths:
      - open/

sitewright-previews:
  extends: .sitewright-notes
  stage: preview
  variables:
    GIT_DEPTH: "0"
  script:
    - npm ci --ignore-scripts
    - cut -d " " -f 3 open/list.txt | xargs -r git fetch --no-tags origin || echo "some open requests were not fetched"
    - mkdir previews
    - |
      while read -r number commit ref; do
        npx --no-install sitewright preview --base HEAD --head "$commit" --with-open open/open.json \\
          --out "previews/$number" || test -f "previews/$number/preview.json" || echo "no preview of $number"
      done < open/list.txt
  artifacts:
    paths:
      - previews/

sitewright-notes:
  extends: .sitewright-notes
  stage: tell
  environment:
    name: sitewright-notes
    action: access
  script:
    - npm ci --ignore-scripts
    - |
      code=0
      for folder in previews/*/; do
        test -f "$folder/preview.json" || continue
        npx --no-install sitewright comment --from "$folder" --request "$(basename "$folder")" || code=$?
      done
      exit "$code"
`;
