import { defineCheck } from "../define.ts";

/** One VLAN, one network. Resolving reports a VLAN that two networks take. */
export const ipp012 = defineCheck({
  id: "IPP-012",
  severity: "info",
  decidedBy: ["check", "resolve"],
  title: { en: "One VLAN, one prefix", zh: "VLAN 与网段一一对应" },
  rationale: {
    en: "Two prefixes on one VLAN are one broadcast domain: a filter between them meets no packet.",
    zh: "同一 VLAN 两个网段仍是同一广播域，其间的过滤形同虚设。",
  },
  mend: {
    en: "Give the second prefix a network and a VLAN of its own.",
    zh: "为第二个网段单独建网络与 VLAN。",
  },
  find: (site) =>
    site.networks
      .filter((network) => network.secondary.length > 0)
      .map((network) => ({
        where: network.origin,
        message: `${network.name} has ${network.secondary.length + 1} prefixes on one VLAN`,
        hint: "give each prefix a network of its own",
      })),
});
