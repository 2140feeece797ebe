import type { Rule } from "../../planner/config/dialect.ts";

/** Lines of a neighbor within the process: for a single one and for a group. */
function session(kind: "peer" | "group"): Rule[] {
  const head = `neighbor {${kind}}`;
  const one = (line: string, remove = line): Rule => ({
    line: `${head} ${line} <...>`,
    remove: `no neighbor $1 ${remove}`,
  });
  return [
    one("description"),
    one("update-source"),
    one("ebgp-multihop"),
    one("password"),
    one("timers"),
    one("local-as"),
    one("port"),
    one("bfd"),
    { line: `${head} shutdown` },
    { line: `${head} passive` },
    { line: `${head} capability {word}` },
    { line: `${head} disable-connected-check` },
    { line: `${head} ttl-security hops <int>` },
  ];
}

/** Lines of a neighbor within an address family. */
function family(kind: "peer" | "group"): Rule[] {
  const head = `neighbor {${kind}}`;
  return [
    { line: `${head} activate`, opens: "neighbor $1" },
    ...["route-map <routemap>", "prefix-list <prefixlist>", "filter-list <aspath>"].map((policy) => ({
      line: `${head} ${policy} {in|out}`,
      remove: `no neighbor $1 ${policy.split(" ")[0]} $2 $3`,
      guards: "neighbor $1",
    })),
    { line: `${head} maximum-prefix <...>`, remove: "no neighbor $1 maximum-prefix" },
    { line: `${head} default-originate <...>`, remove: "no neighbor $1 default-originate" },
    { line: `${head} allowas-in <...>`, remove: "no neighbor $1 allowas-in" },
    { line: `${head} next-hop-self <...>`, remove: "no neighbor $1 next-hop-self" },
    { line: `${head} soft-reconfiguration inbound` },
    { line: `${head} route-reflector-client` },
    { line: `${head} remove-private-AS <...>`, remove: "no neighbor $1 remove-private-AS" },
    { line: `${head} send-community <...>` },
    { line: `${head} as-override` },
  ];
}

const AF: readonly Rule[] = [
  ...family("peer"),
  ...family("group"),
  { line: "network {prefix} <...>", remove: "no network $1", textUses: { "route-map": "routemap" } },
  {
    line: "aggregate-address {prefix} <...>",
    remove: "no aggregate-address $1",
    textUses: { "route-map": "routemap" },
  },
  { line: "redistribute {word} <...>", remove: "no redistribute $1", textUses: { "route-map": "routemap" } },
  { line: "maximum-paths <int>", remove: "no maximum-paths" },
  { line: "maximum-paths ibgp <int>", remove: "no maximum-paths ibgp" },
];

/** Lines of BGP. */
export const FRR_BGP_RULES: Readonly<Record<string, readonly Rule[]>> = {
  bgp: [
    { line: "bgp router-id <ip>", remove: "no bgp router-id" },
    { line: "bgp log-neighbor-changes" },
    { line: "bgp ebgp-requires-policy", absent: ["bgp ebgp-requires-policy"] },
    { line: "bgp default ipv4-unicast", absent: ["bgp default ipv4-unicast"] },
    { line: "bgp network import-check", absent: ["bgp network import-check"] },
    { line: "bgp bestpath as-path multipath-relax" },
    { line: "bgp cluster-id <word>", remove: "no bgp cluster-id" },
    { line: "bgp graceful-restart" },
    { line: "bgp listen range {prefix} peer-group <group>" },
    { line: "timers bgp <...>", remove: "no timers bgp" },
    {
      line: "neighbor {group} peer-group",
      defines: ["group"],
      owns: "neighbor $1 ",
      remove: "no neighbor $1 peer-group",
    },
    {
      line: "neighbor {peer} remote-as <word>",
      defines: ["peer"],
      owns: "neighbor $1 ",
      remove: "no neighbor $1",
    },
    {
      line: "neighbor {peer} peer-group <group>",
      defines: ["peer"],
      owns: "neighbor $1 ",
      remove: "no neighbor $1",
    },
    { line: "neighbor {group} remote-as <word>", remove: "no neighbor $1 remote-as" },
    ...session("peer"),
    ...session("group"),
    {
      line: "address-family {ipv4|ipv6} {unicast|multicast|vpn|labeled-unicast}",
      block: "bgp-af",
      life: "implicit",
    },
    { line: "address-family l2vpn evpn", block: "bgp-af", life: "implicit" },
  ],
  "bgp-af": AF,
};
