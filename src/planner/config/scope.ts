import type { Scope } from "./types.ts";

/** How much of a statement is ours: all of it, something below it, or nothing. */
export type Claim = "all" | "some" | "none";

/** Tells what a scope claims of the statement at a canonical path. */
export type ClaimTest = (path: readonly string[]) => Claim;

/** Claims everything. */
export const CLAIM_ALL: ClaimTest = () => "all";

/** Makes a test of a scope; patterns are compiled once. */
export function claimTest(scope: Scope): ClaimTest {
  if (scope.kind === "full") return CLAIM_ALL;
  const claims = scope.paths.map((path) => path.map(compilePattern));
  return (path) => {
    let best: Claim = "none";
    for (const claim of claims) {
      const levels = Math.min(claim.length, path.length);
      if (!claim.slice(0, levels).every((pattern, i) => pattern(path[i] ?? ""))) continue;
      if (claim.length <= path.length) return "all";
      best = "some";
    }
    return best;
  };
}

function compilePattern(pattern: string): (text: string) => boolean {
  if (!pattern.includes("*")) return (text) => text === pattern;
  const source = pattern
    .split("**")
    .map((part) => part.split("*").map(escapeRegExp).join("[^ ]*"))
    .join(".*");
  const test = new RegExp(`^${source}$`, "s");
  // `vlan batch **` also claims the bare `vlan batch`.
  const bare = pattern.endsWith(" **") ? pattern.slice(0, -3) : undefined;
  return (text) => text === bare || test.test(text);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}
