import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Host keys of an address from the workspace's `known_hosts` and `.sitewright/known_hosts`, in OpenSSH's format.
 *  Marked lines (`@revoked`, `@cert-authority`) never count as accepted.
 *  @returns `ssh-ed25519 AAAA…`, sorted */
export function knownHostKeys(root: string, address: string, port: number): string[] {
  const keys = [join(root, "known_hosts"), join(root, ".sitewright", "known_hosts")]
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, "utf8").split("\n"))
    .flatMap((line) => keyOfLine(line, nameOf(address, port)));
  return [...new Set(keys)].sort();
}

/** OpenSSH writes `[address]:port` for all ports but 22. */
function nameOf(address: string, port: number): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

function keyOfLine(line: string, name: string): string[] {
  const [hosts, type, key] = line.trim().split(/\s+/);
  if (!hosts || !type || !key || hosts.startsWith("#") || hosts.startsWith("@")) return [];
  return matches(hosts, name) ? [`${type} ${key}`] : [];
}

function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith("|1|")) return matchesHashed(hosts, name);
  return hosts.split(",").includes(name);
}

/** `|1|SALT|HASH`, HMAC-SHA1 of the name under the salt (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
function matchesHashed(hosts: string, name: string): boolean {
  const [, , salt, hash] = hosts.split("|");
  if (!salt || !hash) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}
