import type { DeviceIntent } from "../../model/intent.ts";
import type { Rendered } from "../driver.ts";
import { flag } from "../render/optional.ts";
import { collectRefusals, type Refusals } from "../render/refusals.ts";
import { refuseMissing } from "../render/unsupported.ts";
import { fillTemplate } from "../template.ts";
import type { TemplateView } from "../template-library.ts";
import { VRP_CAPABILITIES } from "./capabilities.ts";
import { vrpClaims } from "./claims.ts";
import { isIpv6 } from "./names.ts";
import { basicRules, filterViews, MANAGEMENT_FILTER, SNMP_FILTER } from "./view-filters.ts";
import { gatewayViews, routedViews, routeViews } from "./view-layer3.ts";
import { portViews } from "./view-ports.ts";
import { layer2View, poolViews, vlanViews } from "./view-services.ts";
import { systemView } from "./view-system.ts";

/** Spells a device's intent as VRP would print it. What VRP cannot express is refused, never dropped. */
export function renderVrp(intent: DeviceIntent): Rendered {
  const refusals = collectRefusals("Huawei VRP");
  refuseMissing(intent, VRP_CAPABILITIES, refusals);
  const view = vrpView(intent, refusals);
  return { ...fillTemplate("vrp", "config", view), scope: vrpClaims(intent), findings: refusals.findings() };
}

function vrpView(intent: DeviceIntent, refusals: Refusals): TemplateView {
  const routes = routeViews(intent, refusals);
  const faces = [...intent.gateways, ...intent.interfaces];
  return {
    ...systemView(intent, refusals),
    ...layer2View(intent),
    ...vlanViews(intent, refusals),
    instances: instanceViews(intent),
    pools: poolViews(intent, refusals),
    basics: basicViews(intent),
    filters: filterViews(intent, 4, refusals),
    filters6: filterViews(intent, 6, refusals),
    ports: portViews(intent, refusals),
    routedPorts: routedViews(intent, refusals),
    gateways: gatewayViews(intent, refusals),
    routing6: flag(faces.some((face) => face.addresses.some(isIpv6))),
    routes: routes.four,
    routes6: routes.six,
  };
}

/** Who may log in, and who may ask by SNMP; a list that names nobody would lock everybody out and is not written. */
function basicViews(
  intent: DeviceIntent,
): readonly { number: number; name: string; lines: readonly string[] }[] {
  const lists = [
    { number: MANAGEMENT_FILTER, name: "MGMT-IN", lines: basicRules(intent.management.allowedFrom) },
    { number: SNMP_FILTER, name: "SNMP-IN", lines: basicRules(intent.system.snmp?.hosts ?? []) },
  ];
  return lists.filter((list) => list.lines.length > 0);
}

/** VPN instances with a route distinguisher of their own; it never leaves the device. */
function instanceViews(intent: DeviceIntent): readonly { name: string; distinguisher: string }[] {
  const first = new Map<string, number>();
  for (const gateway of intent.gateways) {
    if (gateway.vrf !== undefined && !first.has(gateway.vrf)) first.set(gateway.vrf, gateway.vlan);
  }
  return [...first]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, vlan]) => ({ name, distinguisher: `65535:${vlan}` }));
}
