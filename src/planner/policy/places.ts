/** The VLAN of a gateway's interface by its name: `Vlan20`, `Vlanif20`, `Vlan-interface20`, `irb.20`. */
export function vlanOf(place: string): number | undefined {
  const number = /^(?:vlan|vlanif|vlan-interface|irb\.|interface vlan)\s?(\d+)$/i.exec(place)?.[1];
  return number === undefined ? undefined : Number(number);
}
