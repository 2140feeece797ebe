/** A pair of configurations: as the device runs, and as it should be. */
export interface Pair {
  readonly running: string;
  readonly intended: string;
}

/** A Cisco switch of 281 lines; every tenth port, a VLAN and an entry of its list differ between the two. */
export function switchPair(number: number): Pair {
  return { running: switchText(number, false), intended: switchText(number, true) };
}

function switchText(number: number, changed: boolean): string {
  const lines = [`hostname sw${number}`, "!"];
  for (let vlan = 10; vlan < 20; vlan += 1) lines.push(`vlan ${vlan}`, ` name V${vlan}`, "!");
  if (changed) lines.push("vlan 30", " name LAB", "!");
  for (let port = 1; port <= 40; port += 1) {
    const moved = changed && port % 10 === 0;
    lines.push(
      `interface GigabitEthernet1/0/${port}`,
      ` description desk ${number}-${port}`,
      ` switchport access vlan ${moved ? 30 : 10 + (port % 10)}`,
      " switchport mode access",
      " spanning-tree portfast",
      "!",
    );
  }
  lines.push("ip access-list extended OFFICE-IN");
  for (let entry = 1; entry <= (changed ? 5 : 4); entry += 1) {
    lines.push(` ${entry * 10} permit tcp 10.1.${entry}.0 0.0.0.255 any eq 443`);
  }
  lines.push("!", "line vty 0 4", " transport input ssh", "!", "end", "");
  return lines.join("\n");
}

/** A Cisco configuration of about so many lines: interfaces, lists and routes.
 *  @param salt - ports, their descriptions and routes of one number stand in no text of another number */
export function largeConfig(lines: number, salt = 0): string {
  const out = ["hostname big", "!"];
  for (let port = 0; out.length < lines * 0.6; port += 1) {
    out.push(
      `interface GigabitEthernet${Math.floor(port / 48) + 1 + salt * 1000}/0/${(port % 48) + 1}`,
      ` description desk ${salt}-${port}`,
      ` switchport access vlan ${10 + (port % 90)}`,
      " switchport mode access",
      " spanning-tree portfast",
      "!",
    );
  }
  for (let list = 0; out.length < lines * 0.9; list += 1) {
    out.push(`ip access-list extended L${list}`);
    for (let entry = 1; entry <= 20; entry += 1)
      out.push(` ${entry * 10} permit tcp 10.${list % 250}.${entry}.0 0.0.0.255 any eq ${1000 + entry}`);
    out.push("!");
  }
  const hop = `10.255.${salt % 250}.${1 + Math.floor(salt / 250)}`;
  for (let route = 0; out.length < lines - 2; route += 1)
    out.push(`ip route 10.${route % 250}.${Math.floor(route / 250) % 250}.0 255.255.255.0 ${hop}`);
  return `${[...out, "!", "end"].join("\n")}\n`;
}

/** A list of so many entries, and the same with one more in its middle. */
export function listPair(entries: number): Pair {
  const lines = Array.from(
    { length: entries },
    (_, at) =>
      ` ${(at + 1) * 10} permit tcp host 10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255} any eq 443`,
  );
  const text = (body: readonly string[]): string =>
    ["ip access-list extended BIG", ...body, "!", "end", ""].join("\n");
  const middle = entries / 2;
  const more = [
    ...lines.slice(0, middle),
    ` ${middle * 10 + 5} permit tcp host 192.0.2.1 any eq 22`,
    ...lines.slice(middle),
  ];
  return { running: text(lines), intended: text(more) };
}

/** Two configurations that are so many changes apart: descriptions, VLANs of ports, entries of lists. */
export function changesPair(changes: number): Pair {
  const ports = Math.ceil(changes / 2);
  const text = (changed: boolean): string => {
    const lines = ["hostname many", "!"];
    for (let vlan = 10; vlan < 30; vlan += 1) lines.push(`vlan ${vlan}`, "!");
    for (let port = 0; port < ports; port += 1) {
      lines.push(
        `interface GigabitEthernet${Math.floor(port / 48) + 1}/0/${(port % 48) + 1}`,
        ` description ${changed ? "new" : "old"} ${port}`,
        ` switchport access vlan ${changed ? 20 + (port % 10) : 10 + (port % 10)}`,
        " switchport mode access",
        "!",
      );
    }
    return `${[...lines, "end"].join("\n")}\n`;
  };
  return { running: text(false), intended: text(true) };
}
