import type { Section } from "../cli/section.ts";
import { entriesOf } from "./acl.ts";
import { vlanText } from "./args.ts";
import { interfaceName, kindOf, shortName } from "./names.ts";
import type { IosState } from "./state.ts";
import { accessVlan, allowedVlans, isRouted, nativeVlan, portMode } from "./switchport.ts";
import { addressesOf } from "./table-routed.ts";

const PORTS_ROOM = 32;

function isSwitched(name: string, block: Section): boolean {
  return (
    block.view === "if-port" &&
    !isRouted(block) &&
    (kindOf(name) === "Port-channel" || block.get("channel-group") === undefined)
  );
}

function isDown(block: Section): boolean {
  return block.get("shutdown") !== undefined;
}

/** `show vlan brief`. */
export function vlanBrief(state: IosState): string {
  const { config } = state;
  const rows = config.vlans().flatMap((id) => {
    const ports = config
      .interfaces()
      .filter(
        ([name, block]) => isSwitched(name, block) && portMode(block) !== "trunk" && accessVlan(block) === id,
      )
      .map(([name]) => shortName(name));
    const status =
      config.root.block("vlan", String(id))?.get("shutdown") === undefined ? "active" : "act/lshut";
    const [first = "", ...rest] = wrap(ports, PORTS_ROOM);
    const head = `${String(id).padEnd(4)} ${config.vlanName(id).padEnd(32)} ${status.padEnd(9)} ${first}`;
    return [head, ...rest.map((row) => " ".repeat(48) + row)];
  });
  const legacy = [
    [1002, "fddi-default"],
    [1003, "token-ring-default"],
    [1004, "fddinet-default"],
    [1005, "trnet-default"],
  ] as const;
  const low = rows.filter((row) => row.startsWith(" ") || Number.parseInt(row, 10) <= 1001);
  const high = rows.slice(low.length);
  const fixed = legacy.map(([id, name]) => `${id} ${name.padEnd(32)} act/unsup `);
  return `\nVLAN Name                             Status    Ports\n---- -------------------------------- --------- -------------------------------\n${[...low, ...fixed, ...high].join("\n")}\n`;
}

function wrap(words: readonly string[], room: number): string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of words) {
    if (row !== "" && row.length + word.length + 2 > room) {
      rows.push(row);
      row = "";
    }
    row = row === "" ? word : `${row}, ${word}`;
  }
  return row === "" ? rows : [...rows, row];
}

/** `show interfaces status`. */
export function interfacesStatus(state: IosState): string {
  const rows = state.config
    .interfaces()
    .filter(([, block]) => block.view === "if-port")
    .map(([name, block]) => {
      const up = !isDown(block);
      const status = up ? "connected" : "disabled";
      const vlan = isRouted(block)
        ? "routed"
        : portMode(block) === "trunk"
          ? "trunk"
          : String(accessVlan(block));
      const text = block.get("description")?.slice("description ".length) ?? "";
      const speed = up ? "a-1000" : "auto";
      const kind = kindOf(name) === "Port-channel" ? "N/A" : "10/100/1000BaseTX";
      return `${shortName(name).padEnd(12)} ${text.slice(0, 18).padEnd(18)} ${status.padEnd(12)} ${vlan.padEnd(10)} ${(up ? "a-full" : "auto").padStart(6)} ${speed.padStart(6)} ${kind}`;
    });
  return `\nPort         Name               Status       Vlan       Duplex  Speed Type\n${rows.join("\n")}\n`;
}

/** `show interfaces trunk`. */
export function interfacesTrunk(state: IosState): string {
  const trunks = state.config
    .interfaces()
    .filter(([name, block]) => isSwitched(name, block) && portMode(block) === "trunk" && !isDown(block));
  if (trunks.length === 0) return "\n";
  const present = state.config.vlans();
  const table = (title: string, value: (block: Section) => string): string =>
    `\nPort        ${title}\n${trunks.map(([name, block]) => `${shortName(name).padEnd(12)}${value(block)}`).join("\n")}\n`;
  const active = (block: Section): string =>
    vlanText(allowedVlans(block).filter((vlan) => present.includes(vlan))) || "none";
  return [
    table(
      "Mode             Encapsulation  Status        Native vlan",
      (block) => `${"on".padEnd(17)}${"802.1q".padEnd(15)}${"trunking".padEnd(14)}${nativeVlan(block)}`,
    ),
    table("Vlans allowed on trunk", (block) => vlanText(allowedVlans(block)) || "none"),
    table("Vlans allowed and active in management domain", active),
    table("Vlans in spanning tree forwarding state and not pruned", active),
  ].join("");
}

/** `show interfaces switchport`. */
export function switchports(state: IosState, wanted: string | undefined): string {
  const only = wanted === undefined ? undefined : interfaceName(wanted);
  const ports = state.config
    .interfaces()
    .filter(([name, block]) => block.view === "if-port" && (only === undefined || only === name));
  return ports
    .map(([name, block]) => {
      const mode = portMode(block);
      const trunk = mode === "trunk";
      const operational = isDown(block) ? "down" : trunk ? "trunk" : "static access";
      const vlanName = (id: number): string =>
        state.config.hasVlan(id) ? state.config.vlanName(id) : "Inactive";
      const all = allowedVlans(block).length === 4094;
      const voice = block.get("voice vlan")?.split(" ").at(-1);
      return `Name: ${shortName(name)}
Switchport: ${isRouted(block) ? "Disabled" : "Enabled"}
Administrative Mode: ${mode === "access" ? "static access" : mode}
Operational Mode: ${operational}
Administrative Trunking Encapsulation: dot1q
Operational Trunking Encapsulation: ${trunk ? "dot1q" : "native"}
Negotiation of Trunking: ${mode === "access" || block.get("nonegotiate") !== undefined ? "Off" : "On"}
Access Mode VLAN: ${accessVlan(block)} (${vlanName(accessVlan(block))})
Trunking Native Mode VLAN: ${nativeVlan(block)} (${vlanName(nativeVlan(block))})
Administrative Native VLAN tagging: enabled
Voice VLAN: ${voice === undefined ? "none" : `${voice} (${vlanName(Number(voice))})`}
Trunking VLANs Enabled: ${all ? "ALL" : vlanText(allowedVlans(block)) || "NONE"}
Pruning VLANs Enabled: 2-1001
Capture Mode Disabled
Capture VLANs Allowed: ALL

Protected: ${block.get("switchport protected") === undefined ? "false" : "true"}
Appliance trust: none

`;
    })
    .join("");
}

/** `show interfaces description`. */
export function descriptions(state: IosState): string {
  const rows = state.config.interfaces().map(([name, block]) => {
    const text = block.get("description")?.slice("description ".length) ?? "";
    const status = isDown(block) ? "admin down" : "up";
    return `${shortName(name).padEnd(30)} ${status.padEnd(14)} ${(isDown(block) ? "down" : "up").padEnd(8)} ${text}`;
  });
  return `Interface                      Status         Protocol Description\n${rows.join("\n")}\n`;
}

/** `show ip interface brief`. */
export function ipBrief(state: IosState): string {
  const names = state.config.interfaces();
  const vlansFirst = [
    ...names.filter(([name]) => kindOf(name) === "Vlan"),
    ...names.filter(([name]) => kindOf(name) !== "Vlan"),
  ];
  const rows = vlansFirst.map(([name, block]) => {
    const address = addressesOf(block)[0]?.address ?? "unassigned";
    const status = isDown(block) ? "administratively down" : "up";
    return `${name.padEnd(22)} ${address.padEnd(15)} YES ${(address === "unassigned" ? "unset" : "NVRAM").padEnd(6)} ${status.padEnd(21)} ${isDown(block) ? "down" : "up"}`;
  });
  return `Interface              IP-Address      OK? Method Status                Protocol\n${rows.join("\n")}\n`;
}

/** `show etherchannel summary`. */
export function etherchannels(state: IosState): string {
  const bundles = state.config.interfaces().filter(([name]) => kindOf(name) === "Port-channel");
  const rows = bundles.map(([name, block]) => {
    const number = Number(name.slice("Port-channel".length));
    const members = state.config.members(number).map((port) => `${shortName(port)}(P)`);
    const flags = `(${isRouted(block) ? "R" : "S"}${isDown(block) || members.length === 0 ? "D" : "U"})`;
    return `${String(number).padEnd(7)}${(shortName(name) + flags).padEnd(14)}${"LACP".padEnd(13)}${members.join(" ")}`;
  });
  return `Number of channel-groups in use: ${bundles.length}\nNumber of aggregators:           ${bundles.length}\n\nGroup  Port-channel  Protocol    Ports\n------+-------------+-----------+-----------------------------------------------\n${rows.join("\n")}\n\n`;
}

/** `show ip access-lists`. */
export function accessLists(state: IosState, wanted: string | undefined): string {
  const lists = state.config.root.blocks("acl").filter(([name]) => wanted === undefined || wanted === name);
  return lists
    .map(([name, list]) => {
      const kind = list.view === "acl-standard" ? "Standard" : "Extended";
      const rows = entriesOf(list)
        .filter(([, text]) => !text.startsWith("remark "))
        .map(([number, text]) => `    ${number} ${text}\n`);
      return `${kind} IP access list ${name}\n${rows.join("")}`;
    })
    .join("");
}

/** `show spanning-tree summary`. */
export function spanningTree(state: IosState): string {
  const mode = /^spanning-tree mode (\S+)$/m.exec(state.text())?.[1] ?? "rapid-pvst";
  return `Switch is in ${mode} mode\nRoot bridge for: none\n`;
}

/** `show vtp status`. */
export function vtp(state: IosState): string {
  const mode = /^vtp mode (\S+)$/m.exec(state.text())?.[1] ?? "transparent";
  const shown = `${mode.slice(0, 1).toUpperCase()}${mode.slice(1)}`;
  return `VTP Version capable             : 1 to 3\nVTP version running             : 1\nVTP Domain Name                 : \nVTP Pruning Mode                : Disabled\nVTP Traps Generation            : Disabled\nDevice ID                       : 40f0.7800.0000\nConfiguration last modified by 0.0.0.0 at 0-0-00 00:00:00\n\nFeature VLAN:\n--------------\nVTP Operating Mode                : ${shown}\nMaximum VLANs supported locally   : 1005\nNumber of existing VLANs          : ${state.config.vlans().length + 4}\nConfiguration Revision            : 0\n`;
}

/** `show mac address-table`: an emulator forwards nothing and learns nothing. */
export function macTable(): string {
  return "          Mac Address Table\n-------------------------------------------\n\nVlan    Mac Address       Type        Ports\n----    -----------       --------    -----\nTotal Mac Addresses for this criterion: 0\n";
}

/** `show ip arp`. */
export function arp(state: IosState): string {
  const rows = state.config
    .interfaces()
    .flatMap(([name, block]) =>
      addressesOf(block).map(
        (one) => `Internet  ${one.address.padEnd(16)}       -   40f0.7800.0001  ARPA   ${name}`,
      ),
    );
  return `Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n${rows.join("\n")}${rows.length > 0 ? "\n" : ""}`;
}

/** `show cdp neighbors`. */
export function cdp(): string {
  return "Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge\n                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone\n\nDevice ID        Local Intrfce     Holdtme    Capability  Platform  Port ID\n\nTotal cdp entries displayed : 0\n";
}

/** `show lldp neighbors`. */
export function lldp(): string {
  return "% LLDP is not enabled\n";
}

/** `show ip route`: what is connected and what is configured. */
export function routes(state: IosState): string {
  const connected = state.config
    .interfaces()
    .flatMap(([name, block]) =>
      isDown(block)
        ? []
        : addressesOf(block).map(
            (one) => `C        ${one.address} ${one.mask} is directly connected, ${name}`,
          ),
    );
  const fixed = state.config.root
    .all("ip route")
    .map(([, text]) => `S     ${text.split(" ").slice(2).join(" ")}`);
  return `Codes: L - local, C - connected, S - static\n\n${[...fixed, ...connected].join("\n")}\n`;
}
