import { readFile } from "node:fs/promises";
import { type ForgeEnvironment, type ForgeFlags, readForgeEnvironment } from "../forge/environment.ts";
import { FORGE_KINDS, type Forge, type ForgeRequest } from "../forge/types.ts";
import { type Options, textOption } from "./command.ts";
import { UsageError } from "./exit.ts";

/** The most of an event file that is read, bytes. */
const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/** Reads which forge a job belongs to, from flags and from the CI's own variables. */
export async function forgeEnvironment(options: Options): Promise<ForgeEnvironment> {
  const [forge, api, repository, request] = ["forge", "api", "repository", "request"].map((name) =>
    textOption(options, name),
  );
  if (forge !== undefined && !FORGE_KINDS.some((known) => known === forge))
    throw new UsageError(`there is no forge "${forge}"`, `known: ${FORGE_KINDS.join(", ")}`);
  if (request !== undefined && !/^[1-9]\d{0,14}$/.test(request))
    throw new UsageError(`"${request}" is no number of a request`, "sitewright preview --post --request 12");
  const flags: ForgeFlags = {
    ...(forge === undefined ? {} : { forge }),
    ...(api === undefined ? {} : { api }),
    ...(repository === undefined ? {} : { repository }),
    ...(request === undefined ? {} : { request: Number(request) }),
  };
  const environment = readForgeEnvironment(flags, process.env, await readEvent());
  if (environment.kind === undefined)
    throw new UsageError(
      "this is no job of a known CI",
      "name the forge: --forge github --repository owner/name --request 12",
    );
  return environment;
}

/** Opens the forge; undefined where there is no token.
 *  @throws UsageError where its address or the repository is not known */
export async function forgeOf(environment: ForgeEnvironment): Promise<Forge | undefined> {
  const { kind, api, repository, token } = environment;
  if (kind === undefined || token === undefined) return undefined;
  if (api === undefined || !URL.canParse(api) || !/^https?:/.test(api))
    throw new UsageError("the forge's API address is not known", "--api https://gitlab.example/api/v4");
  if (repository === undefined || (kind !== "gitlab" && !/^[^/]+\/[^/]+$/.test(repository)))
    throw new UsageError("the repository is not known", "--repository owner/name");
  // Clients take their time to load, and most previews need none.
  const { openForge } = await import("../forge/open-forge.ts");
  return openForge({ kind, api, repository, token });
}

/** Where a forge keeps the head of a request. */
export function headRef(forge: Forge["kind"], request: ForgeRequest): string {
  return forge === "gitlab"
    ? `refs/merge-requests/${request.number}/head`
    : `refs/pull/${request.number}/head`;
}

async function readEvent(): Promise<unknown> {
  const path = process.env.GITHUB_EVENT_PATH;
  if (!path) return undefined;
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === "" || text.length > MAX_EVENT_BYTES) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
