import type { ResourceProvider } from "./pulumi.ts";

/** What Pulumi serializes into the state in place of a provider: nothing but calls of the installed driver host.
 *  It captures nothing and never changes, because Pulumi runs the text that lies in the state (D2); a test pins its hash.
 *  The host is the one that `SITEWRIGHT_HOST` names (`sitewright apply` says it), else the installed package's,
 *  else the source beside the program. Types are left out of the bodies, so that source and compiled text are the same. */
// biome-ignore format: one line a method, so that the compiled text is the same to the byte
export const shim: ResourceProvider = {
  check: async (olds, news) => require(process.env.SITEWRIGHT_HOST || (require("node:fs").existsSync("device-config.ts") ? "./host.ts" : "sitewright/host")).check(olds, news),
  diff: async (id, olds, news) => require(process.env.SITEWRIGHT_HOST || (require("node:fs").existsSync("device-config.ts") ? "./host.ts" : "sitewright/host")).diff(id, olds, news),
  create: async (inputs) => require(process.env.SITEWRIGHT_HOST || (require("node:fs").existsSync("device-config.ts") ? "./host.ts" : "sitewright/host")).create(inputs),
  read: async (id, props) => require(process.env.SITEWRIGHT_HOST || (require("node:fs").existsSync("device-config.ts") ? "./host.ts" : "sitewright/host")).read(id, props),
  update: async (id, olds, news) => require(process.env.SITEWRIGHT_HOST || (require("node:fs").existsSync("device-config.ts") ? "./host.ts" : "sitewright/host")).update(id, olds, news),
  delete: async (id, props) => require(process.env.SITEWRIGHT_HOST || (require("node:fs").existsSync("device-config.ts") ? "./host.ts" : "sitewright/host")).delete(id, props),
};
