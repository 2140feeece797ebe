import { formatAddress, parseAddress } from "../../model/address.ts";
import type { DeviceIntent, GatewayIntent } from "../../model/intent.ts";
import type { Host, Network, Site, WanLink } from "../../model/site.ts";
import { packetWords } from "../flows/packet-words.ts";
import type { Packet } from "../flows/types.ts";
import type { RenderedFilters } from "../policy/rendered.ts";
import { covers, hostAt, networkOf, ownerOf, owns, type Point, zoneOf } from "./ends.ts";
import { askFirewall, askGateway, askInput, type FilterHop } from "./judge.ts";
import { type Attachment, framePath } from "./layer2.ts";
import { interfaceOf, type Route, routeTo } from "./routes.ts";
import { destinationForward, hidingSource, type Translation } from "./translate.ts";
import type { Hop, TraceVerdict, Way } from "./types.ts";

/** What devices remember of a connection after its first packet went through. */
export interface Connection {
  /** Names of the firewalls that saw it open. */
  readonly seenBy: ReadonlySet<string>;
  readonly translations: readonly Translation[];
  /** The WAN link that it came or went by. */
  readonly wan: WanLink | undefined;
}

/** A way that was walked, the packet as it arrived, and what is remembered of it. */
export interface Walked extends Way {
  readonly arrived: Packet;
  readonly connection: Connection;
}

/** What a walk goes by. */
export interface WalkInput {
  readonly site: Site;
  readonly rendered: ReadonlyMap<string, RenderedFilters>;
  readonly packet: Packet;
  readonly wan: string | undefined;
  /** The connection that the packet answers. */
  readonly answers?: Connection;
}

interface Entry {
  readonly device: DeviceIntent;
  readonly gateway?: GatewayIntent;
  readonly wan?: WanLink;
}

/** Follows a packet from device to device until it arrives or is dropped. */
export function walk(input: WalkInput): Walked {
  return new Walk(input).run();
}

class Walk {
  readonly #input: WalkInput;
  readonly #hops: Hop[] = [];
  readonly #visited = new Set<string>();
  readonly #seenBy = new Set<string>();
  readonly #translations: Translation[] = [];
  #packet: Packet;
  #wan: WanLink | undefined;
  #verdict: TraceVerdict = "permit";

  constructor(input: WalkInput) {
    this.#input = input;
    this.#packet = input.packet;
  }

  run(): Walked {
    let next = this.#start();
    while (next !== undefined) next = this.#cross(next);
    const connection = { seenBy: this.#seenBy, translations: this.#translations, wan: this.#wan };
    const packet = packetWords(this.#input.packet);
    return { packet, verdict: this.#verdict, hops: this.#hops, arrived: this.#packet, connection };
  }

  #start(): Entry | undefined {
    const { site } = this.#input;
    const network = networkOf(site, this.#source);
    const own = ownerOf(site, this.#source);
    if (own !== undefined) {
      this.#say(own.name, "start", `${own.name} itself sends it`, { where: own.origin });
      return this.#forward({ device: own });
    }
    if (network === undefined) return this.#enter();
    const host = hostAt(site, this.#source);
    const name = host?.name ?? network.name;
    const place = `${network.name}${network.vlan === undefined ? "" : `, VLAN ${network.vlan}`}`;
    const at = host?.port === undefined ? "at a place that the inventory does not name" : `on ${host.port}`;
    this.#say(name, "start", `sent from ${place}, ${at}`, { where: host?.origin ?? network.origin });
    const from = attachmentOf(site, host);
    if (networkOf(site, this.#target)?.name === network.name) {
      const owner = ownerOf(site, this.#target);
      return owner === undefined
        ? this.#deliver(name, network, from)
        : this.#carry(network, from, owner.name, owner);
    }
    const router = this.#routerOf(network);
    if (router === undefined)
      return this.#drop(name, "no-gateway", `${network.name} has no gateway`, network.origin);
    return this.#carry(network, from, router.name, router);
  }

  /** From outside, by the link that the destination belongs to, else the one of the best priority. */
  #enter(): Entry | undefined {
    const { site, wan, answers } = this.#input;
    const named = wan ?? answers?.wan?.name;
    const links = site.wan.toSorted((a, b) => a.priority - b.priority);
    const link =
      links.find(({ name }) => name === named) ??
      links.find(({ ipv4, ipv6 }) => covers(ipv4, this.#target) || covers(ipv6, this.#target)) ??
      links[0];
    const device = site.devices.find(({ name }) => name === link?.device);
    if (link === undefined || device === undefined)
      return this.#drop("internet", "no-route", "the site has no WAN link", site.origin);
    const inside = networkOf(site, this.#target) !== undefined;
    const note = inside ? "; nobody but a neighbour on that link can send to an inner address" : "";
    this.#say(
      "internet",
      "start",
      `comes by WAN link ${link.name} to ${device.name}:${link.interface}${note}`,
      {
        where: link.origin,
      },
    );
    this.#wan = link;
    return { device, wan: link };
  }

  /** What one device does: translate, filter what comes in, take it or send it on. */
  #cross(entry: Entry): Entry | undefined {
    const { rendered } = this.#input;
    const { device, gateway, wan } = entry;
    if (this.#visited.has(device.name))
      return this.#drop(
        device.name,
        "loop",
        `${device.name} gets it a second time: a routing loop`,
        device.origin,
      );
    this.#visited.add(device.name);
    if (wan !== undefined) this.#translateIn(device, wan);
    if (gateway !== undefined && device.firewall === undefined) {
      const lists = askGateway(rendered.get(device.id), this.#packet, gateway, "in");
      if (!this.#ask(device, lists)) return undefined;
    }
    if (!owns(device, this.#target)) return this.#forward(entry);
    const iif = wan?.interface ?? (gateway && interfaceOf(device, gateway));
    const answers = askInput(device, rendered.get(device.id), this.#seenAt(device), iif);
    if (!this.#ask(device, answers)) return undefined;
    this.#say(device.name, "deliver", `${device.name} itself takes it`, { where: device.origin });
    if (device.firewall !== undefined) this.#seenBy.add(device.name);
    return undefined;
  }

  #forward({ device, gateway, wan }: Entry): Entry | undefined {
    const { site, rendered } = this.#input;
    const vrf = gateway?.vrf;
    const route = routeTo(site, device, this.#target, { vrf, wan: this.#input.wan });
    if (route === undefined)
      return this.#drop(device.name, "no-route", `${device.name} has no route to it`, device.origin);
    this.#say(device.name, "route", route.text, { where: route.where });
    const crossed = gateway !== undefined || wan !== undefined;
    const iif = wan?.interface ?? (gateway && interfaceOf(device, gateway));
    if (crossed && device.firewall !== undefined) {
      const asked = this.#seenAt(device);
      const answers = askFirewall(device, rendered.get(device.id), asked, { iif, oif: route.egress });
      if (!this.#ask(device, asked.state === "invalid" ? answers.map(unseen) : answers)) return undefined;
    }
    if (device.firewall !== undefined) this.#seenBy.add(device.name);
    if (crossed && device.firewall === undefined && !this.#leaveSwitch(device, gateway, route))
      return undefined;
    return route.wan === undefined ? this.#onward(device, route) : this.#leave(device, route.wan);
  }

  /** The list on the way out of a switch, and a word where nothing held two zones apart. */
  #leaveSwitch(device: DeviceIntent, from: GatewayIntent | undefined, route: Route): boolean {
    const rendered = this.#input.rendered.get(device.id);
    if (route.gateway === undefined) return true;
    const out = askGateway(rendered, this.#packet, route.gateway, "out");
    const lists = from === undefined ? out : [...askGateway(rendered, this.#packet, from, "in"), ...out];
    const [a, b] = [zoneOf(this.#input.site, this.#source), zoneOf(this.#input.site, this.#target)];
    if (lists.length === 0 && a !== b)
      this.#say(device.name, "filter", `nothing on ${device.name} holds ${a} and ${b} apart here`, {});
    return this.#ask(device, out);
  }

  #onward(device: DeviceIntent, route: Route): Entry | undefined {
    const { site } = this.#input;
    const network = site.networks.find(({ name }) => name === route.gateway?.network);
    if (network === undefined) return undefined;
    const hop = parseAddress(route.nextHop ?? "");
    const point = hop === undefined ? this.#target : { family: hop.version, value: hop.value };
    const owner = ownerOf(site, point);
    const from = { device: device.name };
    if (owner !== undefined) return this.#carry(network, from, owner.name, owner);
    if (hop === undefined) return this.#deliver(device.name, network, from);
    const text = `no device of the site has the next hop ${route.nextHop}`;
    this.#verdict = worse(this.#verdict, "unknown");
    this.#say(device.name, "deliver", text, { where: route.where }, "unknown");
    return undefined;
  }

  /** Out of the site by a WAN link. */
  #leave(device: DeviceIntent, wan: WanLink): undefined {
    const { site, answers } = this.#input;
    const hidden = answers === undefined ? hidingSource(site, device, wan, this.#packet) : undefined;
    if (hidden !== undefined) this.#translate(device.name, hidden, hidden.after);
    this.#undo(device.name, "source");
    this.#wan = wan;
    const elsewhere = answers?.wan !== undefined && answers.wan.name !== wan.name;
    const note = elsewhere
      ? `; it came by ${answers.wan.name}, and the provider of ${wan.name} may drop it`
      : "";
    if (elsewhere) this.#verdict = worse(this.#verdict, "unknown");
    const verdict = elsewhere ? "unknown" : "permit";
    this.#say("internet", "deliver", `leaves by WAN link ${wan.name}${note}`, { where: wan.origin }, verdict);
  }

  /** Over the cables of a network to a device. */
  #carry(
    network: Network,
    from: Attachment | undefined,
    name: string,
    device: DeviceIntent,
  ): Entry | undefined {
    if (!this.#overCables(network, from, { device: name })) return undefined;
    const gateway = device.gateways.find((each) => each.network === network.name);
    return gateway === undefined ? { device } : { device, gateway };
  }

  #deliver(sender: string, network: Network, from: Attachment | undefined): undefined {
    const host = hostAt(this.#input.site, this.#target);
    const to = attachmentOf(this.#input.site, host);
    if (!this.#overCables(network, from, to)) return;
    const known = host === undefined ? `somebody in ${network.name} (no host of the inventory)` : host.name;
    const where = host?.origin ?? network.origin;
    this.#say(host?.name ?? sender, "deliver", `${known} gets it`, { where });
  }

  #overCables(network: Network, from: Attachment | undefined, to: Attachment | undefined): boolean {
    const { site } = this.#input;
    if (network.vlan === undefined || from === undefined || to === undefined) return true;
    const path = framePath(site, network.vlan, from, to);
    if (path.kind === "stuck") {
      this.#drop(path.device, path.drop, path.text, path.where);
      return false;
    }
    if (path.steps.length > 0)
      this.#say(
        path.steps[0]?.split(":")[0] ?? "",
        "layer2",
        `VLAN ${network.vlan}: ${path.steps.join(", ")}`,
        {},
      );
    return true;
  }

  #translateIn(device: DeviceIntent, wan: WanLink): void {
    this.#undo(device.name, "destination");
    if (this.#input.answers !== undefined) return;
    const forward = destinationForward(this.#input.site, device, wan, this.#packet);
    if (forward !== undefined) this.#translate(device.name, forward, forward.after);
  }

  /** Gives an answer the addresses back that the connection began with. */
  #undo(device: string, side: "source" | "destination"): void {
    const kind = side === "source" ? "destination" : "source";
    const found = this.#input.answers?.translations.find(
      (each) => each.device === device && each.kind === kind,
    );
    if (found === undefined) return;
    const { before } = found;
    const back =
      side === "source"
        ? { ...this.#packet, src: before.dst, srcPort: before.dstPort }
        : { ...this.#packet, dst: before.src, dstPort: this.#packet.dstPort };
    this.#packet = back;
    const point = { family: back.family, value: side === "source" ? back.src : back.dst };
    this.#say(device, "translate", `${side} back to ${addressText(point)}`, { where: found.where });
  }

  #translate(device: string, translation: Translation, after: Packet): void {
    this.#packet = after;
    this.#translations.push(translation);
    this.#say(device, "translate", translation.text, { where: translation.where });
  }

  /** The packet as a device's connection table sees it. */
  #seenAt(device: DeviceIntent): Packet {
    const { answers } = this.#input;
    if (answers === undefined || device.firewall === undefined || answers.seenBy.has(device.name))
      return this.#packet;
    return { ...this.#packet, state: this.#packet.protocol === 17 ? "new" : "invalid" };
  }

  #routerOf(network: Network): DeviceIntent | undefined {
    const { site } = this.#input;
    const text = this.#packet.family === 4 ? network.gateway : network.gateway6;
    const gateway = parseAddress(text ?? "");
    const owner = gateway && ownerOf(site, { family: gateway.version, value: gateway.value });
    return owner ?? site.devices.find(({ name }) => name === network.routers[0]?.device);
  }

  #ask(device: DeviceIntent, answers: readonly FilterHop[]): boolean {
    for (const { text, verdict, ...rest } of answers) {
      this.#say(device.name, "filter", text, rest, verdict);
      this.#verdict = worse(this.#verdict, verdict);
      if (verdict === "deny") return false;
    }
    return true;
  }

  #drop(device: string, drop: NonNullable<Hop["drop"]>, text: string, where: Hop["where"]): undefined {
    this.#verdict = "deny";
    this.#say(
      device,
      drop === "port" || drop === "vlan" ? "layer2" : "route",
      text,
      {
        drop,
        ...(where === undefined ? {} : { where }),
      },
      "deny",
    );
  }

  #say(
    device: string,
    kind: Hop["kind"],
    text: string,
    rest: Partial<Pick<Hop, "where" | "rendered" | "drop">>,
    verdict: TraceVerdict = "permit",
  ): void {
    this.#hops.push({ device, kind, verdict, text, packet: packetWords(this.#packet), ...rest });
  }

  get #source(): Point {
    return { family: this.#packet.family, value: this.#packet.src };
  }

  get #target(): Point {
    return { family: this.#packet.family, value: this.#packet.dst };
  }
}

function unseen(hop: FilterHop): FilterHop {
  if (hop.verdict !== "deny") return hop;
  return { ...hop, text: `${hop.text}; it never saw this connection open`, drop: "no-connection" };
}

function worse(a: TraceVerdict, b: TraceVerdict): TraceVerdict {
  if (a === "deny" || b === "deny") return "deny";
  return a === "unknown" || b === "unknown" ? "unknown" : "permit";
}

/** Where a host is plugged in. The inventory may spell the port short; the device knows it by what stands on it. */
function attachmentOf(site: Site, host: Host | undefined): Attachment | undefined {
  const [, device, port] = /^([^:]+):(.+)$/.exec(host?.port ?? "") ?? [];
  if (host === undefined || device === undefined || port === undefined) return undefined;
  const ports = site.devices.find(({ name }) => name === device)?.ports ?? [];
  const plugged = ports.find(({ peer }) => peer === host.name || peer?.startsWith(`${host.name}:`));
  const known = ports.find(({ name }) => name === port) ?? plugged;
  return { device, port: known?.name ?? port };
}

function addressText({ family, value }: Point): string {
  return formatAddress({ version: family, value });
}
