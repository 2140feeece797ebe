import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, LagIntent, PortIntent } from "../../model/intent.ts";
import { flag, type Maybe, maybe, when } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";
import { interfaceName, vlanSpans } from "./names.ts";

/** The lines of a switched port or an Eth-Trunk, in the order in which the device prints them. */
export interface PortView {
  readonly origin: FileWhere;
  readonly name: string;
  readonly description: Maybe<string>;
  readonly jumbo: Maybe<number>;
  readonly trunkMember: Maybe<number>;
  readonly linkType: Maybe<string>;
  readonly defaultVlan: Maybe<number>;
  readonly pvid: Maybe<number>;
  readonly withoutOne: Maybe<true>;
  readonly allowed: readonly string[];
  readonly hybrid: readonly { readonly pvid: number; readonly tagged: number; readonly untagged: number }[];
  readonly shutdown: Maybe<true>;
  readonly speed: Maybe<string>;
  readonly lacp: Maybe<true>;
  readonly rootGuard: Maybe<true>;
  readonly edge: Maybe<true>;
  readonly macLimit: Maybe<number>;
  readonly storm: Maybe<number>;
  readonly voice: Maybe<number>;
  readonly dhcpTrust: Maybe<true>;
}

/** Spans that one line of a VLAN list takes. */
const SPANS_A_LINE = 10;

/** Longest description that VRP keeps. */
const DESCRIPTION_CHARS = 242;

/** VLAN 1 passes every trunk until it is taken out. */
const FACTORY_VLAN = 1;

type Layer2 = Omit<PortIntent, "lag" | "mode" | "name">;
type Lines = Omit<PortView, "name" | "origin">;

const NOTHING: Lines = {
  description: [],
  jumbo: [],
  trunkMember: [],
  linkType: [],
  defaultVlan: [],
  pvid: [],
  withoutOne: [],
  allowed: [],
  hybrid: [],
  shutdown: [],
  speed: [],
  lacp: [],
  rootGuard: [],
  edge: [],
  macLimit: [],
  storm: [],
  voice: [],
  dhcpTrust: [],
};

/** The ports that the device switches with, Eth-Trunks first. */
export function portViews(intent: DeviceIntent, refusals: Refusals): readonly PortView[] {
  const bundles = intent.lags.flatMap((lag) => lagView(intent, lag, refusals));
  const ports = intent.ports.filter((port) => port.mode !== "routed");
  return [...bundles, ...ports.map((port) => portView(intent, port, refusals))];
}

function lagView(intent: DeviceIntent, lag: LagIntent, refusals: Refusals): readonly PortView[] {
  if (lag.mode === "routed") {
    refusals.refuse(
      `the routed link aggregation ${lag.name}`,
      "Make it a trunk and route on a VLAN.",
      lag.origin,
    );
    return [];
  }
  if (lag.lacp === "passive") {
    refusals.refuse("passive LACP", "Write `lacp: active`; it works with a passive far end.", lag.origin);
  }
  const lines = lag.mode === "trunk" ? trunkLines(intent, lag) : accessLines(lag, refusals);
  const name = `Eth-Trunk${lag.id}`;
  return [
    {
      ...NOTHING,
      ...common(intent, lag, refusals),
      ...lines,
      origin: lag.origin,
      name,
      speed: [],
      lacp: flag(lag.lacp !== "static"),
    },
  ];
}

function portView(intent: DeviceIntent, port: PortIntent, refusals: Refusals): PortView {
  const named = { origin: port.origin, name: interfaceName(port.name) };
  const shared = common(intent, port, refusals);
  if (port.mode === "lag-member") {
    const { description, speed, shutdown, storm } = shared;
    return { ...NOTHING, ...named, description, speed, shutdown, storm, trunkMember: maybe(port.lag) };
  }
  const lines = port.mode === "trunk" ? trunkLines(intent, port) : accessLines(port, refusals);
  return { ...NOTHING, ...shared, ...lines, ...named };
}

function common(intent: DeviceIntent, port: Layer2, refusals: Refusals): Omit<Lines, "linkType"> {
  if (port.dot1x) {
    const hint = "Take `dot1x` off this port's profile: no RADIUS server can be named in the inventory yet.";
    refusals.refuse("802.1X without a RADIUS server", hint, port.origin);
  }
  return {
    ...NOTHING,
    description: describe(port.description, port.origin, refusals),
    jumbo: maybe(port.mtuBytes),
    shutdown: flag(!port.enabled),
    speed: maybe(speedOf(port, refusals)),
    rootGuard: flag(port.rootGuard),
    edge: flag(port.edge),
    storm: maybe(stormOf(port, refusals)),
    dhcpTrust: flag(port.dhcpTrust && intent.layer2.dhcpSnooping.length > 0),
  };
}

function trunkLines(intent: DeviceIntent, port: Layer2): Partial<Lines> & Pick<Lines, "linkType"> {
  const allowed = allowedVlans(intent, port);
  const spans = vlanSpans(allowed);
  const rows: string[] = [];
  for (let at = 0; at < spans.length; at += SPANS_A_LINE)
    rows.push(spans.slice(at, at + SPANS_A_LINE).join(" "));
  return {
    linkType: ["trunk"],
    pvid: when(
      port.nativeVlan !== undefined && port.nativeVlan !== FACTORY_VLAN,
      () => port.nativeVlan ?? FACTORY_VLAN,
    ),
    withoutOne: flag(!allowed.includes(FACTORY_VLAN)),
    allowed: rows,
  };
}

/** A phone's VLAN is tagged beside the untagged one, which takes a hybrid port. */
function accessLines(port: Layer2, refusals: Refusals): Partial<Lines> & Pick<Lines, "linkType"> {
  const { accessVlan, voiceVlan } = port;
  if (accessVlan !== undefined && voiceVlan !== undefined) {
    if (accessVlan === FACTORY_VLAN) {
      refusals.refuse(
        "a voice VLAN beside VLAN 1",
        "Put the port's users into a VLAN of their own.",
        port.origin,
      );
    }
    return {
      linkType: ["hybrid"],
      hybrid: [{ pvid: accessVlan, tagged: voiceVlan, untagged: accessVlan }],
      voice: [voiceVlan],
      macLimit: maybe(port.macLimit),
    };
  }
  return {
    linkType: ["access"],
    defaultVlan: when(
      accessVlan !== undefined && accessVlan !== FACTORY_VLAN,
      () => accessVlan ?? FACTORY_VLAN,
    ),
    macLimit: maybe(port.macLimit),
  };
}

/** A description as the device takes it; an empty one is no line. */
export function describe(text: string, origin: FileWhere, refusals: Refusals): Maybe<string> {
  return text === "" ? [] : [refusals.text(text, "a description", origin, { maxChars: DESCRIPTION_CHARS })];
}

/** What a trunk lets through: the tagged VLANs, and the native one unless it exists only to be native. */
function allowedVlans(intent: DeviceIntent, port: Layer2): readonly number[] {
  const native = intent.vlans.find((vlan) => vlan.id === port.nativeVlan);
  const carried = native !== undefined && native.purpose !== "native";
  return carried && port.nativeVlan !== undefined ? [...port.taggedVlans, port.nativeVlan] : port.taggedVlans;
}

function stormOf(port: Layer2, refusals: Refusals): number | undefined {
  const percent = port.stormControlPercent;
  if (percent === undefined || Number.isInteger(percent)) return percent;
  refusals.refuse(`storm control at ${percent} %`, "Write a whole number of percent, 1 to 100.", port.origin);
  return undefined;
}

const SPEEDS: Readonly<Record<string, string>> = { "10M": "10", "100M": "100", "1G": "1000", "10G": "10000" };

function speedOf(port: Layer2, refusals: Refusals): string | undefined {
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
