import type { FileWhere } from "../../../src/model/finding.ts";
import type { ServiceMatch } from "../../../src/model/intent.ts";
import type { SecretRef } from "../../../src/model/secret.ts";

/** A place in a file of the client acme. */
export function at(file: string, line = 1): FileWhere {
  return { file: file.startsWith("policies/") ? file : `inventory/acme/${file}`, line, column: 1 };
}

/** A reference to a secret that was changed this year. */
export const secret = (name: string): SecretRef => ({ scheme: "env", locator: name, version: "2026-03-01" });
/** TCP to some ports. */
export const tcp = (...ports: number[]): ServiceMatch => ({
  protocol: "tcp",
  ports: ports.map((port) => [port, port]),
});
