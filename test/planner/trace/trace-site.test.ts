import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { renderedFilters } from "../../../src/cli/judge.ts";
import { openChosen } from "../../../src/cli/open.ts";
import type { DeviceIntent } from "../../../src/model/intent.ts";
import type { Network, Site } from "../../../src/model/site.ts";
import { testPacket } from "../../../src/planner/flows/test-packet.ts";
import type { Packet } from "../../../src/planner/flows/types.ts";
import { enforcementsOf } from "../../../src/planner/policy/enforcement.ts";
import type { RenderedFilters } from "../../../src/planner/policy/rendered.ts";
import { zonePartition } from "../../../src/planner/policy/zones.ts";
import { readTraceRequest } from "../../../src/planner/trace/read-request.ts";
import { traceSite } from "../../../src/planner/trace/trace-site.ts";
import type { Trace } from "../../../src/planner/trace/types.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const filters = new Map<string, ReadonlyMap<string, RenderedFilters>>();
let sites: readonly Site[];

beforeAll(async () => {
  ({ sites } = await openChosen(ROOT, [], {}));
  for (const site of sites) filters.set(site.id, renderedFilters(site));
});

function siteOf(id: string): Site {
  const site = sites.find((each) => each.id === id);
  if (site === undefined) throw new Error(`no ${id}`);
  return site;
}

function packetOf(site: Site, text: string): Packet {
  const asked = readTraceRequest(site, text, undefined);
  if ("problem" in asked) throw new Error(`${asked.problem}: ${asked.hint}`);
  return asked.request.packet;
}

interface Other {
  readonly site?: Site;
  readonly without?: string;
}

/** Traces a packet, maybe through a changed site, maybe with a device whose filters are gone. */
function trace(id: string, text: string, { site = siteOf(id), without }: Other = {}): Trace {
  const rendered = new Map(filters.get(id));
  if (without !== undefined) rendered.set(`${id}/${without}`, { filters: [], originOf: () => undefined });
  return traceSite(site, rendered, { packet: packetOf(site, text) });
}

function withDevice(site: Site, name: string, edit: (device: DeviceIntent) => Partial<DeviceIntent>): Site {
  const devices = site.devices.map((each) => (each.name === name ? { ...each, ...edit(each) } : each));
  return { ...site, devices };
}

const words = ({ hops }: Pick<Trace, "hops">): string =>
  hops.map(({ device, text }) => `${device}: ${text}`).join("\n");

describe("where one firewall routes all, the trace over the configuration is the proof over the rules", () => {
  const services = [
    ["tcp", ":22"],
    ["tcp", ":80"],
    ["tcp", ":443"],
    ["tcp", ":445"],
    ["tcp", ":9100"],
    ["udp", ":53"],
    ["udp", ":123"],
    ["udp", ":5060"],
    ["icmp", ""],
  ] as const;

  test.each(["lanhai/hq", "lanhai/suzhou", "harbour-dental/main"])(
    "%s, every pair of networks, new and established",
    (id) => {
      const site = siteOf(id);
      const [enforcement, ...more] = enforcementsOf(site, zonePartition(site));
      if (enforcement === undefined || more.length > 0) throw new Error("one firewall is meant to route all");
      const ends = [...site.networks.filter(({ ipv4 }) => ipv4).map(({ name }) => name), "internet"];
      const wrong: string[] = [];
      const seen = { permit: 0, deny: 0, unknown: 0 };
      for (const from of ends)
        for (const to of ends)
          for (const [proto, port] of services)
            for (const state of ["", " established"]) {
              if (from === to) continue;
              const text = `${proto} ${from} -> ${to}${port}${state}`;
              const { verdict } = trace(id, text);
              seen[verdict] += 1;
              if (verdict !== testPacket(enforcement.filter, packetOf(site, text)).verdict)
                wrong.push(`${text}: ${verdict}`);
            }
      expect(wrong).toEqual([]);
      expect(seen.unknown).toBe(0);
      expect(Math.min(seen.permit, seen.deny)).toBeGreaterThan(10);
    },
  );
});

describe("the way back", () => {
  test("an answer that comes by a firewall which never saw the question is dropped there", () => {
    const found = trace("northgate/office", "tcp 10.70.10.20 -> admin-pc:22", { without: "core-1" });
    expect(words(found)).toContain("nothing on core-1 holds office and mgmt apart here");
    expect([found.verdict, found.back?.verdict]).toEqual(["permit", "deny"]);
    const last = found.back?.hops.at(-1);
    expect([last?.device, last?.drop]).toEqual(["fw-1", "no-connection"]);
  });

  test("a stateless list lets the answers of a UDP service through by their port, and of no other", () => {
    const found = trace("northgate/office", "udp 10.70.10.20 -> srv-files:53");
    expect([found.verdict, found.back?.verdict]).toEqual(["permit", "permit"]);
    const printer = trace("northgate/office", "tcp 10.70.10.20 -> printer-2f:9100");
    expect([printer.verdict, printer.back?.verdict]).toEqual(["permit", "permit"]);
    expect(words(printer.back ?? printer)).toContain("printers-in");
    expect(trace("northgate/office", "tcp printer-2f -> 10.70.10.20:9100").verdict).toBe("deny");
  });

  test("what comes by one line and would be answered by the other is unknown, and both lines are named", () => {
    const site = siteOf("lanhai/hq");
    const turned = { ...site, wan: site.wan.map((link) => ({ ...link, priority: 3 - link.priority })) };
    expect(trace("lanhai/hq", "tcp internet -> telecom:443").back?.verdict).toBe("permit");
    const { back } = trace("lanhai/hq", "tcp internet -> telecom:443", { site: turned });
    expect(back?.verdict).toBe("unknown");
    expect(back?.hops.at(-1)?.text).toBe(
      "leaves by WAN link unicom; it came by telecom, and the provider of unicom may drop it",
    );
  });

  test("an answer asks for no answer, and neither does an ICMP error", () => {
    expect(trace("lanhai/hq", "tcp srv-erp:443 -> 10.1.10.20:50000 established").back).toBeUndefined();
    expect(trace("northgate/office", "icmp srv-files -> admin-pc type 3 code 1").back).toBeUndefined();
  });
});

describe("what stops a packet beside a rule", () => {
  test("a device in one's own network is reached without the gateway, and its own list of managers decides", () => {
    const found = trace("lanhai/hq", "tcp jump-1 -> sw-1f-1:22");
    expect([found.verdict, found.hops.at(-1)?.device]).toEqual(["permit", "sw-1f-1"]);
    expect(found.hops.some(({ device }) => device === "fw-1")).toBe(false);
    const other = trace("lanhai/hq", "udp jump-1 -> sw-1f-1:161");
    expect(other.verdict).toBe("unknown");
  });

  test("a routing loop, a network without a gateway and a device without a route are said", () => {
    const site = siteOf("northgate/office");
    const looped = withDevice(site, "core-1", ({ gateways }) => ({
      gateways: gateways.filter(({ network }) => network !== "phones"),
    }));
    const loop = traceSite(looped, new Map(), {
      packet: packetOf(looped, "udp admin-pc -> 10.70.30.20:5060"),
    });
    expect([loop.verdict, loop.hops.at(-1)?.drop]).toEqual(["deny", "loop"]);

    const networks = site.networks.map((network): Network => {
      const { gateway: _gateway, ...rest } = network;
      return network.name === "printers" ? { ...rest, routers: [] } : network;
    });
    const lost = trace("northgate/office", "tcp printer-2f -> srv-files:445", {
      site: { ...site, networks },
    });
    expect([lost.verdict, lost.hops.at(-1)?.drop]).toEqual(["deny", "no-gateway"]);

    const stray = withDevice(site, "core-1", () => ({ routes: [] }));
    const nowhere = trace("northgate/office", "tcp 10.70.10.20 -> internet:443", { site: stray });
    expect([nowhere.verdict, nowhere.hops.at(-1)?.drop]).toEqual(["deny", "no-route"]);
  });

  test("a bundle carries what its trunk carries, whichever member the cable names", () => {
    const site = siteOf("northgate/office");
    const found = trace("northgate/office", "icmp printer-2f -> 10.70.40.20");
    expect(found.verdict).toBe("permit");
    const narrow = withDevice(site, "acc-1", ({ lags }) => ({
      lags: lags.map((lag) => ({ ...lag, taggedVlans: lag.taggedVlans.filter((vlan) => vlan !== 40) })),
    }));
    const cut = trace("northgate/office", "tcp printer-2f -> srv-files:445", { site: narrow });
    expect([cut.verdict, cut.hops.at(-1)?.device, cut.hops.at(-1)?.drop]).toEqual(["deny", "acc-1", "vlan"]);
  });

  test("without a readable configuration the answer is unknown, never permit", () => {
    const site = siteOf("lanhai/hq");
    const packet = packetOf(site, "tcp 10.1.10.20 -> srv-erp:443");
    expect(traceSite(site, filters.get("lanhai/hq") ?? new Map(), { packet }).verdict).toBe("permit");
    expect(traceSite(site, new Map(), { packet }).verdict).toBe("unknown");
  });
});

describe("names and impossible packets", () => {
  test.each([
    ["tcp 10.99.0.1 -> srv-erp:443", "10.99.0.1 is in no network of lanhai/hq"],
    ["tcp srv-erp -> 10.99.0.1:443", "10.99.0.1 is in no network of lanhai/hq"],
    ["tcp 8.8.8.8 -> internet:443", "neither end of the packet is at lanhai/hq"],
    ["tcp srv-erp -> 10.1.20.10:443", "the packet goes to where it comes from"],
    ["tcp office -> srv-erp", "the destination has no port"],
    ["icmp office -> srv-erp:443", "protocol 1 has no ports"],
    ["tcp office -> 10.1.20.300:443", "not an address: 10.1.20.300:443"],
    ["tcp office -> [2001:db8::1]:443", "office has no IPv6 address"],
    ["tcp office srv-erp:443", "not a packet: tcp office srv-erp:443"],
    ["", "not a packet"],
  ])("%s: %s", (text, problem) => {
    const asked = readTraceRequest(siteOf("lanhai/hq"), text, undefined);
    expect("problem" in asked ? asked.problem : "a packet").toContain(problem);
  });

  test("a zone of one network stands for it; one of several, and a name used twice, are asked back", () => {
    const site = siteOf("lanhai/hq");
    expect(trace("lanhai/hq", "tcp camera -> srv-erp:443").from).toMatchObject({
      network: "cctv",
      host: "nvr-1",
    });
    const renamed = {
      ...site,
      networks: site.networks.map((each) => (each.name === "office" ? { ...each, name: "desks" } : each)),
    };
    const asked = readTraceRequest(renamed, "tcp office -> srv-erp:443", undefined);
    expect(asked).toMatchObject({
      problem: expect.stringMatching(/^"office" may mean 10\.1\.1[01]\.\d+ or /),
      hint: "type the address",
    });
  });
});
