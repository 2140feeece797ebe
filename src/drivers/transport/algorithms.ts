import type { DeviceTarget } from "./types.ts";

/** Names of the SSH algorithms to offer, best first. */
interface OfferedAlgorithms {
  readonly kex: readonly string[];
  readonly serverHostKey: readonly string[];
  readonly cipher: readonly string[];
  readonly hmac: readonly string[];
}

const CURRENT: OfferedAlgorithms = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
  ],
  serverHostKey: [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ],
  // GCM first: it runs in Node's own crypto, while chacha20 would run in WebAssembly.
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "chacha20-poly1305@openssh.com",
  ],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
};

/** What boxes before about 2015 speak: SHA-1 exchanges, CBC ciphers, RSA keys signed with SHA-1. */
const LEGACY: OfferedAlgorithms = {
  kex: ["diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"],
  serverHostKey: ["ssh-rsa", "ssh-dss"],
  cipher: ["aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"],
  hmac: ["hmac-sha1", "hmac-md5"],
};

/** Chooses what to offer: old algorithms only where the device opts in, and host key types that we know first,
 *  so that a server with several keys shows the one that can be checked. */
export function offeredAlgorithms(
  target: Pick<DeviceTarget, "hostKeys" | "legacyAlgorithms">,
): OfferedAlgorithms {
  const known = new Set(target.hostKeys.flatMap((key) => signatureNames(parseHostKey(key)?.type)));
  const legacy = target.legacyAlgorithms;
  const hostKeys = legacy ? [...CURRENT.serverHostKey, ...LEGACY.serverHostKey] : CURRENT.serverHostKey;
  return {
    kex: legacy ? [...CURRENT.kex, ...LEGACY.kex] : CURRENT.kex,
    serverHostKey: [
      ...hostKeys.filter((name) => known.has(name)),
      ...hostKeys.filter((name) => !known.has(name)),
    ],
    cipher: legacy ? [...CURRENT.cipher, ...LEGACY.cipher] : CURRENT.cipher,
    hmac: legacy ? [...CURRENT.hmac, ...LEGACY.hmac] : CURRENT.hmac,
  };
}

/** A public host key: its type's name and its bytes in base64. */
interface HostKey {
  readonly type: string;
  readonly base64: string;
}

/** Reads `ssh-ed25519 AAAA… comment`, with or without a host name in front; undefined where it is neither. */
function parseHostKey(line: string): HostKey | undefined {
  const words = line.trim().split(/\s+/);
  const at = words.findIndex((word) => /^(ssh-|ecdsa-sha2-|sk-)/.test(word));
  const type = words[at];
  const base64 = words[at + 1];
  if (type === undefined || base64 === undefined || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return undefined;
  return { type, base64 };
}

/** Tells whether the key that a server showed is one of the accepted ones. */
export function isAcceptedHostKey(shown: Buffer, accepted: readonly string[]): boolean {
  return accepted.some((line) => {
    const key = parseHostKey(line);
    return key !== undefined && Buffer.from(key.base64, "base64").equals(shown);
  });
}

function signatureNames(type: string | undefined): readonly string[] {
  if (type === undefined) return [];
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [type];
}
