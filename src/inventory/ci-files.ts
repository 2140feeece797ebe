import { giteaFiles } from "./ci/gitea.ts";
import { githubFiles } from "./ci/github.ts";
import { GITLAB } from "./ci/gitlab.ts";
import type { NewFile } from "./new-workspace.ts";

/** Where pull requests are made. */
export const FORGES = ["github", "gitlab", "gitea"] as const;
export type Forge = (typeof FORGES)[number];

/** The files that make a forge preview every pull request. What runs is the base's code; the branch is only read, as
 *  objects of git, by a job that holds no token that may write. Another job, which reads no branch, posts. */
export function ciFiles(forge: Forge): NewFile[] {
  const files: Readonly<Record<Forge, readonly NewFile[]>> = {
    github: [...githubFiles(), { path: ".github/pull_request_template.md", content: REQUEST }],
    gitlab: [
      { path: ".gitlab-ci.yml", content: GITLAB },
      { path: ".gitlab/merge_request_templates/Default.md", content: REQUEST },
    ],
    gitea: [...giteaFiles(), { path: ".gitea/pull_request_template.md", content: REQUEST }],
  };
  return [...files[forge]];
}

/** What a reviewer cannot see in the preview. */
const REQUEST = `## Why

<!-- ticket, who asked for it -->

## When, and what to watch

<!-- change window; what to look at after the apply; who is told -->
`;
