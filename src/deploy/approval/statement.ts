import type { Approval } from "../stores/types.ts";

/** Spells what a signature is made over: one fact a line, values as JSON, so that no value can pose as a line. */
export function canonicalText(approval: Approval): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["role", approval.role ?? "approval"],
    ["plan", approval.plan],
    ["site", approval.site],
    ["class", approval.changeClass],
    ["by", approval.by],
    ["at", approval.at],
    ["expires", approval.expires],
    ["ticket", approval.ticket],
    ["outside-window", approval.outsideWindow],
    ["reason", approval.reason],
    ["request", approval.proof?.kind === "forge" ? approval.proof.request : undefined],
    ["commit", approval.proof?.kind === "forge" ? approval.proof.commit : undefined],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${JSON.stringify(value)}`],
  );
  return `sitewright approval 1\n${lines.join("\n")}\n`;
}

/** Spells what a role does to a plan. */
export function roleWord(approval: Approval): string {
  const words = {
    author: "puts forward",
    approval: "approves",
    emergency: "answers for (emergency)",
    review: "reviewed afterwards",
  } as const;
  return words[approval.role ?? "approval"];
}
