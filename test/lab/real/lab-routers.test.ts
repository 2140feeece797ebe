import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitOnConsole } from "../../../src/lab/real/faults.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labIdOf, labPaths } from "../../../src/lab/real/lab-names.ts";
import { labStatus } from "../../../src/lab/real/lab-status.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import { listNamespaces } from "../../../src/lab/real/namespaces.ts";
import { probeOnce } from "../../../src/lab/real/prober.ts";
import type { LabDevice, LabState } from "../../../src/lab/real/types.ts";
import {
  host,
  links,
  newLabOptions,
  OPERATOR_KEY,
  officeSite,
  server,
  titled,
  USERS,
  whyNoLab,
} from "./practice-site.ts";
import { runOver } from "./ssh.ts";

const reason = await whyNoLab();
const root = { key: OPERATOR_KEY.private };

/** A router that speaks OSPF on both sides, with timers of a laboratory. */
function router(name: string, lan: string, wan: string, management: string): LabDevice {
  const timers = (port: string) => `interface ${port}
 ip ospf area 0
 ip ospf hello-interval 1
 ip ospf dead-interval 4
exit
`;
  return {
    name,
    kind: "frr-router",
    users: USERS,
    interfaces: [
      { name: "lan", addresses: [lan] },
      { name: "wan", addresses: [wan] },
    ],
    management: { mode: "out-of-band", address: management, from: "10.79.99.254" },
    files: { "/etc/frr/frr.conf": `hostname ${name}\n${timers("lan")}${timers("wan")}router ospf\nexit\n` },
  };
}

describe.skipIf(reason)(titled("routers of a practice site", reason), () => {
  const options = newLabOptions();
  let state: LabState;

  beforeAll(async () => {
    const up = await labUp(
      {
        name: "acme/wan",
        devices: [
          router("r1", "10.79.1.1/24", "192.0.2.1/30", "10.79.99.1/24"),
          router("r2", "10.79.2.1/24", "192.0.2.2/30", "10.79.99.2/24"),
          host("pc1", "10.79.1.10/24", "10.79.1.1"),
          host("pc2", "10.79.2.10/24", "10.79.2.1"),
        ],
        links: links("r1:wan r2:wan", "r1:lan pc1:eth0", "r2:lan pc2:eth0"),
      },
      options,
    );
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    state = up.state;
  });
  afterAll(async () => {
    await labDown(options);
  });

  test("two routers learn each other's networks by OSPF, and hosts behind them meet", async () => {
    await waitOnConsole(
      state,
      "r1",
      ["sh", "-c", "vtysh -c 'show ip route ospf' | grep -q 10.79.2.0/24.*via"],
      20_000,
    );
    await waitOnConsole(state, "r2", ["sh", "-c", "ip route | grep -q 10.79.1.0/24"], 20_000);
    const probe = await probeOnce(state, "pc1", { proto: "tcp", to: "10.79.2.10", port: 443 });
    expect(probe).toMatchObject({ verdict: "arrived", seenFrom: "10.79.1.10" });
  });

  test("devices are reached at the management addresses of the inventory, which share one network", async () => {
    expect(Object.keys(state.sockets)).toEqual(["10.79.99.1", "10.79.99.2"]);
    const seen = await runOver(state, "r2", root, 'echo "$SSH_CONNECTION"');
    expect(seen.stdout).toMatch(/^10\.79\.99\.254 \d+ 10\.79\.99\.2 22\n$/);
  });
});

describe.skipIf(reason)(titled("a practice site that cannot come up", reason), () => {
  test("names the device with its console's words, and leaves nothing behind", async () => {
    const options = newLabOptions();
    const broken = { name: "t", devices: [server("bad", "10.0.0.999/24", "10.0.0.1")], links: [] };
    await expect(labUp(broken, options)).rejects.toThrow(/bad did not come up.*10\.0\.0\.999/);
    expect(listNamespaces(labIdOf(options))).toEqual([]);
    expect(existsSync(labPaths(options).runDir)).toBe(false);
    expect(labStatus(options).state).toBe("down");
  });

  test("a wrong description starts nothing and comes back as findings", async () => {
    const options = newLabOptions();
    const site = officeSite();
    const up = await labUp({ ...site, links: [...site.links, ...links("fw:lan10 sw1:f10")] }, options);
    expect(up.ok).toBe(false);
    expect(up.ok ? [] : up.findings.map((finding) => finding.code)).toContain("LAB-LINK-TWICE");
    expect(listNamespaces(labIdOf(options))).toEqual([]);
  });
});
