import type { CheckIntent } from "../../model/intent.ts";
import { DeviceError, type ProbeResult } from "../driver.ts";
import { deviceError } from "../transport/failures.ts";
import { type IosxeLink, inConfiguration } from "./link.ts";

/** Echoes of one probe, and seconds that each is waited for. */
const ECHOES = 3;
const WAIT_SECONDS = 2;

/** Pings from the device. A reply that holds no rate is an error, not a success.
 *  @see Cisco IOS Configuration Fundamentals Command Reference, "ping (privileged)"
 *  @throws DeviceError */
export async function probeIosxe(link: IosxeLink, check: CheckIntent): Promise<ProbeResult> {
  const { cli, target } = link;
  if (check.kind !== "ping")
    throw new DeviceError("refused", target.device, "this platform probes by ping only");
  if (inConfiguration(cli)) await cli.run("end");
  const protocol = check.address.includes(":") ? "ipv6 " : "";
  const command = `ping ${protocol}${check.address} repeat ${ECHOES} timeout ${WAIT_SECONDS}`;
  const { text } = await cli.run(command, { listing: true });
  const said = /^Success rate is (\d+) percent \(\d+\/\d+\)/m.exec(text);
  if (!said)
    throw deviceError("unexpected", target.device, { command, reply: text, note: "no success rate" });
  return { answered: Number(said[1]) > 0, said: said[0] };
}
