import type { Cell, Policy, Zone } from "../../../src/model/policy.ts";
import type { Rule, RuleEnd } from "../../../src/model/site.ts";
import { at, tcp } from "./site-places.ts";

function zone(name: string, trust: number, kind: Zone["kind"], change: Partial<Zone> = {}): Zone {
  return {
    name,
    trust,
    kind,
    important: false,
    reserved: false,
    origin: at("policies/zones.yaml", trust),
    ...change,
  };
}

function cell(from: string, to: string, change: Partial<Cell> = {}): Cell {
  return {
    from,
    to,
    access: "block-all",
    services: [],
    matches: [],
    severity: "high",
    log: true,
    require: {},
    origin: at("policies/zones.yaml", 100),
    ...change,
  };
}

/** What the practice site's zones may say to each other. */
export function policy(): Policy {
  const https = tcp(443);
  const open = { access: "allow-only", services: ["https"], matches: [https] } as const;
  return {
    zones: [
      zone("cctv", 40, "server"),
      zone("guest", 10, "user"),
      zone("internet", 0, "external", { reserved: true }),
      zone("mgmt", 100, "management"),
      zone("office", 50, "user"),
      zone("phones", 45, "server"),
      zone("self", 100, "device", { reserved: true }),
      zone("servers", 70, "server", { important: true }),
      zone("transit", 60, "transit"),
      zone("unassigned", 0, "external", { reserved: true }),
    ],
    services: [{ name: "https", matches: [https], origin: at("policies/services.yaml", 1) }],
    matrix: {
      default: cell("*", "*"),
      intrazone: { ...cell("*", "*"), except: [] },
      cells: [
        cell("*", "mgmt"),
        cell("guest", "internet", open),
        cell("office", "servers", {
          ...open,
          require: { log: true, inspection: ["ips"], explicit: ["destination"] },
        }),
        cell("servers", "internet", open),
      ],
    },
    exceptions: [],
  };
}

/** One end of a rule that means a network. */
export function end(name: string, prefix: string, change: Partial<RuleEnd> = {}): RuleEnd {
  return { ref: name, kind: "network", zones: [name], site: "acme/hq", prefixes: [prefix], ...change };
}

/** The one rule of the practice site. */
export function rule(): Rule {
  return {
    id: "R0012",
    action: "permit",
    from: [end("office", "10.1.10.0/24")],
    to: [end("servers", "10.1.20.10/32", { ref: "srv-1", kind: "host" })],
    services: ["https"],
    matches: [tcp(443)],
    log: true,
    owner: "li.wei",
    ticket: "CHG-2026-0113",
    reason: "ERP",
    review: "2027-03-01",
    inspection: ["ips"],
    before: [],
    source: "site",
    origin: at("hq/rules.yaml", 1),
  };
}
