import type { ReportDevice, ReportPort, SiteReport } from "../../report-types.ts";
import { anchor } from "../anchor.ts";
import { html, type Markup } from "../html.ts";
import { type PageContext, section, table, tag } from "../parts.ts";

/** Every device with its ports, as they stand on its front, and its register. */
export function portsSection(report: SiteReport, context: PageContext): Markup {
  const { say } = context;
  const used = new Set(
    report.devices.flatMap((device) =>
      device.ports.filter((port) => port.mode === "access").flatMap((port) => port.zone ?? []),
    ),
  );
  const zones = report.zones
    .filter((zone) => used.has(zone.name))
    .map((zone) => html`<span><i class="${context.hue(zone.name)}"></i>${zone.name}</span>`);
  const legend = html`<div class="legend">${zones}<span><i class="trunk"></i>${say("trunk")}</span><span><i class="routed"></i>${say("routed")}</span><span><i class="unused"></i>${say("unused")}</span></div>`;
  const devices = report.devices.filter((device) => device.ports.length > 0);
  return section(
    "ports",
    say("ports"),
    html`${legend}${devices.map((device) => deviceCard(device, context))}`,
  );
}

/** Id within the page of a device's ports, or of its line in the list where it has none. */
export function deviceAnchor(device: Pick<ReportDevice, "name" | "ports">): string {
  return device.ports.length > 0 ? anchor("ports", device.name) : anchor("device", device.name);
}

function deviceCard(device: ReportDevice, context: PageContext): Markup {
  const { say } = context;
  const used = device.ports.filter((port) => port.mode !== "unused").length;
  const facts = [device.model, device.management, device.location]
    .filter((text) => text !== null)
    .join(" · ");
  const banks = banksOf(device.ports).map(
    ({ label, ports }) =>
      html`<figure><figcaption>${label}</figcaption><div class="bank">${ports.map((port) => portPlug(device, port, context))}</div></figure>`,
  );
  const rows = device.ports.map((port) => portRow(device, port, context));
  return html`<div class="card device" id="${anchor("ports", device.name)}" data-in="${device.name}"><header><h3>${device.name}</h3>${device.role === null ? undefined : tag(device.role)}<span class="sub">${facts}</span></header>
<div class="face">${banks}</div>
<details><summary>${say("ports")} ${used} / ${device.ports.length}</summary>${table(say, ["port", "mode", "vlan", "network", "connected", "description"], rows)}</details></div>
`;
}

/** Ports of one name but for the last number stand in one block, as on the box. */
function banksOf(
  ports: readonly ReportPort[],
): { readonly label: string; readonly ports: readonly ReportPort[] }[] {
  const banks = new Map<string, ReportPort[]>();
  for (const port of ports) {
    const key = port.name.replace(/\d+$/, "");
    const bank = banks.get(key);
    if (bank) bank.push(port);
    else banks.set(key, [port]);
  }
  return [...banks].map(([prefix, bank]) => ({ label: shortName(prefix), ports: bank }));
}

/** `GigabitEthernet1/0/` as `Gi1/0/`: what stands on the box is short. */
function shortName(prefix: string): string {
  return prefix.replace(/^([A-Za-z]{2})[A-Za-z]{3,}/, "$1").replace(/\/$/, "");
}

function portPlug(device: ReportDevice, port: ReportPort, { hue, say }: PageContext): Markup {
  const look = [port.mode === "access" ? hue(port.zone) : port.mode, port.enabled ? "" : "off"]
    .join(" ")
    .trim();
  const number = /\d+$/.exec(port.name)?.[0] ?? port.name.slice(0, 3);
  const title = [port.name, say(port.mode), port.network, port.peer]
    .filter((text) => text !== null)
    .join(" · ");
  return html`<a class="${look}" href="#${portId(device, port)}" title="${title}">${number}</a>`;
}

function portId(device: ReportDevice, port: ReportPort): string {
  return anchor("p", device.name, port.name);
}

function portRow(device: ReportDevice, port: ReportPort, { say }: PageContext): Markup {
  const mode = port.lag === null ? say(port.mode) : `${say(port.mode)} ${port.lag}`;
  return html`<tr id="${portId(device, port)}" data-find=""><td class="nowrap">${port.name}</td><td class="nowrap">${mode}</td><td>${vlanText(port, say)}</td><td>${port.network}</td><td>${port.peer}</td><td>${port.description ?? port.profile}</td></tr>`;
}

/** `10 + voice 30`, `native 999, tagged 10-12`. */
function vlanText(port: ReportPort, say: PageContext["say"]): string {
  if (port.tagged !== "")
    return port.nativeVlan === null ? port.tagged : `${port.tagged} (${port.nativeVlan})`;
  if (port.vlan === null || port.mode === "unused") return "";
  return port.voiceVlan === null ? String(port.vlan) : `${port.vlan}, ${say("voice")} ${port.voiceVlan}`;
}
