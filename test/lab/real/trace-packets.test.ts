import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asProved, tryPackets } from "../../../src/cli/demo/packets.ts";
import { copyWorkspace, type Scratch } from "../../../src/cli/demo/scratch.ts";
import { renderedFilters } from "../../../src/cli/judge.ts";
import { openChosen } from "../../../src/cli/open.ts";
import { labOptions, realLabDown, realLabUp } from "../../../src/cli/practice-real.ts";
import { readFilters } from "../../../src/drivers/nftables/filters.ts";
import { mustOnConsole } from "../../../src/lab/real/device-console.ts";
import { readLabState } from "../../../src/lab/real/lab-store.ts";
import { Prober } from "../../../src/lab/real/prober.ts";
import type { LabProbe, LabState } from "../../../src/lab/real/types.ts";
import type { Site } from "../../../src/model/site.ts";
import type { RenderedFilters } from "../../../src/planner/policy/rendered.ts";
import { readTraceRequest } from "../../../src/planner/trace/read-request.ts";
import { traceSite } from "../../../src/planner/trace/trace-site.ts";
import type { Trace } from "../../../src/planner/trace/types.ts";
import { titled, whyNoLab } from "./practice-site.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SITE = "harbour-dental/main";
const reason = await whyNoLab();

/** What a device, an operator and a packet agree on: the site as its own commands brought it up. */
describe.skipIf(reason)(titled("a trace and real packets say the same", reason), { timeout: 180_000 }, () => {
  let scratch: Scratch;
  let site: Site;
  let state: LabState;
  let prober: Prober;
  let rendered: ReadonlyMap<string, RenderedFilters>;

  beforeAll(async () => {
    scratch = await copyWorkspace(ROOT);
    const { sites } = await openChosen(scratch.root, [SITE], {});
    [site] = sites as [Site];
    expect(await realLabUp(scratch.root, site)).toEqual([]);
    const args = [`${ROOT}/bin/sitewright.js`, "-C", scratch.root, "apply", SITE, "--yes"];
    await promisify(execFile)(process.execPath, args, { timeout: 110_000 });
    state = readLabState(labOptions(scratch.root)) as LabState;
    prober = new Prober(state);
    rendered = renderedFilters(site);
  });
  afterAll(async () => {
    await prober?.close();
    if (scratch === undefined) return;
    await realLabDown(scratch.root);
    await scratch.remove();
  });

  const traceOf = (packet: string, over = rendered, through = site): Trace => {
    const asked = readTraceRequest(through, packet, undefined);
    if ("problem" in asked) throw new Error(asked.problem);
    return traceSite(through, over, asked.request);
  };
  const became = async (from: string, probe: LabProbe): Promise<string> => {
    const { verdict } = await prober.probe(from, probe);
    return verdict === "arrived" ? "permit" : "deny";
  };
  const words = ({ proto, to, port }: LabProbe, from: string): string =>
    `${proto} ${from} -> ${to}${proto === "icmp" ? "" : `:${port}`}`;

  test("between every two zones, for every service of the rules and some of none, over TCP, UDP and ICMP", async () => {
    const tried = await tryPackets(site, state, rendered);
    const wrong = tried.filter((one) => !asProved(one));
    expect(
      wrong.map(({ from, to, proto, port, expected, traced, seen }) => ({
        packet: `${from.name} → ${to.name} ${proto} ${port}`,
        expected,
        traced,
        seen,
      })),
    ).toEqual([]);
    const arrived = tried.filter(({ seen }) => seen === "arrived");
    expect(new Set(arrived.map(({ proto }) => proto))).toEqual(new Set(["tcp", "udp", "icmp"]));
    expect(tried.length - arrived.length).toBeGreaterThan(arrived.length);
    const zones = new Set(tried.map(({ from }) => from.zone));
    const pairs = new Set(tried.map(({ from, to }) => `${from.zone} ${to.zone}`));
    expect(pairs.size).toBeGreaterThanOrEqual((zones.size - 1) * (zones.size - 1));
  });

  test("inside one network, and to the firewall's own addresses", async () => {
    const talkers = site.hosts.filter(({ kind, network }) => kind === "host" && network !== undefined);
    const [near, far] = talkers.filter(({ network }) => network === "office");
    const inside = [
      { proto: "tcp", to: far?.address ?? "", port: 8080 },
      { proto: "udp", to: far?.address ?? "", port: 5000 },
      { proto: "icmp", to: far?.address ?? "" },
    ] as const;
    const trials = [
      ...inside.map((probe) => ({ from: near, probe })),
      ...talkers.flatMap((from) => {
        const to = site.networks.find(({ name }) => name === from.network)?.gateway ?? "";
        const listener = { device: "fw-1" };
        const ports = [22, 8443].map((port): LabProbe => ({ proto: "tcp", to, port, listener }));
        return [...ports, { proto: "icmp", to } as const].map((probe) => ({ from, probe }));
      }),
    ];
    const seen = await Promise.all(
      trials.map(async ({ from, probe }) => {
        const packet = words(probe, from?.address ?? "");
        return { packet, traced: traceOf(packet).verdict, real: await became(from?.name ?? "", probe) };
      }),
    );
    expect(seen.filter(({ traced, real }) => traced !== real)).toEqual([]);
    expect(new Set(seen.slice(inside.length).map(({ real }) => real))).toEqual(new Set(["permit", "deny"]));
  });

  test("a rule slipped in by hand: the inventory's trace says dropped, the device's own configuration tells why not", async () => {
    const probe: LabProbe = { proto: "tcp", to: "10.60.20.10", port: 3389 };
    const packet = words(probe, "10.60.90.10");
    const own = async () => {
      const { stdout } = await mustOnConsole(state, "fw-1", ["nft", "-s", "list", "ruleset"]);
      const filters = { filters: readFilters(stdout), originOf: () => undefined };
      return traceOf(packet, new Map([[`${SITE}/fw-1`, filters]])).verdict;
    };
    expect([traceOf(packet).verdict, await own(), await became("waiting-room-ap", probe)]).toEqual([
      "deny",
      "deny",
      "deny",
    ]);
    const insert = "nft insert rule inet sitewright forward tcp dport 3389 accept";
    await mustOnConsole(state, "fw-1", insert.split(" "));
    expect([traceOf(packet).verdict, await own(), await became("waiting-room-ap", probe)]).toEqual([
      "deny",
      "permit",
      "permit",
    ]);
  });

  test("a trunk that lost a VLAN, a port in another VLAN, a port that is shut: the trace names the port", async () => {
    const packet = "tcp reception-pc -> srv-practice:443";
    const request: LabProbe = { proto: "tcp", to: "10.60.20.10", port: 443 };
    const faults = [
      {
        change: "ovs-vsctl -t 5 set port eth0 trunks=90,99",
        undo: "ovs-vsctl -t 5 set port eth0 trunks=10,90,99",
        port: "eth0",
        edit: { taggedVlans: [90, 99] },
        drop: "vlan",
      },
      {
        change: "ovs-vsctl -t 5 set port eth1 tag=90",
        undo: "ovs-vsctl -t 5 set port eth1 tag=10",
        port: "eth1",
        edit: { accessVlan: 90 },
        drop: "vlan",
      },
      {
        change: "ip link set eth1 down",
        undo: "ip link set eth1 up",
        port: "eth1",
        edit: { enabled: false },
        drop: "port",
      },
    ];
    expect([traceOf(packet).verdict, await became("reception-pc", request)]).toEqual(["permit", "permit"]);
    for (const { change, undo, port, edit, drop } of faults) {
      await mustOnConsole(state, "sw-2", change.split(" "));
      const found = traceOf(packet, rendered, withPort(site, "sw-2", port, edit));
      const last = found.hops.at(-1);
      expect([found.verdict, last?.device, last?.drop], change).toEqual(["deny", "sw-2", drop]);
      expect(await became("reception-pc", request), change).toBe("deny");
      await mustOnConsole(state, "sw-2", undo.split(" "));
    }
    expect(await became("reception-pc", request)).toBe("permit");
  });
});

/** The site as it would be with one port otherwise. */
function withPort(site: Site, name: string, port: string, edit: object): Site {
  const devices = site.devices.map((device) =>
    device.name === name
      ? { ...device, ports: device.ports.map((each) => (each.name === port ? { ...each, ...edit } : each)) }
      : device,
  );
  return { ...site, devices };
}
