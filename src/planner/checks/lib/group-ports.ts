import type { FileWhere } from "../../../model/finding.ts";
import type { DeviceIntent } from "../../../model/intent.ts";
import type { Problem } from "../types.ts";

interface Placed {
  readonly name: string;
  readonly origin: FileWhere;
}

/** Makes one problem of all ports that one entry of the YAML stands for, so that a range is told once.
 *  @param what - `has no BPDU guard`, `have` is made of `has` where several ports are meant */
export function perPlace(
  device: DeviceIntent,
  ports: readonly Placed[],
  what: string,
  hint: string,
  more: Pick<Problem, "severity" | "related"> = {},
): Problem[] {
  const places = new Map<string, Placed[]>();
  for (const port of ports) {
    const key = `${port.origin.file}:${port.origin.line}:${port.origin.column}`;
    const list = places.get(key);
    if (list) list.push(port);
    else places.set(key, [port]);
  }
  return [...places.values()].map((group) => {
    const [first] = group;
    const name = `${device.name}:${first?.name ?? ""}`;
    const subject = group.length === 1 ? name : `${name} and ${group.length - 1} more`;
    const verb = group.length === 1 ? what : what.replace(/^has\b/, "have").replace(/^is\b/, "are");
    return { where: first?.origin ?? device.origin, message: `${subject} ${verb}`, hint, ...more };
  });
}
