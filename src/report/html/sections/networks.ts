import type { ReportAddress, ReportNetwork, ReportPrefix, SiteReport } from "../../report-types.ts";
import { anchor } from "../anchor.ts";
import { html, type Markup } from "../html.ts";
import { type PageContext, section, table, zoneTag } from "../parts.ts";

/** Every network with how full it is, and who has which address. */
export function networksSection(report: SiteReport, context: PageContext): Markup {
  const { say } = context;
  const used = report.networks.filter((network) => network.prefixes.length > 0);
  const rest = report.networks.filter((network) => network.prefixes.length === 0);
  const list = html`<div class="card">${[...used, ...rest].map((network) => networkItem(network, context))}</div>`;
  return section("networks", say("ipPlan"), list);
}

function networkItem(network: ReportNetwork, context: PageContext): Markup {
  const { say } = context;
  const [first] = network.prefixes;
  const name = html`<div><b>${network.name}</b> ${zoneTag(context, network.zone)}<div class="sub">${vlanText(network.vlan)}${network.description ?? ""}</div></div>`;
  const blocks = html`<div class="mono">${network.prefixes.map(({ prefix }) => html`<div>${prefix}</div>`)}</div>`;
  const bars = html`<div class="bar-cell">${network.prefixes.map((prefix) => bar(prefix, say))}</div>`;
  const percent = html`<div class="pct ${moodOf(first)}">${percentText(first)}</div>`;
  const facts = [
    ...(network.gateway === null ? [] : [`${say("gateway")} ${network.gateway}`]),
    ...(network.gateway6 === null ? [] : [network.gateway6]),
    ...(network.dhcpServer === null ? [] : [`DHCP ${network.dhcpServer}`]),
  ].join(" · ");
  const rows = network.addresses.map((entry) => addressRow(network, entry, context));
  const body = table(say, ["address", "name", "what", "port", "mac", "owner", "description"], rows);
  return html`<details class="net" id="${anchor("net", network.name)}" data-find=""><summary>${name}${blocks}${bars}${percent}</summary><div class="scroll" data-in="${network.name}"><p class="sub">${facts}</p>${rows.length === 0 ? undefined : body}</div></details>`;
}

function vlanText(vlan: number | null): string {
  return vlan === null ? "" : `VLAN ${vlan} `;
}

function percentText(prefix: ReportPrefix | undefined): string {
  return prefix?.usedPercent == null ? "" : `${prefix.usedPercent} %`;
}

function moodOf(prefix: ReportPrefix | undefined): string {
  const percent = prefix?.usedPercent ?? 0;
  return percent >= 95 ? "bad" : percent >= 80 ? "warn" : "";
}

/** A block from its first to its last address: DHCP as spans, fixed addresses as marks. */
function bar(prefix: ReportPrefix, say: PageContext["say"]): Markup | undefined {
  if (prefix.usable === null) return undefined;
  const spans = prefix.dynamicSpans.map(
    ([from, to]) =>
      html`<rect class="dyn" x="${from}" width="${Math.max(0.8, to - from).toFixed(1)}" height="14"/>`,
  );
  const marks = prefix.fixedPlaces.map((at) => html`<rect class="fix" x="${at}" width="0.8" height="14"/>`);
  const title = `${prefix.fixed} ${say("fixed")}, ${prefix.dynamic} DHCP / ${prefix.usable}`;
  return html`<svg class="util" viewBox="0 0 100 14" preserveAspectRatio="none" role="img"><title>${title}</title>${spans}${marks}</svg>`;
}

function addressRow(network: ReportNetwork, entry: ReportAddress, { say }: PageContext): Markup {
  const uses = {
    gateway: "gatewayUse",
    device: "deviceUse",
    server: "server",
    host: "host",
    member: "member",
    dhcp: "dhcp",
  } as const;
  return html`<tr id="${anchor("ip", network.name, entry.address)}" data-find=""><td class="mono nowrap">${entry.address}</td><td>${entry.name}</td><td>${say(uses[entry.what])}</td><td class="nowrap">${entry.port}</td><td class="mono nowrap">${entry.mac}</td><td>${entry.owner}</td><td>${entry.description}</td></tr>`;
}
