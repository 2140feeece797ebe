import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, LagIntent, PortIntent } from "../../model/intent.ts";
import { flag, type Maybe, maybe, when } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";
import { interfaceName, vlanList } from "./names.ts";

/** The layer-2 lines of a port or a port-channel, in the order in which the device prints them. */
export interface PortView {
  readonly origin: FileWhere;
  readonly name: string;
  readonly description: Maybe<string>;
  readonly accessVlan: Maybe<number>;
  readonly nativeVlan: Maybe<number>;
  readonly allowed: readonly { readonly add: string; readonly list: string }[];
  readonly mode: Maybe<string>;
  readonly voiceVlan: Maybe<number>;
  readonly macLimit: Maybe<number>;
  readonly arpTrust: Maybe<true>;
  readonly speed: Maybe<string>;
  readonly mtu: Maybe<number>;
  readonly shutdown: Maybe<true>;
  readonly storm: Maybe<string>;
  readonly channel: Maybe<string>;
  readonly edge: Maybe<string>;
  readonly bpduGuard: Maybe<true>;
  readonly rootGuard: Maybe<true>;
  readonly dhcpTrust: Maybe<true>;
}

/** Room for VLANs on one line of the running configuration. */
const ALLOWED_CHARS = 60;

/** Longest description that IOS-XE keeps. */
const DESCRIPTION_CHARS = 200;

type Layer2 = Omit<PortIntent, "lag" | "mode" | "name">;

/** The ports that the device switches with, port-channels first. Routed ones are not among them. */
export function portViews(intent: DeviceIntent, refusals: Refusals): readonly PortView[] {
  const lags = new Map(intent.lags.map((lag) => [lag.id, lag]));
  for (const lag of intent.lags.filter((candidate) => candidate.mode === "routed")) {
    refusals.refuse(
      `the routed link aggregation ${lag.name}`,
      "Make it a trunk and route on a VLAN.",
      lag.origin,
    );
  }
  const bundles = intent.lags
    .filter((lag) => lag.mode !== "routed")
    .map((lag) => lagView(intent, lag, refusals));
  const ports = intent.ports
    .filter((port) => port.mode !== "routed")
    .map((port) => portView(intent, port, lags, refusals));
  return [...bundles, ...ports];
}

function lagView(intent: DeviceIntent, lag: LagIntent, refusals: Refusals): PortView {
  const view = switched(intent, { ...lag }, lag.mode === "trunk" ? "trunk" : "access", refusals);
  return { ...view, origin: lag.origin, name: `Port-channel${lag.id}` };
}

function portView(
  intent: DeviceIntent,
  port: PortIntent,
  lags: ReadonlyMap<number, LagIntent>,
  refusals: Refusals,
): PortView {
  const name = interfaceName(port.name);
  const lag = port.mode === "lag-member" && port.lag !== undefined ? lags.get(port.lag) : undefined;
  if (!lag) {
    const mode = port.mode === "trunk" ? "trunk" : "access";
    return { ...switched(intent, port, mode, refusals), origin: port.origin, name };
  }
  const shared = switched(
    intent,
    { ...lag, description: port.description },
    lag.mode === "trunk" ? "trunk" : "access",
    refusals,
  );
  const own = { enabled: port.enabled && lag.enabled };
  return {
    ...shared,
    origin: port.origin,
    name,
    shutdown: flag(!own.enabled),
    edge: [],
    bpduGuard: [],
    rootGuard: [],
    arpTrust: [],
    dhcpTrust: [],
    macLimit: [],
    storm: maybe(stormOf(port)),
    speed: maybe(speedOf(port, refusals)),
    channel: [`${lag.id} mode ${lag.lacp === "static" ? "on" : lag.lacp}`],
  };
}

function switched(
  intent: DeviceIntent,
  port: Layer2,
  mode: "access" | "trunk",
  refusals: Refusals,
): Omit<PortView, "name" | "origin"> {
  const trunk = mode === "trunk";
  if (port.dot1x) {
    const hint = "Take `dot1x` off this port's profile: no RADIUS server can be named in the inventory yet.";
    refusals.refuse("802.1X without a RADIUS server", hint, port.origin);
  }
  return {
    description: describe(port.description, port.origin, refusals),
    accessVlan: when(
      !trunk && port.accessVlan !== undefined && port.accessVlan !== 1,
      () => port.accessVlan ?? 1,
    ),
    nativeVlan: when(
      trunk && port.nativeVlan !== undefined && port.nativeVlan !== 1,
      () => port.nativeVlan ?? 1,
    ),
    allowed: trunk ? allowedLines(allowedVlans(intent, port)) : [],
    mode: [mode],
    voiceVlan: trunk ? [] : maybe(port.voiceVlan),
    macLimit: trunk ? [] : maybe(port.macLimit),
    arpTrust: flag(port.dhcpTrust && intent.layer2.arpInspection.length > 0),
    speed: maybe(speedOf(port, refusals)),
    mtu: maybe(port.mtuBytes),
    shutdown: flag(!port.enabled),
    storm: maybe(stormOf(port)),
    channel: [],
    edge: when(port.edge, () => (trunk ? "portfast trunk" : "portfast")),
    bpduGuard: flag(port.bpduGuard),
    rootGuard: flag(port.rootGuard),
    dhcpTrust: flag(port.dhcpTrust && intent.layer2.dhcpSnooping.length > 0),
  };
}

/** A description as the device takes it; an empty one is no line. */
export function describe(text: string, origin: FileWhere, refusals: Refusals): Maybe<string> {
  if (text === "") return [];
  return [refusals.text(text, "a description", origin, { asciiOnly: true, maxChars: DESCRIPTION_CHARS })];
}

/** What a trunk lets through: the tagged VLANs, and the native one unless it exists only to be native. */
function allowedVlans(intent: DeviceIntent, port: Layer2): readonly number[] {
  const native = intent.vlans.find((vlan) => vlan.id === port.nativeVlan);
  const carried = native !== undefined && native.purpose !== "native";
  return carried && port.nativeVlan !== undefined ? [...port.taggedVlans, port.nativeVlan] : port.taggedVlans;
}

function allowedLines(vlans: readonly number[]): PortView["allowed"] {
  if (vlans.length === 0) return [{ add: "", list: "none" }];
  const rows: string[] = [];
  for (const part of vlanList(vlans).split(",")) {
    const row = rows.at(-1);
    if (row === undefined || row.length + part.length + 1 > ALLOWED_CHARS) rows.push(part);
    else rows[rows.length - 1] = `${row},${part}`;
  }
  return rows.map((list, index) => ({ add: index === 0 ? "" : "add ", list }));
}

function stormOf(port: Pick<PortIntent, "stormControlPercent">): string | undefined {
  return port.stormControlPercent === undefined ? undefined : port.stormControlPercent.toFixed(2);
}

const SPEEDS: Readonly<Record<string, string>> = {
  "10M": "10",
  "100M": "100",
  "1G": "1000",
  "2.5G": "2500",
  "5G": "5000",
  "10G": "10000",
};

function speedOf(port: Pick<PortIntent, "speed" | "origin">, refusals: Refusals): string | undefined {
  if (port.speed === undefined || port.speed === "auto") return undefined;
  const bps = port.speed.replace(/bps$/i, "").toUpperCase();
  const speed = SPEEDS[bps] ?? (/^\d+$/.test(bps) ? bps : undefined);
  if (speed === undefined) {
    refusals.refuse(
      `the port speed ${port.speed}`,
      `Write one of ${Object.keys(SPEEDS).join(", ")}.`,
      port.origin,
    );
  }
  return speed;
}
