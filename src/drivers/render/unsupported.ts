import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Capability } from "../driver.ts";
import type { Refusals } from "./refusals.ts";

interface Wish {
  readonly needs: Capability;
  readonly what: string;
  readonly hint: string;
  readonly places: (intent: DeviceIntent) => readonly FileWhere[];
}

/** Intent that stands for itself, whatever the platform makes of the rest: which capability it needs. */
const WISHES: readonly Wish[] = [
  {
    needs: "vpn",
    what: "a site-to-site VPN",
    hint: "End the tunnel on a firewall that can, or take it out of this site.",
    places: (intent) => intent.vpns.map((vpn) => vpn.origin),
  },
  {
    needs: "stateful-firewall",
    what: "a stateful zone firewall",
    hint: "Put the zones' gateways on a firewall; a switch gets stateless filters only.",
    places: (intent) => (intent.firewall ? [intent.firewall.rules[0]?.origin ?? intent.origin] : []),
  },
  {
    needs: "services",
    what: "a server's services and files",
    hint: "Move them to a device file of platform linux-server.",
    places: (intent) => (intent.server ? [intent.origin] : []),
  },
  {
    needs: "vrf",
    what: "a VRF",
    hint: "Take `vrf` off the network, or choose a platform that has VRFs.",
    places: (intent) =>
      intent.gateways.filter((gateway) => gateway.vrf !== undefined).map((gateway) => gateway.origin),
  },
  {
    needs: "tcp-checks",
    what: "a check by TCP",
    hint: "Use ping, or write the check below a role or a device that runs Linux.",
    places: (intent) => intent.checks.filter(({ kind }) => kind === "tcp").map(({ origin }) => origin),
  },
];

/** Refuses what a driver has no capability for, naming each place. */
export function refuseMissing(
  intent: DeviceIntent,
  capabilities: readonly Capability[],
  refusals: Refusals,
): void {
  for (const wish of WISHES) {
    if (capabilities.includes(wish.needs)) continue;
    for (const where of wish.places(intent)) refusals.refuse(wish.what, wish.hint, where);
  }
}
