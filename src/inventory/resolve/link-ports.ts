import type { FileWhere } from "../../model/finding.ts";
import { expandRange } from "../layers/ranges.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { DeviceDraft } from "./machines.ts";
import type { DevicePorts } from "./plan-ports.ts";
import { derivedPort, findPort, planPorts } from "./plan-ports.ts";
import type { FarEnd, LinkPlan, PortPlan } from "./port-plan.ts";
import { spellEnd, splitEnd } from "./port-plan.ts";

/** Ports and cables of a site. */
export interface Cabling {
  /** By device name, then port name. */
  readonly ports: ReadonlyMap<string, DevicePorts>;
  readonly links: readonly LinkPlan[];
  /** Whether all cables could be followed; where not, what they do not carry is no news. */
  readonly complete: boolean;
}

/** Joins ports to what they name: a link is written once, on either end, and the far end follows from it. */
export function linkPorts(
  base: SiteBase,
  devices: ReadonlyMap<string, DeviceDraft>,
  findings: Findings,
): Cabling {
  return new Linker(base, devices, findings).run();
}

class Linker {
  readonly #base: SiteBase;
  readonly #devices: ReadonlyMap<string, DeviceDraft>;
  readonly #findings: Findings;
  readonly #ports = new Map<string, DevicePorts>();
  readonly #links: LinkPlan[] = [];
  /** Ends of servers that a port was already found for. */
  readonly #taken = new Map<string, FileWhere>();

  constructor(base: SiteBase, devices: ReadonlyMap<string, DeviceDraft>, findings: Findings) {
    this.#base = base;
    this.#devices = devices;
    this.#findings = findings;
  }

  run(): Cabling {
    const before = this.#findings.list.length;
    for (const device of this.#devices.values())
      this.#ports.set(device.name, planPorts(device, this.#base, this.#findings));
    this.#joinWan();
    for (const device of this.#devices.values()) this.#joinDevice(device);
    this.#joinServers();
    this.#joinHosts();
    for (const ports of this.#ports.values()) for (const plan of ports.values()) this.#checkOneEnd(plan);
    return { ports: this.#ports, links: this.#links, complete: this.#findings.list.length === before };
  }

  #joinDevice(device: DeviceDraft): void {
    for (const entry of device.ports.values()) {
      const { to } = entry.data;
      const near = this.#ports.get(device.name)?.get(entry.name);
      if (to === undefined || !near) continue;
      const where = entry.places.value(entry.data, "to");
      const targets = typeof to === "string" ? (this.#isExactEnd(to) ? [to] : (expandRange(to) ?? [to])) : to;
      const target = targets[entry.index];
      if (targets.length !== entry.width) {
        if (entry.index === 0)
          this.#findings.report(
            "PORT-ENDS",
            where,
            `${entry.width} ports, and \`to\` names ${targets.length} ends`,
            "name one end a port, in their order",
          );
        continue;
      }
      if (target !== undefined) this.#join(near, target, where);
    }
  }

  #isExactEnd(text: string): boolean {
    const { name, port } = splitEnd(text);
    if (port === undefined) return true;
    const device = this.#devices.get(name);
    return device?.modelPorts.has(port) ?? false;
  }

  #join(near: PortPlan, target: string, where: FileWhere): void {
    const { name, port } = splitEnd(target);
    const device = this.#devices.get(name);
    if (device) {
      this.#joinPorts(near, device, port, where);
      return;
    }
    const server = this.#base.servers.get(name);
    if (server) {
      const end = server.interfaces.find((one) => one.name === port);
      if (!end) {
        this.#findings.report(
          "PORT-UNKNOWN",
          where,
          `the server ${name} has no interface ${port ?? ""}`.trim(),
          `interfaces: ${listNames(server.interfaces.map((one) => one.name)) || "none"}; write ${name}:${server.interfaces[0]?.name ?? "eth0"}`,
        );
        return;
      }
      this.#attachServer(near, name, end.name, end.network, where);
      return;
    }
    if (this.#base.hosts.has(name)) {
      this.#attach(near, { kind: "host", name, port }, where);
      return;
    }
    const known = [...this.#devices.keys(), ...this.#base.servers.keys(), ...this.#base.hosts.keys()];
    const close = suggest(name, known);
    this.#findings.report(
      "REF-LINK",
      where,
      `the other end "${target}" is nothing of this site`,
      close ? `did you mean ${spellEnd(close, port)}?` : `devices: ${listNames(this.#devices.keys())}`,
      { about: name },
    );
  }

  #joinPorts(near: PortPlan, device: DeviceDraft, port: string | undefined, where: FileWhere): void {
    if (port === undefined) {
      this.#findings.report(
        "LNK-ONE-END",
        where,
        `the link names ${device.name} without a port`,
        `write ${device.name}:PORT, e.g. ${device.name}:${device.modelPorts.keys().next().value ?? "eth0"}`,
      );
      return;
    }
    const farName = findPort(device, port, where, this.#findings);
    if (farName === undefined) return;
    const ports = this.#ports.get(device.name) ?? new Map<string, PortPlan>();
    let far = ports.get(farName);
    if (far === near) {
      this.#findings.report(
        "LNK-LOOP",
        where,
        `${spellEnd(device.name, farName)} is linked to itself`,
        "name the other end of the cable",
      );
      return;
    }
    if (near.far?.kind === "device" && near.far.name === device.name && near.far.port === farName) return;
    if (near.far && this.#refuseTwice(near, where)) return;
    if (far?.far) {
      this.#refuseTwice(far, where);
      return;
    }
    if (!far) {
      far = derivedPort(device, farName, near, where);
      ports.set(farName, far);
    } else this.#completeFar(far, near);
    near.far = { kind: "device", name: device.name, port: farName };
    far.far = { kind: "device", name: near.device.name, port: near.name };
    this.#links.push({ a: near, b: far, at: where });
  }

  /** A far end that is listed without saying what it is takes after the near end. */
  #completeFar(far: PortPlan, near: PortPlan): void {
    const derived = derivedPort(far.device, far.name, near, far.at);
    if (far.mode === "unused" && far.data.mode === undefined) {
      far.mode = derived.mode;
      far.access = derived.access;
      far.native = derived.native;
      far.tagged = derived.tagged;
    }
    const lag = near.data.lag;
    if (far.lag && lag && (lag.far ?? lag.id) !== far.lag.id) {
      this.#findings.report(
        "LAG-MISMATCH",
        near.at,
        `${spellEnd(near.device.name, near.name)} expects aggregation ${lag.far ?? lag.id} at the other end, which is in ${far.lag.id}`,
        "give both ends the same number, or say `far:`",
        { related: [far.at] },
      );
    }
    far.lag ??= derived.lag;
  }

  #refuseTwice(plan: PortPlan, where: FileWhere): boolean {
    const other = plan.far ? spellEnd(plan.far.name, plan.far.port) : "";
    this.#findings.report(
      "PORT-TWICE",
      where,
      `${spellEnd(plan.device.name, plan.name)} is already linked to ${other}`,
      "one port takes one cable: name another port",
      { related: [plan.at] },
    );
    return true;
  }

  #attach(plan: PortPlan, far: FarEnd, where: FileWhere): void {
    if (plan.far) {
      if (plan.far.name === far.name && plan.far.kind === far.kind) return;
      this.#refuseTwice(plan, where);
      return;
    }
    plan.far = far;
  }

  #attachServer(plan: PortPlan, server: string, port: string, network: string, where: FileWhere): void {
    const end = spellEnd(server, port);
    const known = this.#taken.get(end);
    if (known && !(plan.far?.name === server && plan.far.port === port)) {
      this.#findings.report(
        "PORT-TWICE",
        where,
        `${end} is already linked to another port`,
        "one interface takes one cable",
        { related: [known] },
      );
      return;
    }
    this.#taken.set(end, where);
    this.#attach(plan, { kind: "server", name: server, port }, where);
    this.#putInto(plan, network, end, where);
  }

  /** The network of an access port comes from what is plugged in; a written one must agree. */
  #putInto(plan: PortPlan, network: string, what: string, where: FileWhere): void {
    const found = this.#base.networks.get(network);
    if (!found) return;
    if (plan.mode === "trunk") {
      const carries = plan.native === found || plan.tagged === "needed" || plan.tagged.includes(found);
      if (!carries)
        this.#findings.report(
          "L2-003",
          where,
          `${what} is in ${network}, which the trunk ${spellEnd(plan.device.name, plan.name)} does not carry`,
          `add ${network} to its tagged networks`,
          { related: [plan.at] },
        );
      return;
    }
    if (plan.access && plan.access !== found) {
      this.#findings.report(
        "L2-PORT-NETWORK",
        where,
        `${what} is in ${network}, its port ${spellEnd(plan.device.name, plan.name)} in ${plan.access.name}`,
        "take `network` off the port: it follows from what is plugged in",
        { related: [plan.at] },
      );
      return;
    }
    plan.access = found;
    if (plan.mode === "unused" && plan.data.mode === undefined) plan.mode = "access";
  }

  #joinServers(): void {
    for (const server of this.#base.servers.values()) {
      for (const [name, entry] of Object.entries(server.data.interfaces ?? {})) {
        if (entry.to === undefined) continue;
        const where = server.places.value(entry, "to");
        const plan = this.#portOf(entry.to, where);
        if (plan) this.#attachServer(plan, server.name, name, entry.network, where);
      }
    }
  }

  #joinHosts(): void {
    for (const host of this.#base.hosts.values()) {
      if (host.data.port === undefined || host.scope !== "site") continue;
      const plan = this.#portOf(host.data.port, host.at);
      if (!plan) continue;
      this.#attach(plan, { kind: "host", name: host.name, port: undefined }, host.at);
      if (host.data.network !== undefined) this.#putInto(plan, host.data.network, host.name, host.at);
    }
  }

  #joinWan(): void {
    for (const [name, wan] of Object.entries(this.#base.settings.wan ?? {})) {
      if (wan.on === undefined) continue;
      const where = this.#base.places.value(wan, "on");
      const plan = this.#portOf(wan.on, where);
      if (!plan) continue;
      if (plan.far) {
        this.#refuseTwice(plan, where);
        continue;
      }
      plan.far = { kind: "wan", name, port: undefined };
      plan.mode = "routed";
    }
  }

  /** The plan of a port named from elsewhere; made where no file lists it. */
  #portOf(text: string, where: FileWhere): PortPlan | undefined {
    const { name, port } = splitEnd(text);
    const device = this.#devices.get(name);
    if (!device) {
      const near = suggest(name, this.#devices.keys());
      this.#findings.report(
        "REF-DEVICE",
        where,
        `there is no device "${name}" at this site`,
        near
          ? `did you mean ${spellEnd(near, port)}?`
          : `devices: ${listNames(this.#devices.keys()) || "none"}`,
        { about: name },
      );
      return undefined;
    }
    if (port === undefined) {
      this.#findings.report(
        "PORT-MISSING",
        where,
        `"${text}" names a device without a port`,
        `write ${name}:PORT`,
      );
      return undefined;
    }
    const known = findPort(device, port, where, this.#findings);
    if (known === undefined) return undefined;
    const ports = this.#ports.get(name);
    const plan = ports?.get(known) ?? derivedPort(device, known, undefined, where);
    ports?.set(known, plan);
    return plan;
  }

  /** A trunk that asks for what is needed behind it must say what is behind it. */
  #checkOneEnd(plan: PortPlan): void {
    if (plan.mode !== "trunk" || plan.far || plan.tagged !== "needed" || plan.data.to !== undefined) return;
    this.#findings.report(
      "LNK-ONE-END",
      plan.at,
      `the link of ${spellEnd(plan.device.name, plan.name)} has one end: nothing says what is behind it`,
      "write `to: DEVICE:PORT` here or at the other end, or list the tagged networks",
    );
  }
}
