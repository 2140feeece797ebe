import type { Site } from "../../../src/model/site.ts";
import type { CheckInput } from "../../../src/planner/checks/run-checks.ts";
import type { DeviceFacts, RenderedConfig, SiteFacts } from "../../../src/planner/checks/types.ts";
import { practiceSite } from "./site-factory.ts";

/** A value that tests may change in place. */
export type Draft<T> = T extends string | number | boolean | undefined | null
  ? T
  : T extends readonly [infer A, infer B]
    ? [Draft<A>, Draft<B>]
    : T extends readonly (infer U)[]
      ? Draft<U>[]
      : { -readonly [K in keyof T]: Draft<T[K]> };

const IOSXE = `service timestamps log datetime msec localtime show-timezone
hostname NAME
aaa group server tacacs+ CENTRAL
aaa new-model
aaa authentication login default local
login block-for 300 attempts 5 within 60
vtp mode transparent
spanning-tree mode rapid-pvst
spanning-tree loopguard default
security passwords min-length 12
no cdp run
archive
 log config
  logging enable
!
interface GigabitEthernet1/0/1
 switchport mode access
 switchport nonegotiate
 switchport block unicast
 ip verify source
 ipv6 nd raguard attach-policy HOST
!
no ip http server
ip ssh version 2
logging host 10.1.20.10
snmp-server group NMS v3 priv read V3RO access SNMP-IN
username li-wei privilege 15 algorithm-type scrypt secret \${secret:env:LI@1}
line con 0
 exec-timeout 10 0
line vty 0 4
 access-class MGMT-IN in vrf-also
 transport input ssh
ntp authenticate
ntp server 10.1.20.10
end
`;

const LINUX = `hostname NAME
timezone Asia/Shanghai
sysctl net.ipv4.conf.all.rp_filter 2
file /etc/chrony/sources.d/sitewright.sources
    server 10.1.20.10 iburst key 1
file /etc/rsyslog.d/90-sitewright.conf
    *.* action(type="omfwd" target="10.1.20.10")
file /etc/profile.d/sitewright-idle.sh
    TMOUT=600
package sssd
account li-wei
    password locked
table inet sitewright {
	chain input {
		type filter hook input priority filter; policy drop;
		ip saddr 10.1.99.0/24 tcp dport 22 accept
	}
}
`;

/** The practice site with everything that checks are given, for a test to spoil. */
export interface World {
  readonly site: Draft<Site>;
  /** More sites of the workspace. */
  readonly others: Draft<Site>[];
  readonly previous: Map<string, Site>;
  readonly facts: Draft<Omit<SiteFacts, "devices" | "spares" | "secretsRotated">> & {
    devices: Map<string, Draft<DeviceFacts>>;
    spares: Map<string, number>;
  };
  readonly rendered: Map<string, RenderedConfig>;
  today: string;
}

/** A world in which no check finds anything. */
export function cleanWorld(): World {
  const site = structuredClone(practiceSite()) as Draft<Site>;
  const rendered = new Map(
    site.devices.map((device) => [
      device.id,
      {
        platform: device.platform,
        config: (device.platform === "iosxe" ? IOSXE : LINUX).replace("NAME", device.name),
      },
    ]),
  );
  const facts = new Map<string, Draft<DeviceFacts>>(
    site.devices.map((device) => [
      device.name,
      {
        state: "active",
        endOfLife: "2033-01-01",
        minimumFirmware: device.name === "fw" ? "12.0" : "17.9.4",
        heartbeat: ["eth6", "eth7"],
        powerSupplies: 2,
        memberFirmware: { a: "12.5", b: "12.5" },
      },
    ]),
  );
  return {
    site,
    others: [],
    previous: new Map(),
    facts: { devices: facts, spares: new Map([["cisco-c9300", 1]]), logRetentionDays: 200 },
    rendered,
    today: "2026-11-22",
  };
}

/** What `runChecks` is given of a world. */
export function inputOf(world: World): { sites: readonly Site[]; input: CheckInput } {
  const sites = [world.site, ...world.others] as unknown as readonly Site[];
  return {
    sites,
    input: {
      today: world.today,
      rendered: world.rendered,
      facts: new Map(sites.map((site) => [site.id, world.facts as unknown as SiteFacts])),
      previous: world.previous,
      proved: true,
    },
  };
}

/** A device of the world's site. */
export function deviceOf(world: World, name: string): Draft<Site["devices"][number]> {
  const found = world.site.devices.find((device) => device.name === name);
  if (!found) throw new Error(`no device ${name}`);
  return found;
}

/** A named thing of a list. */
export function named<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((item) => item.name === name);
  if (!found) throw new Error(`nothing is called ${name}`);
  return found;
}

/** Replaces text in a rendered configuration; a text that is not there fails the test. */
export function respell(world: World, name: string, from: string | RegExp, to: string): void {
  const id = `acme/hq/${name}`;
  const before = world.rendered.get(id);
  if (!before) throw new Error(`${id} is not rendered`);
  const config = before.config.replace(from, to);
  if (config === before.config) throw new Error(`${String(from)} is not in the configuration of ${name}`);
  world.rendered.set(id, { ...before, config });
}
