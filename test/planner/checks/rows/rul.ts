import type { Site } from "../../../../src/model/site.ts";
import { deviceOf, named } from "../world.ts";
import type { Row } from "./row.ts";
import { addDeny, addException, any, cellOf, nowhere, ruleOf } from "./rules-of.ts";

/** Rules. */
export const RUL_ROWS: readonly Row[] = [
  {
    id: "RUL-004",
    title: "a permit from any to any is an error",
    spoil: (w) => {
      Object.assign(ruleOf(w), { from: [any], to: [any] });
    },
    says: "permits from any to any",
    severity: "error",
  },
  {
    id: "RUL-005",
    title: "a permit of every service is an error",
    spoil: (w) => {
      ruleOf(w).matches = [{ protocol: "any", ports: [] }];
    },
    says: "permits every service",
    severity: "error",
  },
  {
    id: "RUL-006",
    title: "more sources than the cell allows are told",
    spoil: (w) => {
      cellOf(w, "office", "servers").require.maxSources = 100;
    },
    says: "256 sources, 100 are allowed",
  },
  {
    id: "RUL-006",
    title: "any destination where the cell wants it named is told",
    spoil: (w) => {
      ruleOf(w).to = [{ ...any, zones: ["servers"] }];
    },
    says: "any destination",
  },
  {
    id: "RUL-007",
    title: "a rule without ticket is told",
    spoil: (w) => {
      delete (ruleOf(w) as { ticket?: string }).ticket;
    },
    says: "R0012 has no ticket",
  },
  {
    id: "RUL-008",
    title: "a rule past its end is an error",
    spoil: (w) => {
      ruleOf(w).expires = "2026-11-21";
    },
    says: "the rule R0012 ended on 2026-11-21",
    severity: "error",
  },
  {
    id: "RUL-008",
    title: "a rule about to end is mentioned",
    spoil: (w) => {
      ruleOf(w).expires = "2026-12-01";
    },
    says: "ends on 2026-12-01",
    severity: "info",
  },
  {
    id: "RUL-008",
    title: "an exception past its end is an error",
    spoil: (w) => {
      addException(w, { expires: "2026-01-01" });
    },
    says: "the exception EX-7 ended",
    severity: "error",
  },
  {
    id: "RUL-009",
    title: "a rule towards an important zone without a log is told",
    spoil: (w) => {
      ruleOf(w).log = false;
    },
    says: "(office → servers) writes no log",
  },
  {
    id: "RUL-010",
    title: "a firewall that drops in silence is told",
    spoil: (w) => {
      const { firewall } = deviceOf(w, "fw");
      if (firewall) firewall.logDropped = false;
    },
    says: "fw drops without a log",
  },
  {
    id: "RUL-010",
    title: "a filter that permits what is left is told",
    spoil: (w) => {
      const [filter] = deviceOf(w, "core-1").filters;
      if (filter) filter.default = "permit";
    },
    says: "ends with permit",
  },
  {
    id: "RUL-011",
    title: "remote desktops across zones are told",
    spoil: (w) => {
      ruleOf(w).matches = [{ protocol: "tcp", ports: [[3380, 3390]] }];
    },
    says: "lets rdp from office to servers",
    severity: "warning",
  },
  {
    id: "RUL-011",
    title: "telnet from the outside is an error",
    spoil: (w) => {
      Object.assign(ruleOf(w), {
        from: [{ ...any, zones: ["internet"] }],
        matches: [{ protocol: "tcp", ports: [[23, 23]] }],
      });
    },
    says: "lets telnet from internet",
    severity: "error",
  },
  {
    id: "RUL-012",
    title: "a service that nothing uses is mentioned",
    spoil: (w) => {
      w.site.policy.services.push({
        name: "ipp",
        matches: [{ protocol: "tcp", ports: [[631, 631]] }],
        origin: { file: "policies/acme/services.yaml", line: 3, column: 1 },
      });
    },
    says: "uses the service ipp",
    severity: "info",
  },
  {
    id: "RUL-013",
    title: "an empty service is an error",
    spoil: (w) => {
      w.site.policy.services.push({
        name: "void",
        matches: [],
        origin: { file: "policies/services.yaml", line: 3, column: 1 },
      });
    },
    says: "the service void means nothing",
    severity: "error",
  },
  {
    id: "RUL-013",
    title: "a rule without a destination is an error",
    spoil: (w) => {
      ruleOf(w).to = [];
    },
    says: "no destination left",
    severity: "error",
  },
  {
    id: "RUL-015",
    title: "a review that is due is told",
    spoil: (w) => {
      ruleOf(w).review = "2026-11-01";
    },
    says: "was due on 2026-11-01",
  },
  {
    id: "RUL-015",
    title: "a rule that nobody will look at again is told",
    spoil: (w) => {
      delete (ruleOf(w) as { review?: string }).review;
    },
    says: "has no review day",
  },
  {
    id: "RUL-016",
    title: "two services that mean the same are mentioned",
    spoil: (w) => {
      const [https] = w.site.policy.services;
      if (https) w.site.policy.services.push({ ...structuredClone(https), name: "web-tls" });
    },
    says: "https and web-tls mean the same",
    severity: "info",
  },
  {
    id: "RUL-017",
    title: "a rule from an address that nothing leads to is told",
    spoil: (w) => {
      ruleOf(w).from = [nowhere];
    },
    says: "R0012: 10.77.0.5 lies in no network of this site",
    severity: "warning",
  },
  {
    id: "RUL-017",
    title: "an exception for addresses of another zone is an error",
    spoil: (w) => {
      addException(w, { source: ["10.1.10.7/32"] });
    },
    says: "the exception EX-7 is for guest, and its source 10.1.10.7/32 lies in office",
    severity: "error",
    at: "policies/acme/exceptions.yaml",
  },
  {
    id: "RUL-018",
    title: "answers that a stateless filter drops are an error, with a packet",
    spoil: (w) => {
      for (const name of ["core-1", "core-2"]) {
        const filter = named(deviceOf(w, name).filters, "CCTV-IN");
        filter.entries = filter.entries.filter((entry) => !entry.established);
      }
    },
    says: "answers from cctv to phones are dropped: tcp 10.1.31.",
    severity: "error",
  },
  {
    id: "RUL-018",
    title: "answers of a UDP service are known by the port that they come from",
    spoil: (w) => {
      for (const name of ["core-1", "core-2"]) {
        const { filters } = deviceOf(w, name);
        const asking = named(filters, "VOICE-IN").entries;
        const answering = named(filters, "CCTV-IN").entries;
        const [ask, answer] = [asking[0], answering[0]];
        if (!ask || !answer) throw new Error("no entries");
        const services = (ports: [number, number][]) => [{ protocol: "udp" as const, ports }];
        asking.unshift({ ...ask, id: "ntp", established: false, services: services([[123, 123]]) });
        const back = {
          established: false,
          services: services([]),
          sourcePorts: [[124, 124]] as [number, number][],
        };
        answering.unshift({ ...answer, id: "ntp-return", ...back });
      }
    },
    says: "answers from cctv to phones are dropped: udp 10.1.31.",
    severity: "error",
  },
  {
    id: "RUL-019",
    title: "a permit and a deny that meet without a stated order are mentioned",
    spoil: (w) => {
      addDeny(w, { matches: [{ protocol: "tcp", ports: [[1, 1000]] }] });
    },
    says: "R0012 wins over R0050 by its name alone",
    severity: "info",
  },
  {
    id: "RUL-019",
    title: "the same rules in a new order show what it opens",
    spoil: (w) => {
      const firewall = deviceOf(w, "fw").firewall;
      if (!firewall) throw new Error("no firewall");
      const base = {
        from: "office",
        to: "servers",
        services: [{ protocol: "tcp" as const, ports: [[443, 443]] as [number, number][] }],
        log: true,
        source: ["10.1.10.0/24"],
        destination: ["10.1.20.10/32"],
        origin: { file: "inventory/acme/hq/rules.yaml", line: 1, column: 1 },
      };
      const permit = { ...base, id: "R0012", action: "permit" as const };
      const deny = { ...base, id: "R0050", action: "deny" as const, source: ["10.1.10.50/32"] };
      firewall.rules = [deny, permit];
      w.previous.set("acme/hq", structuredClone(w.site) as unknown as Site);
      firewall.rules = [permit, deny];
    },
    says: "fw: the new order of the same rules opens tcp 10.1.10.50",
    severity: "warning",
  },
];
