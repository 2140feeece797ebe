import { compareText } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { SecretRef } from "../../model/secret.ts";
import { formatSecretRef } from "../../model/secret.ts";

/** The secrets that a device's configuration refers to, each once, sorted. Logins of Sitewright itself are not among
 *  them: they open the session and are not written to the device. */
export function collectSecrets(
  intent: Pick<DeviceIntent, "system" | "interfaces" | "vpns" | "server">,
): SecretRef[] {
  const refs = new Map<string, SecretRef>();
  const add = (ref: SecretRef | undefined): void => {
    if (ref) refs.set(formatSecretRef(ref), ref);
  };
  add(intent.system.snmp?.auth);
  add(intent.system.snmp?.privacy);
  for (const user of intent.system.users) add(user.password);
  for (const routed of intent.interfaces) add(routed.pppoe?.credentials);
  for (const vpn of intent.vpns) add(vpn.psk);
  for (const job of intent.server?.backups ?? []) {
    for (const target of job.targets) {
      add(target.encryption);
      add(target.credentials);
    }
  }
  return [...refs].sort(([a], [b]) => compareText(a, b)).map(([, ref]) => ref);
}
