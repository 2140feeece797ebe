import type { Service } from "../../../model/policy.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import type { CheckContext, Problem } from "../types.ts";

const books = new WeakMap<readonly Site[], Map<string, Set<string>>>();

/** Names of the services that a client's rules, cells and exceptions use, made once for a run. */
function usedServices(context: CheckContext, client: string): ReadonlySet<string> {
  const before = books.get(context.sites)?.get(client);
  if (before) return before;
  const book = new Map<string, Set<string>>();
  for (const site of context.sites) {
    const used = book.get(site.client) ?? new Set<string>();
    book.set(site.client, used);
    const { matrix, exceptions } = site.policy;
    const users = [...site.rules, ...matrix.cells, ...exceptions, matrix.default, matrix.intrazone];
    for (const { services } of users) for (const service of services) used.add(service);
  }
  books.set(context.sites, book);
  return book.get(client) ?? new Set();
}

/** Whether a used service of more parts holds all that this one means: it then stands in a group. */
function isPart(service: Service, site: Site, used: ReadonlySet<string>): boolean {
  const parts = service.matches.map((match) => JSON.stringify(match));
  return site.policy.services.some((group) => {
    if (!used.has(group.name) || group.matches.length <= parts.length) return false;
    const whole = new Set(group.matches.map((match) => JSON.stringify(match)));
    return parts.every((part) => whole.has(part));
  });
}

/** What is defined is used. Resolving reports names that mean nothing. */
export const rul012 = defineCheck({
  id: "RUL-012",
  severity: "info",
  decidedBy: ["check", "resolve"],
  title: { en: "No unused and no undefined object", zh: "无未使用或未定义的对象" },
  rationale: {
    en: "A list of services that nobody uses hides the ones that matter.",
    zh: "无人使用的服务定义会掩盖真正重要的。",
  },
  mend: { en: "Remove the service of the client, or use it.", zh: "删除该客户的服务定义，或加以使用。" },
  find: (site, context) => {
    const used = usedServices(context, site.client);
    return site.policy.services
      .filter(
        (service) =>
          service.origin.file.startsWith(`policies/${site.client}/`) &&
          !used.has(service.name) &&
          !isPart(service, site, used),
      )
      .map(
        (service): Problem => ({
          where: service.origin,
          message: `nothing of ${site.client} uses the service ${service.name} by its name`,
          hint: "remove it, or name it in a rule or a cell",
        }),
      );
  },
});
