import { createGitea } from "./gitea.ts";
import { createGithub } from "./github.ts";
import { createGitlab } from "./gitlab.ts";
import type { Patience } from "./polite-fetch.ts";
import type { Forge, ForgeTarget } from "./types.ts";

const FORGES = { github: createGithub, gitlab: createGitlab, gitea: createGitea } as const;

/** Opens the forge of a target; nothing is sent yet. */
export function openForge(target: ForgeTarget, patience: Patience = {}): Forge {
  return FORGES[target.kind](target, patience);
}
