import type { DeviceIntent } from "../../model/intent.ts";
import type { Rendered } from "../driver.ts";
import { flag } from "../render/optional.ts";
import { collectRefusals, type Refusals } from "../render/refusals.ts";
import { refuseMissing } from "../render/unsupported.ts";
import { fillTemplate } from "../template.ts";
import type { TemplateView } from "../template-library.ts";
import { IOSXE_CAPABILITIES } from "./capabilities.ts";
import { iosxeClaims } from "./claims.ts";
import { isIpv6 } from "./names.ts";
import { filter6Views, filterViews, MANAGEMENT_FILTER, managementFilter } from "./view-filters.ts";
import { gatewayViews, isRouter, routedViews, routeViews } from "./view-layer3.ts";
import { portViews } from "./view-ports.ts";
import { dhcpView, layer2View, vlanViews } from "./view-services.ts";
import { systemView } from "./view-system.ts";

/** Spells a device's intent as IOS-XE would print it. What IOS-XE cannot express is refused, never dropped. */
export function renderIosxe(intent: DeviceIntent): Rendered {
  const refusals = collectRefusals("Cisco IOS-XE");
  refuseMissing(intent, IOSXE_CAPABILITIES, refusals);
  const view = iosxeView(intent, refusals);
  return {
    ...fillTemplate("iosxe", "config", view),
    scope: iosxeClaims(intent),
    findings: refusals.findings(),
  };
}

function iosxeView(intent: DeviceIntent, refusals: Refusals): TemplateView {
  const management = managementFilter(intent);
  const routes = routeViews(intent, refusals);
  const speaksIpv6 = [...intent.gateways, ...intent.interfaces].some((face) => face.addresses.some(isIpv6));
  const routed = isRouter(intent);
  return {
    ...systemView(intent, refusals),
    ...layer2View(intent, refusals),
    dhcp: [dhcpView(intent, refusals)],
    vlans: vlanViews(intent, refusals),
    vrfs: [...new Set(intent.gateways.flatMap((gateway) => gateway.vrf ?? []))].sort(),
    ports: portViews(intent, refusals),
    routedPorts: routedViews(intent, refusals),
    gateways: gatewayViews(intent, refusals),
    routing: flag(routed && intent.kind === "switch"),
    routing6: flag(routed && speaksIpv6),
    vrrp: flag(intent.gateways.some((gateway) => gateway.vrrp !== undefined)),
    routes: routes.four,
    routes6: routes.six,
    defaultGateways: routes.gateways,
    filters: filterViews(intent, refusals),
    filters6: filter6Views(intent, refusals),
    managers: guard(management.four),
    managers6: guard(
      speaksIpv6 && management.four.length + management.six.length > 0 ? closed6(management.six) : [],
    ),
    snmpManagers: intent.system.snmp ? guard(snmpManagers(intent)) : [],
  };
}

/** A management list that names nobody would lock everybody out; none is written then. */
function guard(lines: readonly string[]): readonly { name: string; lines: readonly string[] }[] {
  return lines.length === 0 ? [] : [{ name: MANAGEMENT_FILTER, lines }];
}

/** Where IPv6 is spoken but nobody may manage over it, the list says so. */
function closed6(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["sequence 10 deny ipv6 any any"] : lines;
}

function snmpManagers(intent: DeviceIntent): readonly string[] {
  const hosts = intent.system.snmp?.hosts.filter((host) => !isIpv6(host)) ?? [];
  return hosts.map((host, index) => `${(index + 1) * 10} permit ${host}`);
}
