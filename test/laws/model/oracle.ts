import type { Held, Shelf } from "./device.ts";

/** A packet of the small world in which every prefix is judged. */
export interface SmallPacket {
  readonly protocol: "tcp" | "udp" | "icmp";
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** Packets that tell the rules of the random devices apart. */
export const PACKETS: readonly SmallPacket[] = ["10.0.10.5", "10.0.30.5", "10.0.99.9", "192.0.2.1"].flatMap(
  (from) =>
    ["10.0.20.5", "10.9.9.9"].flatMap((to) => [
      { protocol: "tcp", from, to, port: 443 } as const,
      { protocol: "tcp", from, to, port: 80 } as const,
      { protocol: "tcp", from, to, port: 22 } as const,
      { protocol: "udp", from, to, port: 53 } as const,
      { protocol: "icmp", from, to, port: 0 } as const,
    ]),
);

/** What every place of a device does with every packet, and the names that are used without standing. */
export interface Verdicts {
  readonly byPlace: ReadonlyMap<string, readonly boolean[]>;
  readonly dangling: readonly string[];
}

/** Judges a modelled device. */
export function judge(platform: string, root: Shelf): Verdicts {
  const look = JUDGES[platform];
  if (!look) throw new Error(`no judge for ${platform}`);
  return look(root);
}

const JUDGES: Readonly<Record<string, (root: Shelf) => Verdicts>> = {
  comware: judgeComware,
  eos: judgeEos,
  iosxe: judgeIos,
  vrp: judgeVrp,
};

function judgeComware(root: Shelf): Verdicts {
  const byPlace = new Map<string, boolean[]>();
  const dangling: string[] = [];
  for (const [name, held] of root) {
    const filter = held.below?.get("filter inbound")?.line.split(" ")[1];
    const terminal = held.below?.get("acl inbound")?.line.split(" ")[1];
    const bound = filter ?? terminal;
    const list = bound === undefined ? undefined : root.get(`acl ${bound}`);
    if (bound !== undefined && !list) dangling.push(`${name} ${bound}`);
    if (name.startsWith("interface Vlan-")) byPlace.set(name, decide([list], "permit"));
    if (name.startsWith("line ")) byPlace.set(name, decide([list], "deny"));
    lookAtVlans(root, name, held, dangling, /^interface Vlan-interface(\d+)$/);
  }
  return { byPlace, dangling };
}

function judgeEos(root: Shelf): Verdicts {
  const byPlace = new Map<string, boolean[]>();
  const dangling: string[] = [];
  for (const [name, held] of root) {
    const bound = held.below?.get("acl in")?.line.split(" ")[2];
    const list = bound === undefined ? undefined : root.get(`ip access-list ${bound}`);
    if (bound !== undefined && !list) dangling.push(`${name} ${bound}`);
    if (/^(?:interface Vlan|management ssh)/.test(name)) byPlace.set(name, decide([list], "deny"));
    lookAtVlans(root, name, held, dangling, /^interface Vlan(\d+)$/);
  }
  return { byPlace, dangling };
}

function lookAtVlans(root: Shelf, name: string, held: Held, dangling: string[], svi: RegExp): void {
  const own = svi.exec(name)?.[1];
  const access = held.below?.get("access")?.line.split(" ").at(-1);
  for (const vlan of [own, access])
    if (vlan !== undefined && vlan !== "1" && !root.has(`vlan ${vlan}`))
      dangling.push(`${name} vlan ${vlan}`);
}

function judgeIos(root: Shelf): Verdicts {
  const byPlace = new Map<string, boolean[]>();
  const dangling: string[] = [];
  for (const [name, held] of root) {
    const bound =
      held.below?.get("acl in")?.line.split(" ")[2] ?? held.below?.get("class in")?.line.split(" ")[1];
    const list = bound === undefined ? undefined : root.get(`ip access-list extended ${bound}`);
    if (bound !== undefined && !list) dangling.push(`${name} ${bound}`);
    if (/^(interface Vlan|line )/.test(name)) byPlace.set(name, decide([list], "deny"));
    const vlan = held.below?.get("access")?.line.split(" ")[3];
    if (vlan !== undefined && vlan !== "1" && !root.has(`vlan ${vlan}`))
      dangling.push(`${name} vlan ${vlan}`);
    const svi = /^interface Vlan(\d+)$/.exec(name)?.[1];
    if (svi !== undefined && svi !== "1" && !root.has(`vlan ${svi}`)) dangling.push(name);
  }
  return { byPlace, dangling };
}

function judgeVrp(root: Shelf): Verdicts {
  const byPlace = new Map<string, boolean[]>();
  const dangling: string[] = [];
  for (const [name, held] of root) {
    const filters = [...(held.below?.values() ?? [])].flatMap(
      (line) => /^traffic-filter inbound acl (\S+)$/.exec(line.line)?.[1] ?? [],
    );
    const terminal = held.below?.get("ui acl inbound")?.line.split(" ")[1];
    for (const bound of [...filters, ...(terminal ? [terminal] : [])]) {
      if (!root.has(`acl ${bound}`)) dangling.push(`${name} ${bound}`);
    }
    if (name.startsWith("interface Vlanif"))
      byPlace.set(
        name,
        decide(
          filters.map((list) => root.get(`acl ${list}`)),
          "permit",
        ),
      );
    if (name.startsWith("user-interface"))
      byPlace.set(name, decide(terminal ? [root.get(`acl ${terminal}`)] : [], "deny"));
  }
  return { byPlace, dangling };
}

/** Several lists are asked in turn; a list without entries, or none at all, lets everything through. */
function decide(lists: readonly (Held | undefined)[], otherwise: "permit" | "deny"): boolean[] {
  const filled = lists.filter((list) => list?.entries && list.entries.size > 0);
  return PACKETS.map((packet) => {
    if (filled.length === 0) return true;
    for (const list of filled) {
      const texts = [...(list?.entries ?? [])].sort((a, b) => a[0] - b[0]).map(([, text]) => text);
      const hit = texts.find((text) => matches(text, packet));
      if (hit !== undefined) return hit.startsWith("permit");
    }
    return otherwise === "permit";
  });
}

function matches(text: string, packet: SmallPacket): boolean {
  const words = text.split(" ");
  if (words[1] !== "ip" && words[1] !== packet.protocol) return false;
  const port = /(?:^| )eq (\d+)/.exec(text)?.[1];
  if (port !== undefined && Number(port) !== packet.port) return false;
  if (text.includes("source") || text.includes("destination") || !/ any| \d+\.\d/.test(text)) {
    return (
      inside(/ source (\S+ \S+)/.exec(text)?.[1], packet.from) &&
      inside(/ destination (\S+ \S+)/.exec(text)?.[1], packet.to)
    );
  }
  const [source, target] = sides(words.slice(2));
  return inside(source, packet.from) && inside(target, packet.to);
}

function sides(words: readonly string[]): [string | undefined, string | undefined] {
  const rest = [...words];
  const take = () => {
    const first = rest.shift();
    return first === "any" || first === undefined ? undefined : `${first} ${rest.shift() ?? ""}`;
  };
  return [take(), take()];
}

function inside(area: string | undefined, address: string): boolean {
  if (area === undefined) return true;
  const [base = "", wildcard = ""] = area.split(" ");
  const b = base.split(".").map(Number);
  const w = wildcard.split(".").map(Number);
  return address.split(".").every((octet, i) => ((Number(octet) ^ (b[i] ?? 0)) & ~(w[i] ?? 0) & 255) === 0);
}

/** What is wrong with a state on the way; empty where it is safe. */
export function faultsOf(before: Verdicts, after: Verdicts, now: Verdicts): string[] {
  const faults = now.dangling.filter(
    (name) => !before.dangling.includes(name) && !after.dangling.includes(name),
  );
  const open = PACKETS.map(() => true);
  for (const place of new Set([...before.byPlace.keys(), ...after.byPlace.keys(), ...now.byPlace.keys()])) {
    const old = before.byPlace.get(place) ?? open;
    const next = after.byPlace.get(place) ?? open;
    const current = now.byPlace.get(place) ?? open;
    for (const [i, permits] of current.entries()) {
      if (permits !== old[i] && permits !== next[i]) faults.push(`${place} ${JSON.stringify(PACKETS[i])}`);
    }
  }
  return faults;
}
