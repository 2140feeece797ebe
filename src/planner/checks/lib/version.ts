/** Compares versions as people read them: numbers as numbers, `17.9.4a` after `17.9.4`, a release after its candidates.
 *  @returns negative where `a` is older, 0 where they are the same */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const one = left[at];
    const other = right[at];
    if (one === other) continue;
    if (one === undefined) return isCandidate(other) ? 1 : -1;
    if (other === undefined) return isCandidate(one) ? -1 : 1;
    if (typeof one === "number" && typeof other === "number") return one - other;
    if (typeof one === "number") return 1;
    if (typeof other === "number") return -1;
    return one < other ? -1 : 1;
  }
  return 0;
}

function partsOf(version: string): (number | string)[] {
  return (version.toLowerCase().match(/\d+|[a-z]+/g) ?? []).map((part) =>
    /^\d/.test(part) ? Number(part) : part,
  );
}

function isCandidate(part: number | string | undefined): boolean {
  return part === "rc" || part === "beta" || part === "alpha" || part === "b";
}
