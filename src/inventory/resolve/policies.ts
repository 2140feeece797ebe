import type { Workspace } from "../read/workspace.ts";
import { Documents } from "./documents.ts";
import { Findings } from "./findings.ts";
import { type ClientPolicy, readPolicy } from "./policy.ts";

/** The policies of every client of a workspace, by client, without what is wrong with them. */
export function readPolicies(workspace: Workspace): ReadonlyMap<string, ClientPolicy> {
  const documents = new Documents(workspace);
  const clients = [...new Set(workspace.siteIds.map((id) => id.slice(0, id.indexOf("/"))))];
  return new Map(clients.map((client) => [client, readPolicy(documents, client, new Findings())]));
}
