import type { CheckIntent } from "../../model/intent.ts";
import { DeviceError, type ProbeResult } from "../driver.ts";
import { deviceError } from "../transport/failures.ts";
import { toUserView, type VrpLink } from "./link.ts";

/** Echoes of one probe, and milliseconds that each is waited for. */
const ECHOES = 3;
const WAIT_MS = 2000;

/** Pings from the device. A reply that counts no packets is an error, not a success.
 *  @see Huawei S-series Command Reference, "ping", "ping ipv6"
 *  @throws DeviceError */
export async function probeVrp(link: VrpLink, check: CheckIntent): Promise<ProbeResult> {
  const { device } = link.target;
  if (check.kind !== "ping") throw new DeviceError("refused", device, "this platform probes by ping only");
  const cli = link.cli();
  await toUserView(cli);
  const protocol = check.address.includes(":") ? "ipv6 " : "";
  const command = `ping ${protocol}-c ${ECHOES} -t ${WAIT_MS} ${check.address}`;
  const { text } = await cli.run(command, { listing: true });
  const sent = count(text, "transmitted");
  const received = count(text, "received");
  if (sent === undefined || received === undefined)
    throw deviceError("unexpected", device, { command, reply: text, note: "no count of packets" });
  return { answered: received > 0, said: `${received} of ${sent} packets received` };
}

function count(text: string, what: "transmitted" | "received"): number | undefined {
  const found = new RegExp(`^\\s*(\\d+) packet\\(s\\) ${what}\\s*$`, "m").exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
