import { parseSecretRef } from "../../../model/secret.ts";
import { SecretError, type SecretResolver } from "../../secrets.ts";
import { StoreError } from "./sql.ts";

/** Where the stores are that several machines share. */
export interface SharedAddress {
  /** @returns the address in clear, password included @throws StoreError */
  reveal(secrets: Pick<SecretResolver, "resolve">): Promise<string>;
}

/** What `SITEWRIGHT_STORE_URL` names: an address, or a reference to one such as `file:/run/secrets/store@1`; undefined
 *  where it is not set. */
export function sharedAddress(environment: NodeJS.ProcessEnv): SharedAddress | undefined {
  const given = environment.SITEWRIGHT_STORE_URL?.trim();
  if (given === undefined || given === "") return undefined;
  return {
    async reveal(secrets) {
      const url = await resolveUrl(given, secrets);
      if (/^postgres(ql)?:\/\//.test(url)) return url;
      throw new StoreError(
        "SITEWRIGHT_STORE_URL is no address of a PostgreSQL database",
        "write postgres://user:password@host/database, or a reference such as file:/run/secrets/store@1",
      );
    },
  };
}

async function resolveUrl(given: string, secrets: Pick<SecretResolver, "resolve">): Promise<string> {
  const reference = parseSecretRef(given);
  if (reference === undefined) return given;
  try {
    return (await secrets.resolve(reference)).reveal();
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    throw new StoreError(`SITEWRIGHT_STORE_URL: ${error.message}`, error.hint, error);
  }
}
