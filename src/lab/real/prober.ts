import { randomUUID } from "node:crypto";
import { type AgentClient, openAgent } from "./agent-client.ts";
import { labDevice } from "./device-console.ts";
import type { LabProbe, LabProbeResult, LabState } from "./types.ts";

const DEFAULT_TIMEOUT_MS = 800;

/** Sends real packets between devices of a lab and tells what became of them. Keep one for many probes: each
 *  namespace it touches gets an agent at first use (some 60 ms), after which a probe that arrives takes a few ms and
 *  one that is dropped its time-out. Probes may run side by side. */
export class Prober {
  readonly #state: LabState;
  readonly #agents = new Map<string, Promise<AgentClient>>();

  constructor(state: LabState) {
    this.#state = state;
  }

  /** Sends one probe. For tcp and udp a real listener stands on the target; where a daemon of the target has the
   *  port, a tcp connection to that one counts.
   *  @param from - device that sends
   *  @throws Error when the address is no device's, or a udp port is a daemon's (nobody could see the packet) */
  async probe(from: string, probe: LabProbe): Promise<LabProbeResult> {
    const { proto, to, timeoutMs = DEFAULT_TIMEOUT_MS } = probe;
    const nonce = randomUUID();
    if (proto === "icmp") {
      const source = await this.#agent(from);
      return source.call({ do: "probe", proto, to, port: 0, nonce, timeoutMs });
    }
    if (probe.port === undefined) throw new Error(`a ${proto} probe to ${to} needs a port`);
    const receiver = probe.listener?.device ?? deviceAt(this.#state, to);
    const [source, target] = await Promise.all([this.#agent(from), this.#agent(receiver)]);
    const { taken } = await target.call({ do: "listen", proto, port: probe.listener?.port ?? probe.port });
    if (taken && proto === "udp")
      throw new Error(`udp port ${probe.port} of ${receiver} is a daemon's; nobody could tell what arrives`);
    const call = { do: "probe", proto, to, port: probe.port, nonce, timeoutMs } as const;
    if (proto === "tcp") return source.call(call);
    // The answer may be lost where the question was not: ask the listener as well.
    const [sent, seen] = await Promise.all([
      source.call(call),
      target.call({ do: "await", nonce, timeoutMs }),
    ]);
    return seen.seenFrom === undefined ? sent : { ...sent, verdict: "arrived", seenFrom: seen.seenFrom };
  }

  /** Hangs up on all agents; they live on for the next prober until the lab goes down. */
  async close(): Promise<void> {
    const agents = await Promise.allSettled(this.#agents.values());
    for (const agent of agents) if (agent.status === "fulfilled") agent.value.close();
    this.#agents.clear();
  }

  #agent(device: string): Promise<AgentClient> {
    const known = this.#agents.get(device);
    if (known !== undefined) return known;
    const { namespace } = labDevice(this.#state, device);
    const opened = openAgent({ runDir: this.#state.runDir, namespace });
    this.#agents.set(device, opened);
    return opened;
  }
}

/** Sends one probe and hangs up; for more than one, keep a Prober. */
export async function probeOnce(state: LabState, from: string, probe: LabProbe): Promise<LabProbeResult> {
  const prober = new Prober(state);
  try {
    return await prober.probe(from, probe);
  } finally {
    await prober.close();
  }
}

function deviceAt(state: LabState, address: string): string {
  const holder = state.site.devices.find((device) => {
    const addresses = [
      ...device.interfaces.flatMap((port) => port.addresses ?? []),
      ...(device.switch?.management ? [device.switch.management.address] : []),
    ];
    return addresses.some((own) => own.split("/")[0] === address);
  });
  if (holder !== undefined) return holder.name;
  throw new Error(`no device of the lab has ${address}; name the one that should receive it as listener`);
}
