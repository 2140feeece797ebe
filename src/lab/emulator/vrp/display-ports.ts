import { writeRuns } from "../cli/ranges.ts";
import type { Section } from "../cli/section.ts";
import { lengthOf } from "../ipv4.ts";
import { rulesOf, stepOf } from "./acl.ts";
import { ACL } from "./config.ts";
import { kindOf, shortName } from "./names.ts";
import { carriedVlans, linkType, pvid, trunkVlans } from "./port-vlan.ts";
import type { VrpState } from "./state.ts";
import { addressesOf } from "./table-interface.ts";

const LINE = "-".repeat(80);

interface SwitchPort {
  readonly name: string;
  readonly block: Section;
}

function switchPorts(state: VrpState): readonly SwitchPort[] {
  return state.config
    .interfaces()
    .filter(
      ([, block]) =>
        (block.view === "port" && block.get("eth-trunk") === undefined) || block.view === "trunk",
    )
    .map(([name, block]) => ({ name, block }));
}

function isUp(state: VrpState, name: string, block: Section): boolean {
  if (block.get("shutdown") !== undefined) return false;
  if (kindOf(name) !== "Eth-Trunk") return true;
  return state.config.members(name.slice("Eth-Trunk".length)).length > 0;
}

function isTagged(block: Section, vlan: number): boolean {
  return linkType(block) !== "access" && pvid(block) !== vlan;
}

/** Ports of a VLAN as cells, four a row, with a heading for tagged and untagged. */
function portRows(state: VrpState, vlan: number, indent: number): string[] {
  const rows: string[] = [];
  for (const tagged of [false, true]) {
    const cells = switchPorts(state)
      .filter(({ block }) => carriedVlans(block).includes(vlan) && isTagged(block, vlan) === tagged)
      .map(({ name, block }) => `${shortName(name)}(${isUp(state, name, block) ? "U" : "D"})`.padEnd(16));
    for (let at = 0; at < cells.length; at += 4) {
      const label = at === 0 ? (tagged ? "TG:" : "UT:") : "   ";
      rows.push(
        `${rows.length === 0 ? "" : " ".repeat(indent)}${label}${cells.slice(at, at + 4).join("")}`.trimEnd(),
      );
    }
  }
  return rows.length === 0 ? [""] : rows;
}

/** `display vlan`. */
export function vlans(state: VrpState, wanted: string | undefined): string {
  const shown = state.config.vlans().filter((id) => wanted === undefined || String(id) === wanted);
  if (shown.length === 0) return "Error: The VLAN does not exist.\n";
  const total = wanted === undefined ? `The total number of VLANs is : ${shown.length}\n` : "";
  const legend = `${LINE}\nU: Up;         D: Down;         TG: Tagged;         UT: Untagged;\nMP: Vlan-mapping;               ST: Vlan-stacking;\n#: ProtocolTransparent-vlan;    *: Management-vlan;\n${LINE}\n`;
  const members = shown.flatMap((id) => {
    const [first = "", ...rest] = portRows(state, id, 13);
    return [`${String(id).padEnd(5)}common  ${first}`.trimEnd(), ...rest];
  });
  const status = shown.map((id) => {
    const text = state.config.vlanBlock(id)?.get("description <text:line>")?.slice("description ".length);
    return `${String(id).padEnd(5)}enable  default  enable  disable  ${text ?? `VLAN ${String(id).padStart(4, "0")}`}`;
  });
  return `${total}${legend}\nVID  Type    Ports\n${LINE}\n${members.join("\n")}\n\nVID  Status  Property  MAC-LRN Statistics Description\n${LINE}\n${status.join("\n")}\n`;
}

/** `display vlan brief`. */
export function vlanBrief(state: VrpState): string {
  const rows = state.config.vlans().flatMap((id) => {
    const name = state.config.vlanBlock(id)?.get("name <name:word>")?.slice("name ".length) ?? "";
    const [first = "", ...rest] = portRows(state, id, 30);
    return [`${String(id).padEnd(6)}${name.padEnd(17)}enable  ${first}`.trimEnd(), ...rest];
  });
  return `U:Up;D:Down;TG:Tagged;UT:Untagged;\n\nVID  Name             Status  Ports\n${LINE}\n${rows.join("\n")}\n`;
}

/** `display vlan summary`. */
export function vlanSummary(state: VrpState): string {
  const ids = state.config.vlans();
  return `Static VLAN:\nTotal ${ids.length} static VLAN.\n  ${writeRuns(ids, " to ", 2).join(" ")}\n\nDynamic VLAN:\nTotal 0 dynamic VLAN.\n\nReserved VLAN:\nTotal 0 reserved VLAN.\n`;
}

/** `display port vlan`. */
export function portVlan(state: VrpState): string {
  const rows = switchPorts(state).flatMap(({ name, block }) => {
    const list = linkType(block) === "trunk" ? writeRuns(trunkVlans(block), "-", 2) : ["-"];
    const lines: string[] = [];
    let line = "";
    for (const run of list) {
      if (line.length + run.length > 30) {
        lines.push(line);
        line = "";
      }
      line += `${run} `;
    }
    lines.push(line);
    const [first = "", ...rest] = lines;
    return [
      `${name.padEnd(28)}${linkType(block).padEnd(13)}${String(pvid(block)).padEnd(6)}${first}`,
      ...rest.map((one) => " ".repeat(47) + one),
    ];
  });
  return `Port                        Link Type    PVID  Trunk VLAN List\n${LINE.slice(1)}\n${rows.join("\n")}\n`;
}

const LEGEND = `PHY: Physical
*down: administratively down
^down: standby
(l): loopback
(s): spoofing
(b): BFD down
(e): ETHOAM down
(d): Dampening Suppressed
InUti/OutUti: input utility/output utility
`;

function phyText(up: boolean, shut: boolean): string {
  return up ? "up" : shut ? "*down" : "down";
}

/** `display interface brief`; members stand below their Eth-Trunk. */
export function interfaceBrief(state: VrpState): string {
  const row = (name: string, block: Section, indent: string): string => {
    const up = isUp(state, name, block);
    const phy = name === "NULL0" ? "up" : phyText(up, block.get("shutdown") !== undefined);
    const protocol = name === "NULL0" ? "up(s)" : up ? "up" : "down";
    return `${`${indent}${name}`.padEnd(28)}${phy.padEnd(6)}${protocol.padEnd(10)}  0%     0%          0          0`;
  };
  const rows = [...state.config.interfaces()]
    .sort(([a], [b]) => Number(kindOf(b) === "Eth-Trunk") - Number(kindOf(a) === "Eth-Trunk"))
    .flatMap(([name, block]) => {
      if (block.get("eth-trunk") !== undefined) return [];
      const members =
        kindOf(name) === "Eth-Trunk" ? state.config.members(name.slice("Eth-Trunk".length)) : [];
      const below = members.flatMap((member) => {
        const inner = state.config.interface(member);
        return inner === undefined ? [] : [row(member, inner, "  ")];
      });
      return [row(name, block, ""), ...below];
    });
  return `${LEGEND}Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors\n${rows.join("\n")}\n`;
}

/** `display interface description`. */
export function descriptions(state: VrpState): string {
  const rows = state.config.interfaces().map(([name, block]) => {
    const up = isUp(state, name, block);
    const text = block.get("description")?.slice("description ".length) ?? "";
    return `${shortName(name).padEnd(30)}${phyText(up, block.get("shutdown") !== undefined).padEnd(8)}${(up ? "up" : "down").padEnd(9)}${text}`.trimEnd();
  });
  return `PHY: Physical\n*down: administratively down\nInterface                     PHY     Protocol Description\n${rows.join("\n")}\n`;
}

/** `display ip interface brief`. */
export function ipBrief(state: VrpState): string {
  const rows = state.config.interfaces().flatMap(([name, block]) => {
    if (!["vlanif", "routed"].includes(block.view) && name !== "NULL0") return [];
    const first = addressesOf(block)[0];
    const shown = first === undefined ? "unassigned" : `${first.address}/${lengthOf(first.mask)}`;
    const up = isUp(state, name, block);
    const phy = phyText(up, block.get("shutdown") !== undefined);
    return [
      `${name.padEnd(34)}${shown.padEnd(21)}${phy.padEnd(11)}${name === "NULL0" ? "up(s)" : up ? "up" : "down"}`,
    ];
  });
  return `*down: administratively down\n^down: standby\n(l): loopback\n(s): spoofing\nInterface                         IP Address/Mask      Physical   Protocol\n${rows.join("\n")}\n`;
}

/** `display eth-trunk`. */
export function trunks(state: VrpState, wanted: string | undefined): string {
  return state.config
    .interfaces()
    .filter(
      ([name]) => kindOf(name) === "Eth-Trunk" && (wanted === undefined || name === `Eth-Trunk${wanted}`),
    )
    .map(([name, block]) => {
      const number = name.slice("Eth-Trunk".length);
      const mode = block.get("mode") === undefined ? "NORMAL" : "LACP";
      const rows = state.config.members(number).map((member) => `${member.padEnd(30)}Up          1`);
      return `Eth-Trunk${number}'s state information is:\nWorkingMode: ${mode}         Hash arithmetic: According to SIP-XOR-DIP\nLeast Active-linknumber: 1  Max Bandwidth-affected-linknumber: 8\nOperate status: ${isUp(state, name, block) ? "up" : "down"}          Number Of Up Port In Trunk: ${rows.length}\n${LINE}\nPortName                      Status      Weight\n${rows.join("\n")}\n`;
    })
    .join("\n");
}

/** `display acl`. */
export function acls(state: VrpState, wanted: string | undefined): string {
  const lists = state.config.root.blocks(ACL).filter(([key]) => wanted === undefined || key === wanted);
  const shown = lists.map(([key, list]) => {
    const rules = rulesOf(list);
    const kind = list.view === "acl-basic" ? "Basic" : "Advanced";
    const title = /^\d+$/.test(key) ? key : `${key} ${list.header.split(" ").at(-1)}`;
    const rows = rules.map(([id, text]) => ` rule ${id} ${text} \n`);
    return `${kind} ACL ${title}, ${rules.length} rule${rules.length === 1 ? "" : "s"}\nAcl's step is ${stepOf(list)}\n${rows.join("")}`;
  });
  const total =
    wanted === undefined
      ? ` Total quantity of nonempty ACL number is ${lists.filter(([, list]) => rulesOf(list).length > 0).length} \n\n`
      : "";
  return `${total}${shown.join("\n")}`;
}

/** `display ip routing-table`: what is connected and what is configured. */
export function routes(state: VrpState): string {
  const connected = state.config
    .interfaces()
    .flatMap(([name, block]) =>
      isUp(state, name, block)
        ? addressesOf(block).map(
            (one) =>
              `    ${`${one.address}/${lengthOf(one.mask)}`.padEnd(20)}Direct  0    0           D   ${one.address.padEnd(16)}${name}`,
          )
        : [],
    );
  const fixed = state.config.root
    .all("route")
    .map(([, text]) => `    ${text.replace("ip route-static ", "")}  Static`);
  return `Route Flags: R - relay, D - download to fib\n${LINE}\nRouting Tables: Public\n\nDestination/Mask    Proto   Pre  Cost      Flags NextHop         Interface\n\n${[...fixed, ...connected].join("\n")}\n`;
}

/** `display arp`. */
export function arp(state: VrpState): string {
  const line = "-".repeat(78);
  const rows = state.config
    .interfaces()
    .flatMap(([name, block]) =>
      addressesOf(block).map(
        (one) => `${one.address.padEnd(16)}f445-88aa-b900            I -         ${name}`,
      ),
    );
  return `IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE\n                                          VLAN/CEVLAN\n${line}\n${rows.join("\n")}${rows.length > 0 ? "\n" : ""}${line}\nTotal:${String(rows.length).padEnd(10)}Dynamic:0       Static:0     Interface:${rows.length}\n`;
}

/** `display mac-address`: an emulator forwards nothing and learns nothing. */
export function macTable(): string {
  const line = "-".repeat(79);
  return `${line}\nMAC Address    VLAN/VSI                          Learned-From        Type      \n${line}\n${line}\nTotal items displayed = 0 \n`;
}

/** `display stp brief`. */
export function stp(state: VrpState): string {
  const rows = switchPorts(state)
    .filter(({ name, block }) => isUp(state, name, block))
    .map(({ name }) => `   0    ${name.padEnd(28)}DESI  FORWARDING      NONE`);
  return ` MSTID  Port                        Role  STP State     Protection\n${rows.join("\n")}\n`;
}
