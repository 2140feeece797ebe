import type { LabProbeResult } from "./types.ts";

/** What an agent is asked to do. An agent is a small process that lives in one namespace, where it opens sockets
 *  for processes outside: a socket belongs to the namespace in which it was made. One JSON document a line. */
export type AgentCall =
  | { readonly do: "forward"; readonly socketPath: string; readonly host: string; readonly port: number }
  | { readonly do: "impair"; readonly socketPath: string; readonly impairment: Impairment }
  | { readonly do: "listen"; readonly proto: "tcp" | "udp"; readonly port: number }
  | { readonly do: "await"; readonly nonce: string; readonly timeoutMs: number }
  | {
      readonly do: "probe";
      readonly proto: "tcp" | "udp" | "icmp";
      readonly to: string;
      readonly port: number;
      readonly nonce: string;
      readonly timeoutMs: number;
    };

/** How bad a way is made: delay of each direction, and a limit of what passes. */
export interface Impairment {
  /** Milliseconds added in each direction (default 0). */
  readonly delayMs?: number;
  /** Bytes per second in each direction (default: no limit). */
  readonly bytesPerSecond?: number;
  /** Swallows everything from now on, connections stay open: a black hole. */
  readonly blackHole?: boolean;
  /** Ends every connection that is open now. */
  readonly cut?: boolean;
}

/** Answers, by what was asked. */
export interface AgentAnswers {
  readonly forward: Record<string, never>;
  readonly impair: { readonly cut: number };
  /** `taken`: a real daemon listens there already. */
  readonly listen: { readonly taken: boolean };
  readonly await: { readonly seenFrom?: string };
  readonly probe: LabProbeResult;
}

/** Line to an agent. */
export interface AgentRequest {
  readonly id: number;
  readonly call: AgentCall;
}

/** Line from an agent. */
export type AgentReply =
  | { readonly id: number; readonly answer: AgentAnswers[AgentCall["do"]] }
  | { readonly id: number; readonly error: string };

/** Splits a stream into lines.
 *  @returns a function that takes what came in */
export function lineReader(onLine: (line: string) => void): (chunk: Buffer | string) => void {
  let rest = "";
  return (chunk) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) onLine(part);
  };
}
