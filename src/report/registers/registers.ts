import type { Language, Say, Word } from "../html/words.ts";
import { wordsOf } from "../html/words.ts";
import type { ReportAddress, SiteReport } from "../report-types.ts";
import { hoursOpen, spellCulprit, spellIncident } from "./incidents.ts";
import { inspectionOf } from "./inspection.ts";
import { type Column, type Register, tabulate } from "./register.ts";

/** What an address is used for. */
const USES = {
  gateway: "gatewayUse",
  device: "deviceUse",
  server: "server",
  host: "host",
  member: "member",
  dhcp: "dhcp",
} as const satisfies Record<ReportAddress["what"], Word>;

/** Makes every register of the given sites; each row names its site.
 *  @see docs/reports.md for what each is called in the service providers' handbooks */
export function registersOf(reports: readonly SiteReport[], lang: Language): Register[] {
  const say = wordsOf(lang);
  const maker = makerOf(reports, say);
  return [
    maker("port-register", { en: "Port register", zh: "端口登记表" }, portsOf(reports), [
      [say("device"), ({ device }) => device.name],
      [say("port"), ({ port }) => port.name],
      [say("mode"), ({ port }) => say(port.mode)],
      [say("state"), ({ port }) => say(port.enabled && port.mode !== "unused" ? "enabled" : "disabled")],
      ["VLAN", ({ port }) => (port.mode === "unused" ? null : port.vlan)],
      [say("voice"), ({ port }) => port.voiceVlan],
      [say("tagged"), ({ port }) => port.tagged],
      [say("nativeVlan"), ({ port }) => port.nativeVlan],
      [say("bundle"), ({ port }) => port.lag],
      [say("network"), ({ port }) => port.network],
      [say("zone"), ({ port }) => port.zone],
      [say("connected"), ({ port }) => port.peer],
      [say("description"), ({ port }) => port.description ?? port.profile],
      [say("owner"), ({ device }) => device.owner],
    ]),
    maker("asset-register", { en: "Asset register", zh: "资产登记表" }, assetsOf(reports), [
      [say("asset"), ({ asset }) => asset],
      [say("name"), ({ name }) => name],
      [say("kind"), ({ device }) => say(device.kind)],
      [say("model"), ({ device }) => device.model],
      [say("serial"), ({ serial }) => serial],
      [say("location"), ({ device }) => device.location],
      [say("owner"), ({ device }) => device.owner],
      [say("firmware"), ({ device }) => device.firmware],
      [say("warranty"), ({ device }) => device.warranty],
      [say("endOfLife"), ({ device }) => device.endOfLife],
    ]),
    maker("device-list", { en: "Device list", zh: "设备清单" }, listOf(reports, "devices"), [
      [say("device"), ({ item }) => item.name],
      [say("kind"), ({ item }) => say(item.kind)],
      [say("role"), ({ item }) => item.role],
      [say("platform"), ({ item }) => item.platform],
      [say("model"), ({ item }) => item.model],
      [say("firmware"), ({ item }) => item.firmware],
      [say("management"), ({ item }) => item.management],
      [say("location"), ({ item }) => item.location],
      [say("ports"), ({ item }) => item.ports.length],
      [say("portsUsed"), ({ item }) => item.ports.filter((port) => port.mode !== "unused").length],
      [say("owner"), ({ item }) => item.owner],
      [say("asset"), ({ item }) => item.asset],
    ]),
    maker("ip-plan", { en: "IP plan", zh: "IP地址规划表" }, blocksOf(reports), [
      [say("network"), ({ network }) => network.name],
      ["VLAN", ({ network }) => network.vlan],
      [say("zone"), ({ network }) => network.zone],
      [say("prefix"), ({ block }) => block.prefix],
      [say("gateway"), ({ network, block }) => (block.usable === null ? network.gateway6 : network.gateway)],
      ["DHCP", ({ network }) => network.dhcpServer],
      [say("usable"), ({ block }) => block.usable],
      [say("fixed"), ({ block }) => block.fixed],
      [say("dynamic"), ({ block }) => block.dynamic],
      [say("usedPercent"), ({ block }) => block.usedPercent],
      [say("description"), ({ network }) => network.description],
    ]),
    maker("address-register", { en: "Address register", zh: "IP地址登记表" }, addressesOf(reports), [
      [say("address"), ({ entry }) => entry.address],
      [say("network"), ({ network }) => network.name],
      [say("name"), ({ entry }) => entry.name],
      [say("what"), ({ entry }) => say(USES[entry.what])],
      [say("mac"), ({ entry }) => entry.mac],
      [say("port"), ({ entry }) => entry.port],
      [say("owner"), ({ entry }) => entry.owner],
      [say("description"), ({ entry }) => entry.description],
    ]),
    maker("rule-register", { en: "Rule register", zh: "防火墙策略台账" }, listOf(reports, "rules"), [
      [say("rule"), ({ item }) => item.id],
      [say("action"), ({ item }) => say(item.action)],
      [say("from"), ({ item }) => item.from],
      [say("fromZones"), ({ item }) => item.fromZones.join(", ")],
      [say("to"), ({ item }) => item.to],
      [say("toZones"), ({ item }) => item.toZones.join(", ")],
      [say("services"), ({ item }) => item.services.join(", ")],
      [say("log"), ({ item }) => item.log],
      [say("reason"), ({ item }) => item.reason],
      [say("owner"), ({ item }) => item.owner],
      [say("ticket"), ({ item }) => item.ticket],
      [say("created"), ({ item }) => item.created],
      [say("review"), ({ item }) => item.review],
      [say("expires"), ({ item }) => item.expires],
      [say("state"), ({ item }) => dueWord(item.due, say)],
    ]),
    maker(
      "change-register",
      { en: "Configuration change register", zh: "配置变更登记表" },
      reports.flatMap((report) => report.changes.entries.map((item) => ({ report, item }))),
      [
        [say("time"), ({ item }) => item.at],
        [say("device"), ({ item }) => item.device],
        [say("operator"), ({ item }) => item.operator],
        [say("ticket"), ({ item }) => item.ticket],
        [say("approver"), ({ item }) => item.approver],
        [say("commands"), ({ item }) => item.commands],
        [say("plan"), ({ item }) => item.plan],
        [say("result"), () => say("confirmed")],
      ],
    ),
    maker(
      "incident-register",
      { en: "Incident register", zh: "事件登记表" },
      reports.flatMap((report) => report.incidents.entries.map((item) => ({ report, item }))),
      [
        [say("incident"), ({ item }) => item.id],
        [say("priority"), ({ item }) => item.priority],
        [say("device"), ({ item }) => item.device],
        [say("happened"), ({ item }) => spellIncident(item, say)],
        [say("operator"), ({ item }) => spellCulprit(item, say)],
        [say("cameFrom"), ({ item }) => item.from],
        [say("opened"), ({ item }) => item.openedAt],
        [say("lastSeen"), ({ item }) => item.lastSeenAt],
        [say("closedAt"), ({ item }) => item.closedAt],
        [say("hoursOpen"), ({ item }) => hoursOpen(item)],
        [say("acknowledgedBy"), ({ item }) => item.acknowledgedBy],
        [say("openings"), ({ item }) => item.openings],
        [say("recurring"), ({ item }) => item.recurring],
        [say("state"), ({ item }) => say(`state_${item.state}`)],
      ],
    ),
    maker("backup-register", { en: "Backup register", zh: "备份登记表" }, jobsOf(reports), [
      [say("server"), ({ item }) => item.server],
      [say("job"), ({ item }) => item.name],
      [say("path"), ({ item }) => item.path],
      [say("at"), ({ item }) => item.at],
      [say("target"), ({ item }) => item.targets.join(", ")],
      [say("offsite"), ({ item }) => item.offsite],
      [say("keep"), ({ item }) => item.keep],
      [say("rpo"), ({ item }) => item.rpoHours],
      [say("rto"), ({ item }) => item.rtoHours],
      [say("restoreTest"), ({ item }) => item.restoreTestDays],
    ]),
    maker("inspection-report", { en: "Inspection report", zh: "巡检报告" }, inspectionOf(reports), [
      [say("device"), ({ device }) => device.name],
      [say("management"), ({ device }) => device.management],
      [say("lastRead"), ({ lastRead }) => lastRead],
      [say("configBackup"), ({ copies }) => copies],
      [say("incidentsOpen"), ({ incidents }) => incidents],
      [say("errors"), ({ errors }) => errors],
      [say("warnings"), ({ warnings }) => warnings],
      [say("firmware"), ({ device }) => device.firmware],
      [say("endOfLife"), ({ device }) => device.endOfLife],
      [say("warranty"), ({ device }) => device.warranty],
      [say("result"), ({ result }) => say(result)],
    ]),
    maker("findings", { en: "Findings", zh: "检查问题记录表" }, listOf(reports, "findings"), [
      [say("code"), ({ item }) => item.code],
      [say("severity"), ({ item }) => say(item.severity)],
      [say("summary"), ({ item }) => item.title?.[lang] ?? ""],
      [say("detail"), ({ item }) => item.message],
      [say("hint"), ({ item }) => (lang === "en" ? item.hint : (item.mend?.[lang] ?? item.hint))],
      [say("place"), ({ item }) => item.where],
      [
        say("waived"),
        ({ item }) => (item.waiver === null ? null : `${item.waiver.owner} ${item.waiver.expires}`),
      ],
    ]),
  ];
}

/** Registers that are made from what was recorded, not from the inventory: empty, they do not say that all is well. */
function makerOf(reports: readonly SiteReport[], say: Say) {
  const bare = new Set([
    ...(reports.every((report) => report.changes.entries.length === 0) ? ["change-register"] : []),
    ...(reports.every((report) => !report.incidents.known) ? ["incident-register"] : []),
  ]);
  return <T extends { readonly report: SiteReport }>(
    id: string,
    title: Register["title"],
    items: readonly T[],
    columns: readonly Column<T>[],
  ): Register => {
    const site: Column<T> = [say("site"), ({ report }) => report.site.id];
    return {
      id,
      title,
      ...tabulate([site, ...columns], items, [say("yes"), say("no")]),
      ...(bare.has(id) ? { note: say("noData") } : {}),
    };
  };
}

function dueWord(due: SiteReport["rules"][number]["due"], say: Say): string {
  if (due === null) return say("state_active");
  return say(due === "expired" ? "expired" : "dueReview");
}

/** Rows of one list of each report. */
function listOf<K extends "devices" | "rules" | "findings">(
  reports: readonly SiteReport[],
  key: K,
): { readonly report: SiteReport; readonly item: SiteReport[K][number] }[] {
  return reports.flatMap((report) => [...report[key]].map((item) => ({ report, item })));
}

function portsOf(reports: readonly SiteReport[]) {
  return reports.flatMap((report) =>
    report.devices.flatMap((device) => device.ports.map((port) => ({ report, device, port }))),
  );
}

/** Boxes: the members of a stack or pair one by one, as somebody counts them. */
function assetsOf(reports: readonly SiteReport[]) {
  return reports.flatMap((report) =>
    report.devices.flatMap((device) => {
      if (device.members.length === 0)
        return [{ report, device, asset: device.asset, name: device.name, serial: device.serial }];
      return device.members.map(({ name, asset, serial }) => ({
        report,
        device,
        asset,
        name: `${device.name} ${name}`,
        serial,
      }));
    }),
  );
}

function blocksOf(reports: readonly SiteReport[]) {
  return reports.flatMap((report) =>
    report.networks.flatMap((network) => network.prefixes.map((block) => ({ report, network, block }))),
  );
}

function addressesOf(reports: readonly SiteReport[]) {
  return reports.flatMap((report) =>
    report.networks.flatMap((network) => network.addresses.map((entry) => ({ report, network, entry }))),
  );
}

function jobsOf(reports: readonly SiteReport[]) {
  return reports.flatMap((report) => report.backups.jobs.map((item) => ({ report, item })));
}
