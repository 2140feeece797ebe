import { settingOf } from "../../drivers/linux-common/host-settings.ts";
import type { PortIntent } from "../../model/intent.ts";
import type { AdoptItem } from "./adopt-types.ts";
import { namedNetworks, type PortMeaning, type VlanNames, vlansOf } from "./port-edits.ts";

/** Columns of a port of Open vSwitch that only together say which VLANs it carries. */
const VLAN_COLUMNS: ReadonlySet<string> = new Set(["vlan_mode", "tag", "trunks"]);

/** Whether an item says which VLANs a port of Open vSwitch carries. */
export function isVlanColumn(item: Pick<AdoptItem, "path">): boolean {
  return VLAN_COLUMNS.has((item.path[1] ?? "").split(" ")[0] ?? "");
}

/** Translates the VLANs of a port: `tag` is its network on an access port, and its native one on a trunk.
 *  @param statements - the port as it runs, `tag 10` */
export function ovsVlanMeaning(
  port: PortIntent,
  statements: readonly string[],
  site: VlanNames,
): PortMeaning {
  const column = (name: string): string | undefined => settingOf(statements, name);
  const mode = column("vlan_mode");
  const tag = Number(column("tag") ?? Number.NaN);
  const trunks = vlansOf(column("trunks") ?? "");
  const turned = (to: "access" | "trunk"): Readonly<Record<string, unknown>> =>
    port.mode === to ? {} : { mode: to };
  if (mode === "access") {
    if (trunks.length > 0) return { refused: "an access port with trunks carries more than a network" };
    const gone = {
      ...(port.voiceVlan === undefined ? {} : { voice: null }),
      ...(port.mode === "trunk" ? { native: null, tagged: null } : {}),
    };
    return namedNetworks(site, [tag], ([network]) => ({ ...turned("access"), network, ...gone }));
  }
  if (mode !== "trunk" && mode !== "native-untagged")
    return {
      refused: `vlan_mode ${mode ?? "left out"} has no word in the inventory: access, native-untagged and trunk have`,
    };
  if (trunks.length === 0)
    return { refused: "a trunk without a list carries every VLAN; name those that it shall carry" };
  if (mode === "trunk") {
    const native = port.nativeVlan === undefined ? {} : { native: null };
    return namedNetworks(site, trunks, (tagged) => ({
      ...turned("trunk"),
      ...plain(port),
      tagged,
      ...native,
    }));
  }
  const [only] = trunks;
  if (port.voiceVlan !== undefined && port.mode === "access" && trunks.length === 1 && only !== undefined)
    return namedNetworks(site, [tag, only], ([network, voice]) => ({ network, voice }));
  const others = trunks.filter((id) => id !== tag);
  return namedNetworks(site, [tag, ...others], ([native, ...tagged]) => ({
    ...turned("trunk"),
    ...plain(port),
    native,
    tagged,
  }));
}

/** A port that was an access port had a network of its own, and perhaps one for a telephone. */
function plain(port: PortIntent): Readonly<Record<string, unknown>> {
  if (port.mode !== "access") return {};
  return { network: null, ...(port.voiceVlan === undefined ? {} : { voice: null }) };
}
