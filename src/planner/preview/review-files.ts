import { compareText } from "../../model/finding.ts";
import type { ReviewChange } from "./types.ts";

/** A path that two revisions do not have alike. */
export interface ChangedPath {
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  /** Whether the head holds a symbolic link or a submodule there. */
  readonly link: boolean;
}

/** What a file outside the inventory decides, by its path; the first that fits. */
const KINDS: readonly (readonly [RegExp, ReviewChange["kind"], string])[] = [
  [/(^|\/)known_hosts$/, "host-keys", "host keys that are trusted"],
  [
    /(^|\/)\.?(github|gitea|forgejo)\/workflows\/|(^|\/)\.gitlab-ci\.ya?ml$|^\.gitlab\//,
    "workflow",
    "what CI runs",
  ],
  [/^\.sitewright(\/|$)/, "settings", "private state of a workspace, which no repository should hold"],
  [/^(Pulumi(\.[^/]+)?\.ya?ml|stacks\/)/, "settings", "settings of the engine"],
  [/^policies\/packs\//, "settings", "a compliance pack"],
  [
    /^policies\/([^/]+\/)?checks\.yaml$/,
    "settings",
    "what findings weigh, and which packs are turned on; this preview judges by the base's",
  ],
  [
    /^policies\/([^/]+\/)?waivers\.yaml$/,
    "settings",
    "which findings are accepted; this preview judges by the base's",
  ],
  [
    /^policies\/([^/]+\/)?zoning\.yaml$/,
    "settings",
    "own rules about who may reach whom; this preview judges by the base's",
  ],
  [/^policies\/([^/]+\/)?(zones|services)\.yaml$/, "settings", "what zones may say to each other"],
  [/^policies\/([^/]+\/)?exceptions\.yaml$/, "settings", "who may break the matrix, and until when"],
  [
    /(^|\/)(package(-lock)?\.json|\.npmrc|yarn\.lock|pnpm-lock\.yaml|\.yarnrc\.yml)$/,
    "code",
    "packages that are installed",
  ],
  [/(^|\/)\.git(attributes|modules)$/, "settings", "settings of git"],
  [/(^|\/)allowed_signers$|(^|\/)CODEOWNERS$/, "settings", "who may approve"],
  [/^templates\//, "template", "a template; previews use those of the installed package"],
  [/\.(c|m)?(t|j)sx?$|\.sh$|\.py$/, "code", "code; a preview runs none of it"],
  [/^(src|scripts|checks|bin|\.husky)\//, "code", "code; a preview runs none of it"],
];

/** Names the changed files that decide how or with what rights something runs, and links of every kind. */
export function reviewFiles(changed: readonly ChangedPath[]): ReviewChange[] {
  return changed
    .flatMap((entry) => {
      const known = KINDS.find(([pattern]) => pattern.test(entry.path));
      if (known) return [reviewOf(entry, known[1], known[2])];
      return entry.link ? [reviewOf(entry, "settings", "a symbolic link or submodule; not followed")] : [];
    })
    .sort((a, b) => compareText(a.kind, b.kind) || compareText(a.subject, b.subject));
}

function reviewOf(entry: ChangedPath, kind: ReviewChange["kind"], what: string): ReviewChange {
  return {
    kind,
    subject: entry.path,
    text: `${entry.change}: ${what}`,
    where: { file: entry.path, line: 1, column: 1 },
  };
}
