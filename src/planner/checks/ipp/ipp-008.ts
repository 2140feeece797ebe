import { defineCheck } from "../define.ts";

/** A made-up MAC address is no identity. Resolving reports copies and group addresses. */
export const ipp008 = defineCheck({
  id: "IPP-008",
  severity: "info",
  decidedBy: ["check", "resolve"],
  title: { en: "Each MAC address once, burnt in by its maker", zh: "MAC 地址唯一且为厂商分配" },
  rationale: {
    en: "A reservation for an address that a phone makes up anew each day reserves nothing.",
    zh: "对每天随机变化的 MAC 做保留地址毫无意义。",
  },
  mend: {
    en: "Read the address off the machine, and turn its private address off for this network.",
    zh: "从设备读取真实 MAC，并关闭其随机 MAC 功能。",
  },
  find: (site) =>
    site.hosts
      .filter((host) => host.kind === "host" && host.mac !== undefined)
      .filter((host) => (Number.parseInt(host.mac?.slice(0, 2) ?? "0", 16) & 2) !== 0)
      .map((host) => ({
        where: host.origin,
        message: `${host.name}: ${host.mac} was made up by the machine, not given by its maker`,
        hint: "read the address off the machine again",
      })),
});
