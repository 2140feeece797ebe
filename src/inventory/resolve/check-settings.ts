import { checkAlerts } from "./alerts.ts";
import type { SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";

/** Checks of a site's own settings that no schema can say. */
export function checkSettings(base: SiteBase, findings: Findings): void {
  const { settings, places } = base;
  if (settings.timezone !== undefined && !isTimezone(settings.timezone)) {
    findings.report(
      "INV-TIMEZONE",
      places.value(settings, "timezone"),
      `there is no time zone "${settings.timezone}"`,
      "write an IANA name, e.g. Asia/Shanghai or Europe/London",
    );
  }
  for (const [name, freeze] of Object.entries(settings.freezes ?? {})) {
    if (freeze.from && freeze.to && freeze.to < freeze.from)
      findings.report(
        "CHG-FREEZE",
        places.value(freeze, "to"),
        `the freeze ${name} ends before it begins`,
        "write the later day as `to`",
      );
  }
  for (const [name, window] of Object.entries(settings.changeWindows ?? {})) {
    if (window.from !== undefined && window.from === window.to)
      findings.report(
        "CHG-WINDOW",
        places.value(window, "to"),
        `the window ${name} closes when it opens`,
        "write another `to`; earlier than `from` means the next morning",
      );
  }
  checkAlerts(base, findings);
  for (const network of base.networks.values()) checkNetwork(base, network.name, findings);
}

function checkNetwork(base: SiteBase, name: string, findings: Findings): void {
  const network = base.networks.get(name);
  if (!network) return;
  const { data } = network;
  const silent = data.purpose === "parking" || data.purpose === "native";
  if (silent && (data.ipv4 !== undefined || data.ipv6 !== undefined || data.zone !== undefined)) {
    findings.report(
      "L2-017",
      network.at,
      `${name} is a ${data.purpose} VLAN and has a prefix or a zone`,
      "take them away: nothing may live in such a VLAN",
    );
  }
  if (!silent && data.zone === undefined && (network.prefix4 || network.prefix6)) {
    findings.report(
      "ZON-002",
      network.at,
      `${name} has a prefix and no zone`,
      "add zone: a zone of policies/zones.yaml",
    );
  }
  if (
    data.routerAdvertisement !== undefined &&
    data.routerAdvertisement !== "off" &&
    network.prefix6 === undefined &&
    data.ipv6 === undefined
  ) {
    findings.report(
      "IPP-011",
      base.places.value(data, "routerAdvertisement"),
      `${name} advertises routers and has no ipv6 prefix`,
      "give the network ipv6: …, or take routerAdvertisement away",
    );
  }
  if (data.routerAdvertisement === "slaac" && network.prefix6 && network.prefix6.length !== 64) {
    findings.report(
      "IPP-011",
      base.places.value(data, "ipv6"),
      `${name} uses SLAAC on a /${network.prefix6.length}; it works on a /64 only`,
      "give the network a /64",
    );
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
