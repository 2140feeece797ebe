import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { newKeyPair } from "../../../src/lab/key-pair.ts";
import { checkLabPrerequisites } from "../../../src/lab/real/prerequisites.ts";
import type { LabDevice, LabLinkEnd, LabOptions, LabSite, LabUser } from "../../../src/lab/real/types.ts";

/** The key that the tests' operator logs in with. */
export const OPERATOR_KEY = newKeyPair();

/** Accounts of every device of the tests. */
export const USERS: readonly LabUser[] = [
  { name: "root", authorizedKeys: [OPERATOR_KEY.public] },
  { name: "ops", authorizedKeys: [OPERATOR_KEY.public], password: "practice makes", sudo: true },
];

/** Why labs cannot run here, for the title of a skipped test; undefined where they can. In CI nothing is skipped. */
export async function whyNoLab(): Promise<string | undefined> {
  const findings = await checkLabPrerequisites();
  if (findings.length === 0 || process.env.CI !== undefined) return undefined;
  return findings.map((finding) => finding.message).join("; ");
}

/** A title that says why a test is skipped. */
export function titled(title: string, reason: string | undefined): string {
  return reason === undefined ? title : `${title} [skipped: ${reason}]`;
}

const stateDirs: string[] = [];
afterAll(() => {
  for (const folder of stateDirs) rmSync(folder, { recursive: true, force: true });
});

/** Options of a lab of its own; the folder goes when the test file is done. */
export function newLabOptions(): LabOptions {
  const stateDir = mkdtempSync(join(tmpdir(), "lab-"));
  stateDirs.push(stateDir);
  return { stateDir };
}

/** Links from text: `fw:lan10 sw1:u1`. */
export function links(...texts: readonly string[]): [LabLinkEnd, LabLinkEnd][] {
  const end = (text = ""): LabLinkEnd => {
    const [device = "", name = ""] = text.split(":");
    return { device, interface: name };
  };
  return texts.map((text) => {
    const [a, b] = text.split(" ");
    return [end(a), end(b)];
  });
}

/** A host without an sshd: an address in a network. */
export function host(name: string, address: string, gateway: string): LabDevice {
  const interfaces = [{ name: "eth0", addresses: [address] }];
  return { name, kind: "host", interfaces, routes: [{ to: "default", via: gateway }] };
}

/** A server with one address. */
export function server(name: string, address: string, gateway: string): LabDevice {
  return { ...host(name, address, gateway), kind: "linux-server", users: USERS };
}

/** A small office: office network 10, servers 20, guests 90, behind one firewall and two switches. */
export function officeSite(): LabSite {
  return {
    name: "acme/office",
    devices: [
      {
        name: "fw",
        kind: "nftables-firewall",
        users: USERS,
        interfaces: [
          { name: "lan10", addresses: ["10.77.10.1/24", "2001:db8:10::1/64"] },
          { name: "lan20", addresses: ["10.77.20.1/24", "2001:db8:20::1/64"] },
          { name: "lan90", addresses: ["10.77.90.1/24"] },
        ],
      },
      {
        name: "sw1",
        kind: "openvswitch-switch",
        users: USERS,
        interfaces: ["f10", "f20", "f90", "up", "p1", "p2", "spare"].map((name) => ({ name })),
        switch: {
          ports: {
            f10: { access: 10 },
            f20: { access: 20 },
            f90: { access: 90 },
            up: { trunk: [10, 20] },
            p1: { access: 10 },
            p2: { access: 20 },
          },
        },
      },
      {
        name: "sw2",
        kind: "openvswitch-switch",
        users: USERS,
        interfaces: ["up", "p1", "p2", "p3"].map((name) => ({ name })),
        switch: {
          ports: { up: { trunk: [10, 20] }, p1: { access: 10 }, p2: { access: 20 }, p3: { access: 90 } },
        },
      },
      server("srv1", "10.77.20.10/24", "10.77.20.1"),
      server("srv2", "10.77.20.11/24", "10.77.20.1"),
      {
        ...host("pc1", "10.77.10.11/24", "10.77.10.1"),
        interfaces: [{ name: "eth0", addresses: ["10.77.10.11/24", "2001:db8:10::11/64"] }],
        routes: [
          { to: "default", via: "10.77.10.1" },
          { to: "default", via: "2001:db8:10::1" },
        ],
      },
      host("pc2", "10.77.10.12/24", "10.77.10.1"),
      host("guest", "10.77.90.13/24", "10.77.90.1"),
    ],
    links: links(
      "fw:lan10 sw1:f10",
      "fw:lan20 sw1:f20",
      "fw:lan90 sw1:f90",
      "sw1:up sw2:up",
      "pc1:eth0 sw1:p1",
      "srv1:eth0 sw1:p2",
      "pc2:eth0 sw2:p1",
      "srv2:eth0 sw2:p2",
      "guest:eth0 sw2:p3",
    ),
  };
}
