/** A small sound workspace that every row of the table spoils in one place. */
export const BASE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "inventory/provider.yaml": `
name: Provider
credentials:
  user: netops
  key: env:SSH_KEY@1
profiles:
  user:
    mode: access
    edge: true
  uplink:
    mode: trunk
    native: native
    tagged: needed
roles:
  access:
    spanningTree:
      priority: 61440
`,
    "inventory/models/switch-8.yaml": `
vendor: Huawei
name: S8
kind: switch
platform: vrp
ports:
  GE0/0/1-8:
    name: GigabitEthernet0/0/1-8
    speed: 1Gbps
lag:
  name: Eth-Trunk#
  first: 0
  max: 3
features: [acl, dhcp-snooping]
`,
    "inventory/models/fw-4.yaml": `
vendor: Generic
name: FW4
kind: firewall
platform: nftables
ports:
  eth0-3:
    speed: 1Gbps
features: [routing, stateful-firewall, nat, dhcp-server]
`,
    "inventory/acme/client.yaml": `
name: Acme
backupTargets:
  vault:
    type: s3
    url: https://vault.example/acme
    media: object
    encryption: env:RESTIC@1
backupPolicies:
  gold:
    rpo: 24h
    rto: 4h
    copies:
      vault: {}
    keep:
      daily: 7
`,
    "inventory/acme/pools.yaml": `
campus:
  ipv4: 10.9.0.0/16
`,
    "inventory/acme/pools/campus.lock.yaml": `
10.9.0.0/24: hq/guest
`,
    "inventory/acme/hq/site.yaml": `
name: Headquarters
timezone: Asia/Shanghai
dns: [srv-1]
networks:
  office:
    vlan: 10
    zone: office
    ipv4: 10.1.10.0/24
    gateway:
      address: 1
      on: fw
    dhcp:
      ranges: [100-199]
  servers:
    vlan: 20
    zone: server
    ipv4: 10.1.20.0/24
    gateway:
      address: 1
      on: fw
  guest:
    vlan: 90
    zone: guest
    ipv4:
      pool: campus
      length: 24
    gateway:
      address: 1
      on: fw
  mgmt:
    vlan: 99
    zone: mgmt
    ipv4: 10.1.99.0/24
    gateway:
      address: 1
      on: fw
  parking:
    vlan: 998
    purpose: parking
  native:
    vlan: 999
    purpose: native
hosts:
  printer:
    network: office
    address: 50
    mac: "00:11:22:33:44:55"
    port: sw-1:GE0/0/3
wan:
  isp:
    on: fw:eth0
    zone: internet
    ipv4: 203.0.113.2/30
    gateway: 203.0.113.1
nat:
  outbound:
    all:
      from: [office, servers]
      via: isp
  forwards:
    web:
      on: isp
      port: 443
      to: srv-1
      service: https
`,
    "inventory/acme/hq/devices/fw.yaml": `
asset: A-FW-1
model: fw-4
management:
  network: mgmt
  address: 1
ports:
  eth1:
    profile: uplink
    to: sw-1:GE0/0/1
`,
    "inventory/acme/hq/devices/sw-1.yaml": `
asset: A-SW-1
model: switch-8
role: access
management:
  network: mgmt
  address: 2
ports:
  GE0/0/2:
    profile: user
    network: office
  GE0/0/3:
    profile: user
  GE0/0/4:
    profile: user
    to: srv-1:eth0
  GE0/0/8:
    profile: uplink
    to: sw-2:GE0/0/8
`,
    "inventory/acme/hq/devices/sw-2.yaml": `
asset: A-SW-2
model: switch-8
role: access
management:
  network: mgmt
  address: 3
ports:
  GE0/0/1-4:
    profile: user
    network: office
  GE0/0/5:
    profile: user
    network: guest
`,
    "inventory/acme/hq/servers/srv-1.yaml": `
asset: A-SV-1
serial: "77"
interfaces:
  eth0:
    network: servers
    address: 10
    mac: "00:11:22:33:44:66"
backup:
  data:
    path: /srv/data
    policy: gold
    at: "01:30"
`,
    "inventory/acme/hq/rules.yaml": `
R1:
  from: office
  to: srv-1
  service: https
  owner: li.wei
  ticket: T-1
  reason: web
R2:
  from: zone:guest
  to: zone:internet
  service: [https, dns]
  owner: li.wei
  ticket: T-2
  reason: guests
`,
    "inventory/acme/branch/site.yaml": `
name: Branch
timezone: Asia/Shanghai
networks:
  office:
    vlan: 10
    zone: office
    ipv4: 10.2.10.0/24
`,
    "policies/zones.yaml": `
zones:
  office:
    trust: 50
  server:
    trust: 70
  guest:
    trust: 10
  mgmt:
    trust: 100
    kind: management
matrix:
  default:
    access: block-all
  office:
    server:
      access: allow-only
      services: [https]
`,
    "policies/services.yaml": `
https:
  tcp: [443]
dns:
  tcp: [53]
  udp: [53]
`,
  }).map(([path, text]) => [path, text.trimStart()]),
);
