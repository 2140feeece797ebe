import { randomBytes } from "node:crypto";
import ssh2 from "ssh2";
import type { DeviceIntent } from "../../model/intent.ts";
import type { SecretRef } from "../../model/secret.ts";
import { newKeyPair } from "../key-pair.ts";

/** Values for the `env:` secrets of practice devices, by the variable's name. They guard nothing but emulators and
 *  namespaces of this machine, and are made anew for each lab. */
export type PracticeSecrets = Readonly<Record<string, string>>;

/** Makes a value for every `env:` secret that the devices name and `known` lacks: an OpenSSH key where a key is
 *  wanted, else a password. */
export function practiceSecrets(
  devices: readonly DeviceIntent[],
  known: Readonly<Record<string, string | undefined>>,
): PracticeSecrets {
  const made = new Map<string, string>();
  const give = (ref: SecretRef | undefined, make: () => string): void => {
    if (ref?.scheme !== "env" || known[ref.locator] || made.has(ref.locator)) return;
    made.set(ref.locator, make());
  };
  for (const { management, secrets } of devices) {
    for (const login of [management, management.readOnly]) {
      give(login?.key, () => newKeyPair().private);
      give(login?.password, makePassword);
    }
    give(management.enable, makePassword);
    for (const secret of secrets) give(secret, makePassword);
  }
  return Object.fromEntries([...made].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The public half of an OpenSSH private key, as authorized_keys has it.
 *  @throws Error where the text is no key */
export function publicKeyOf(privateKey: string): string {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw new Error("the practice key cannot be read", { cause: parsed });
  return `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
}

/** 20 letters and digits: long enough for every vendor's rules, without a character that a CLI would treat. */
function makePassword(): string {
  return `Pw1${randomBytes(16)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "x")
    .slice(0, 17)}`;
}
