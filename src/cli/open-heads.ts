import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { OpenHead } from "../deploy/preview/open-requests.ts";
import { ForgeError } from "../forge/forge-error.ts";
import type { Forge } from "../forge/types.ts";
import type { Options } from "./command.ts";
import { UsageError } from "./exit.ts";
import { forgeEnvironment, forgeOf, headRef } from "./forge-flags.ts";

/** The open requests of a forge whose head is known. */
export async function listOpenHeads(forge: Forge): Promise<OpenHead[]> {
  const requests = await forge.openRequests();
  return requests.flatMap((request) => {
    const { commit } = request.head;
    return commit === undefined
      ? []
      : [{ request: request.number, commit, ref: headRef(forge.kind, request) }];
  });
}

/** The other open requests that a preview is asked to meet: from a file that `requests --out` wrote, else from the forge.
 *  @returns with what to tell where they could not be listed */
export async function openHeadsFor(
  options: Options,
): Promise<{ readonly heads: readonly OpenHead[]; readonly note?: string }> {
  const { withOpen } = options;
  if (withOpen === undefined || withOpen === false) return { heads: [] };
  if (typeof withOpen === "string") return { heads: await readOpenHeads(withOpen) };
  const environment = await forgeEnvironment(options);
  const forge = await forgeOf(environment);
  if (forge === undefined)
    return { heads: [], note: `other open requests were not met: ${environment.tokenVariable} is not set` };
  try {
    const heads = await listOpenHeads(forge);
    return { heads: heads.filter(({ request }) => request !== environment.request) };
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return { heads: [], note: `other open requests were not met: ${error.message}` };
  }
}

async function readOpenHeads(file: string): Promise<OpenHead[]> {
  const hint = "write it with: sitewright requests --out FILE";
  let list: unknown;
  try {
    list = JSON.parse(await readFile(resolve(file), "utf8"));
  } catch {
    throw new UsageError(`${file} cannot be read`, hint);
  }
  if (!Array.isArray(list) || !list.every(isOpenHead))
    throw new UsageError(`${file} is no list of requests`, hint);
  return list;
}

function isOpenHead(item: unknown): item is OpenHead {
  if (typeof item !== "object" || item === null) return false;
  const { request, commit, ref } = item as Readonly<Record<string, unknown>>;
  return (
    Number.isSafeInteger(request) &&
    typeof commit === "string" &&
    /^[0-9a-f]{40,64}$/.test(commit) &&
    typeof ref === "string" &&
    /^refs\/(pull|merge-requests)\/\d+\/head$/.test(ref)
  );
}
