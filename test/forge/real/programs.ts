/** The real programs that `npm run try-forge` found or built. */
export interface ForgePrograms {
  readonly gitea: string;
  /** Folder with Gitea's `templates`, `options` and `public`. */
  readonly files: string;
  readonly runner: string;
}

/** Tells where they are. */
export function forgePrograms(): ForgePrograms {
  const told = process.env.SITEWRIGHT_FORGE;
  if (told === undefined) throw new Error("start these tests with: npm run try-forge");
  return JSON.parse(told) as ForgePrograms;
}
