/** A file of a new workspace. */
export interface NewFile {
  /** Below the workspace's root. */
  readonly path: string;
  readonly content: string;
  /** A script that is run by its name. */
  readonly executable?: true;
}

/** Where editors find the schemas: beside the installed package's code. */
const SCHEMAS = "node_modules/sitewright/dist/inventory/schema/editor";

/** The files of a workspace that validates as it stands: one client, one site, two practice switches bound to the lab.
 *  @param name - name of the workspace, used for package.json and the Pulumi project
 *  @param version - version of Sitewright to depend on */
export function newWorkspaceFiles(name: string, version = "latest"): NewFile[] {
  const project =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, "-")
      .replaceAll(/^-+|-+$/g, "") || "my-net";
  const yaml = (path: string, schema: string, content: string): NewFile => {
    const up = "../".repeat(path.split("/").length - 1);
    return {
      path,
      content: `# yaml-language-server: $schema=${up}${SCHEMAS}/${schema}.json\n${content.trimStart()}`,
    };
  };
  return [
    {
      path: "package.json",
      content: `${JSON.stringify({ name: project, private: true, type: "module", scripts: SCRIPTS, dependencies: { sitewright: version } }, null, 2)}\n`,
    },
    {
      path: "Pulumi.yaml",
      content: `name: ${project}\n${PULUMI}`,
    },
    { path: "program.js", content: PROGRAM },
    { path: ".gitignore", content: "node_modules/\n.sitewright/\n" },
    { path: ".githooks/pre-commit", content: PRE_COMMIT, executable: true },
    { path: "README.md", content: README },
    { path: "stacks/.gitkeep", content: "" },
    { path: "templates/.gitkeep", content: "" },
    yaml("inventory/provider.yaml", "provider", PROVIDER),
    yaml("inventory/models/cisco-c9200l-24t-4g.yaml", "model", CISCO),
    yaml("inventory/models/huawei-s5735-l48t4s-a.yaml", "model", HUAWEI),
    yaml("inventory/acme/client.yaml", "client", "name: Acme\n"),
    yaml("inventory/acme/hq/site.yaml", "site", SITE),
    yaml("inventory/acme/hq/rules.yaml", "rules", RULES),
    yaml("inventory/acme/hq/devices/core-1.yaml", "device", CORE),
    yaml("inventory/acme/hq/devices/sw-1.yaml", "device", ACCESS),
    yaml("policies/zones.yaml", "zones", ZONES),
    yaml("policies/services.yaml", "services", SERVICES),
  ];
}

/** What engineers type most; `npm run hooks` turns the check before each commit on. */
const SCRIPTS = {
  check: "sitewright fmt --check && sitewright validate",
  watch: "sitewright plan --watch",
  plan: "sitewright plan",
  drift: "sitewright drift",
  hooks: "git config core.hooksPath .githooks",
};

const PRE_COMMIT = `#!/bin/sh
# A commit that would not pass CI is told here. Leave it out once with: git commit --no-verify
npm run --silent check
`;

const PULUMI = `description: Networks as code
runtime:
  name: nodejs
  options:
    typescript: false
main: program.js
stackConfigDir: stacks
backend:
  url: file://./.sitewright/pulumi?create_dir=true
`;

const PROGRAM = `// What a plain \`pulumi preview --stack client.site\` runs: the same program as \`sitewright apply\`.
import "sitewright/program";
`;

const README = `# Networks as code

    npm install
    npx sitewright demo         # practise on emulated switches
    npx sitewright validate     # shape, links, addresses, checks; reads no device
    npx sitewright plan         # what would change
    npx sitewright explain acme/hq sw-1:GE0/0/7.profile

\`inventory/\` says what a site should be, \`policies/\` what its zones may say to each other. The site acme/hq is bound to
the lab: its addresses are reached through practice devices only. Secrets are references such as \`env:NAME@1\`; they are
never written down.
`;

const PROVIDER = `
name: My company
credentials:
  user: netops
  password: env:SITEWRIGHT_PASSWORD@1
users:
  netops:
    role: admin
    password: env:SITEWRIGHT_PASSWORD@1
profiles:
  user:
    mode: access
    edge: true
    bpduGuard: true
    macLimit: 3
  plain:
    mode: access
    edge: true
  uplink:
    mode: trunk
    native: native
    tagged: needed
    dhcpTrust: true
roles:
  core:
    spanningTree:
      priority: 4096
  access:
    spanningTree:
      priority: 61440
`;

const CISCO = `
vendor: Cisco
name: C9200L-24T-4G
kind: switch
platform: iosxe
ports:
  Gi1/0/1-24:
    name: GigabitEthernet1/0/1-24
    speed: 1Gbps
    media: copper
  Gi1/1/1-4:
    name: GigabitEthernet1/1/1-4
    speed: 1Gbps
    media: sfp
lag:
  name: Port-channel#
  first: 1
  max: 48
features: [routing, acl, dhcp-server, dhcp-relay, dhcp-snooping, arp-inspection, ipv6]
`;

const HUAWEI = `
vendor: Huawei
name: S5735-L48T4S-A
kind: switch
platform: vrp
ports:
  GE0/0/1-48:
    name: GigabitEthernet0/0/1-48
    speed: 1Gbps
    media: copper
  GE0/0/49-52:
    name: GigabitEthernet0/0/49-52
    speed: 1Gbps
    media: sfp
lag:
  name: Eth-Trunk#
  first: 0
  max: 127
features: [routing, acl, dhcp-snooping, arp-inspection, ipv6]
`;

const SITE = `
name: Acme headquarters
timezone: Etc/UTC
binding: lab
gate: none
ntp: [198.51.100.123]

networks:
  office:
    vlan: 10
    zone: office
    ipv4: 10.20.10.0/24
    gateway:
      address: 1
      on: core-1
  servers:
    vlan: 20
    zone: server
    ipv4: 10.20.20.0/24
    gateway:
      address: 1
      on: core-1
  mgmt:
    vlan: 99
    zone: mgmt
    ipv4: 10.20.99.0/24
    gateway:
      address: 1
      on: core-1
  parking:
    vlan: 998
    purpose: parking
  native:
    vlan: 999
    purpose: native

hosts:
  files-1:
    network: servers
    address: 10
    port: core-1:Gi1/0/2
    description: File server
`;

const RULES = `
R0001:
  from: office
  to: files-1
  service: files
  log: true
  reason: Shared files
  owner: you
  ticket: CHG-0001
  review: 2027-12-31
`;

const CORE = `
asset: AC-SW-0001
model: cisco-c9200l-24t-4g
role: core
management:
  network: mgmt
  address: 1
ports:
  Gi1/0/2:
    profile: plain
  Gi1/0/24:
    profile: plain
    network: mgmt
`;

const ACCESS = `
asset: AC-SW-0002
model: huawei-s5735-l48t4s-a
role: access
management:
  network: mgmt
  address: 2
ports:
  GE0/0/1-24:
    profile: user
    network: office
  GE0/0/49:
    profile: uplink
    to: core-1:Gi1/1/1
`;

const ZONES = `
zones:
  office:
    trust: 50
  server:
    trust: 70
    kind: server
    important: true
  mgmt:
    trust: 100
    kind: management
    important: true
matrix:
  default:
    access: block-all
    log: true
  office:
    server:
      access: allow-only
      services: [files]
      require:
        log: true
`;

const SERVICES = `
files:
  tcp: [445, 2049]
`;
