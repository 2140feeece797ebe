import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import { intersectAddresses } from "../filters/address-sets.ts";
import type { AddressRange, FlowBox, Range } from "../flows/types.ts";
import { vlanOf } from "../policy/places.ts";
import type { ZonePartition } from "../policy/zones.ts";

/** Names behind more zones than this are not spelled out one by one. */
const MANY = 3;

/** Says between which zones the packets of a box travel, by their interfaces and by their addresses. */
export class ZoneNames {
  readonly #site: Site;
  readonly #partition: ZonePartition;

  constructor(site: Site, partition: ZonePartition) {
    this.#site = site;
    this.#partition = partition;
  }

  /** Zones of one end of a box on a firewall: those whose interface and whose addresses both fit. */
  onFirewall(
    device: DeviceIntent,
    names: readonly string[],
    range: Range,
    addresses: AddressRange,
  ): string[] {
    const zones = (device.firewall?.zones ?? []).filter((zone) =>
      zone.interfaces.some((name) => {
        const number = names.indexOf(name) + 1;
        return range.lo <= number && number <= range.hi;
      }),
    );
    const fitting = zones.filter((zone) => this.#touches(zone.name, addresses)).map((zone) => zone.name);
    return fitting.length > 0 ? fitting : zones.map((zone) => zone.name);
  }

  /** The zone of the network whose gateway stands at a place (`Vlan20`); undefined where there is none. */
  atPlace(device: DeviceIntent, place: string): string | undefined {
    const vlan = vlanOf(place);
    const gateway = device.gateways.find((each) => each.vlan === vlan);
    return gateway?.zone ?? this.#site.networks.find((each) => each.name === gateway?.network)?.zone;
  }

  /** Zones that hold some of these addresses. */
  byAddress(addresses: AddressRange): string[] {
    return this.#partition.zones.map((zone) => zone.id).filter((zone) => this.#touches(zone, addresses));
  }

  /** A box cut down to the first addresses that its zones have, so that a witness out of it looks like real traffic. */
  realistic(box: FlowBox, from: readonly string[], to: readonly string[]): FlowBox {
    return { ...box, src: this.#within(box.src, from), dst: this.#within(box.dst, to) };
  }

  #within(addresses: AddressRange, zones: readonly string[]): AddressRange {
    for (const zone of zones) {
      const [first] = intersectAddresses(this.#partition.rangesOf(zone), [addresses]);
      if (first !== undefined) return first;
    }
    return addresses;
  }

  #touches(zone: string, addresses: AddressRange): boolean {
    return intersectAddresses(this.#partition.rangesOf(zone), [addresses]).length > 0;
  }
}

/** One word for several zones: `office, voice`, or `*`. */
export function joinZones(zones: readonly string[]): string {
  return zones.length === 0 || zones.length > MANY ? "*" : [...zones].sort().join(", ");
}
