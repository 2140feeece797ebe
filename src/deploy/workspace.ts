import { join } from "node:path";
import { bringAuditLog } from "./audit/bring-log.ts";
import { openFingerprint } from "./fingerprint.ts";
import { practiceFallback } from "./practice-secrets.ts";
import { openSecrets } from "./secrets.ts";
import { readSettings, type Settings } from "./settings.ts";
import { bringFiles } from "./stores/bring-files.ts";
import { openFileStores, openSharedStores } from "./stores/open-stores.ts";
import { sharedDatabase } from "./stores/shared.ts";
import { sharedAddress } from "./stores/sql/address.ts";
import { openTargets, type TargetOptions } from "./targets.ts";
import type { DeployContext, DriverLookup } from "./types.ts";

/** What a context is opened with. */
export interface ContextOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly drivers: DriverLookup;
  /** Tells whether a site's addresses are reached through the practice lab only. */
  readonly isLab: (site: string) => boolean;
  /** Tells whether every site that this context serves is bound to the lab: only then do practice secrets serve
   *  (default: never). */
  readonly onlyLab?: () => boolean;
  readonly environment?: NodeJS.ProcessEnv;
  readonly now?: () => Date;
  readonly pulumiConfig?: (key: string) => Promise<string>;
  readonly timeouts?: TargetOptions["timeouts"];
}

/** The private folder of a workspace: stores, keys, state. It is not for git. */
export function stateFolder(root: string): string {
  return join(root, ".sitewright");
}

/** Opens stores, secrets and targets of a workspace. Stores are files, or a database where `SITEWRIGHT_STORE_URL` names
 *  one; it is dialled when it is first asked. */
export function openContext(options: ContextOptions): DeployContext {
  const { root, drivers, isLab } = options;
  const environment = options.environment ?? process.env;
  const folder = stateFolder(root);
  const fingerprint = openFingerprint(join(folder, "fingerprint.key"), environment);
  const secrets = openSecrets({
    root,
    environment,
    fallback: practiceFallback(root, options.onlyLab ?? (() => false)),
    ...(options.pulumiConfig ? { pulumiConfig: options.pulumiConfig } : {}),
  });
  const targets = openTargets({
    root,
    secrets,
    isLab,
    environment,
    ...(options.timeouts ? { timeouts: options.timeouts } : {}),
  });
  const shared = sharedAddress(environment);
  const journalKey = environment.SITEWRIGHT_JOURNAL_KEY?.trim();
  const storeOptions = {
    folder,
    fingerprint,
    recipients: recipientsOf(folder, environment),
    audit: auditSettings(folder, environment),
    ...(journalKey ? { journalKey } : {}),
  };
  return {
    root,
    drivers,
    stores: shared
      ? openSharedStores(
          sharedDatabase(shared, secrets, async (database) => {
            await bringFiles(folder, database);
            await bringAuditLog(join(folder, "audit"), database);
          }),
          storeOptions,
        )
      : openFileStores(storeOptions),
    secrets,
    targets,
    fingerprint,
    now: options.now ?? (() => new Date()),
  };
}

/** `SITEWRIGHT_AGE_RECIPIENTS` (separated by commas or blanks), else the settings. */
function recipientsOf(folder: string, environment: NodeJS.ProcessEnv): readonly string[] {
  const given = environment.SITEWRIGHT_AGE_RECIPIENTS;
  if (given !== undefined && given.trim() !== "") return given.trim().split(/[\s,]+/);
  return readSettings(folder).recipients ?? [];
}

/** `SITEWRIGHT_AUDIT_KEY` goes before the settings. */
function auditSettings(folder: string, environment: NodeJS.ProcessEnv): NonNullable<Settings["audit"]> {
  const settings = readSettings(folder).audit ?? {};
  const key = environment.SITEWRIGHT_AUDIT_KEY;
  return key === undefined || key === "" ? settings : { ...settings, key };
}
