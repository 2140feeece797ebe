import { testPacket } from "../flows/test-packet.ts";
import type { Action, Packet, PacketAnswer } from "../flows/types.ts";
import { chooseInterfaces } from "./interface-choices.ts";
import type { ExtractedFilter, RuleLine } from "./types.ts";

/** What a filter does with a packet, and the line that says so. */
export interface FilterAnswer {
  readonly verdict: Action;
  readonly line: number | null;
  readonly text: string | null;
  /** No rule of the text matched: the platform's default, or the chain's policy, decided. */
  readonly implicit: boolean;
  /** `proved` when the verdict is the same whatever the conditions that are not modelled say; else `unknown`. */
  readonly proof: "proved" | "unknown";
  /** Lines that the answer rests on where it is unknown. */
  readonly dependsOn: readonly RuleLine[];
}

/** Tests one packet. Where the rules ask for interfaces and the packet does not say which, every one of them is tried:
 *  a permit on any of them counts, and the answer is proved only when all agree.
 *  @param known - which of the packet's interfaces are given */
export function answerPacket(
  filter: ExtractedFilter,
  packet: Packet,
  known: { readonly ingress: boolean; readonly egress: boolean } = { ingress: false, egress: false },
): FilterAnswer {
  const answers = chooseInterfaces(filter, packet, known).map((candidate) =>
    testPacket(filter.list, candidate),
  );
  const decided =
    answers.find(({ verdict, certain }) => verdict === "permit" && certain) ??
    answers.find(({ verdict }) => verdict === "permit") ??
    answers[0] ??
    testPacket(filter.list, packet);
  const agreed = answers.every((answer) => answer.certain && answer.verdict === decided.verdict);
  const at = decided.rule === undefined ? filter.defaultLine : filter.lines.get(decided.rule);
  const policy = at !== undefined && at === filter.defaultLine;
  return {
    verdict: decided.verdict,
    line: at?.line ?? null,
    text: at?.text ?? null,
    implicit: decided.implicit || at === undefined || policy,
    proof: agreed ? "proved" : "unknown",
    dependsOn: agreed ? [] : restsOn(filter, answers),
  };
}

function restsOn(filter: ExtractedFilter, answers: readonly PacketAnswer[]): RuleLine[] {
  const ids = answers.flatMap((answer) => [
    ...answer.dependsOn,
    ...(answer.rule === undefined ? [] : [answer.rule]),
  ]);
  const lines = ids.map((id) => filter.lines.get(id)).filter((line) => line !== undefined);
  const unique = new Map(lines.map((line) => [line.line, line]));
  return [...unique.values()].sort((a, b) => a.line - b.line);
}
