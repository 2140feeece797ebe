import { DeviceError } from "../drivers/driver.ts";
import {
  DEFAULT_TIMEOUTS,
  type DeviceTarget,
  type JumpTarget,
  type Login,
  type Timeouts,
} from "../drivers/transport/types.ts";
import type { DeviceIntent, JumpHost } from "../model/intent.ts";
import type { SecretRef } from "../model/secret.ts";
import { knownHostKeys } from "./known-hosts.ts";
import { type LabBinding, readLabBinding } from "./lab-binding.ts";
import type { SecretResolver } from "./secrets.ts";

/** What a conversation is for: plan and drift make do with read-only credentials. */
export type Purpose = "read" | "push";

/** What differs from the intent for one conversation. */
export interface TargetOverride {
  /** Where the device still answers before its management address moves. */
  readonly address?: string;
  /** The name it still has before it is renamed; undefined asks for no name. */
  readonly hostname: string | undefined;
  /** Addresses that it has or had, whose host keys are its own too. */
  readonly knownAt?: readonly string[];
}

/** Turns a device's management intent into something to dial, secrets resolved. */
export interface TargetResolver {
  /** @throws DeviceError `unreachable` while the lab is down, `host-key` where no host key is known
   *  @throws SecretError */
  resolve(intent: DeviceIntent, purpose: Purpose, override: TargetOverride): Promise<DeviceTarget>;
}

/** What targets are resolved with. */
export interface TargetOptions {
  readonly root: string;
  readonly secrets: SecretResolver;
  /** Tells whether a site's addresses are reached through the practice lab only. */
  readonly isLab: (site: string) => boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly timeouts?: Timeouts;
  /** The lab's binding; read from the workspace unless given. */
  readonly binding?: () => LabBinding | undefined;
}

/** Opens a resolver. A site bound to the lab is never dialled by its inventory address. */
export function openTargets(options: TargetOptions): TargetResolver {
  return {
    async resolve(intent, purpose, override) {
      const address = override.address ?? intent.management.address;
      const place = options.isLab(siteOf(intent))
        ? labPlace(intent, address, options)
        : directPlace(intent, address, override.knownAt ?? [], options);
      const { enable, legacyAlgorithms } = intent.management;
      return {
        device: intent.id,
        ...place,
        login: await loginOf(intent, purpose, options),
        ...(enable ? { enable: await options.secrets.resolve(enable) } : {}),
        jump: options.isLab(siteOf(intent))
          ? []
          : await Promise.all(intent.management.jump.map((hop) => jumpOf(hop, options))),
        legacyAlgorithms,
        ...(override.hostname === undefined ? {} : { expectHostname: override.hostname }),
        timeouts: options.timeouts ?? DEFAULT_TIMEOUTS,
      };
    },
  };
}

/** `client/site` of a device. */
export function siteOf(intent: Pick<DeviceIntent, "client" | "site">): string {
  return `${intent.client}/${intent.site}`;
}

type Place = Pick<DeviceTarget, "endpoint" | "hostKeys">;

function labPlace(intent: DeviceIntent, address: string, options: TargetOptions): Place {
  const binding = (options.binding ?? (() => readLabBinding(options.root)))();
  if (!binding) {
    throw new DeviceError("unreachable", intent.id, "the lab is down; type: sitewright lab up");
  }
  const bound = binding.sites[siteOf(intent)]?.[address];
  if (!bound) {
    throw new DeviceError(
      "unreachable",
      intent.id,
      `the lab that is up has no device at ${address}; type: sitewright lab up ${siteOf(intent)}`,
    );
  }
  return { endpoint: bound.endpoint, hostKeys: bound.hostKeys };
}

/** A device that moves keeps its key: where none is known for its new address, the one of its old address counts. */
function directPlace(
  intent: DeviceIntent,
  address: string,
  knownAt: readonly string[],
  options: TargetOptions,
): Place {
  const { port, hostKeys } = intent.management;
  const known = [address, ...knownAt].map((place) => knownHostKeys(options.root, place, port));
  const keys = hostKeys.length > 0 ? hostKeys : (known.find((found) => found.length > 0) ?? []);
  if (keys.length === 0) {
    throw new DeviceError(
      "host-key",
      intent.id,
      `no host key is known for ${address}; check it, then: ssh-keyscan -p ${port} ${address} >> known_hosts`,
    );
  }
  return { endpoint: { kind: "tcp", host: address, port }, hostKeys: keys };
}

async function loginOf(intent: DeviceIntent, purpose: Purpose, options: TargetOptions): Promise<Login> {
  const { management } = intent;
  const account = purpose === "read" && management.readOnly ? management.readOnly : management;
  const agent = management.agent ? options.environment.SSH_AUTH_SOCK : undefined;
  return {
    user: account.user,
    ...(await secretsOf(account, options)),
    ...(agent === undefined || agent === "" ? {} : { agent }),
  };
}

async function jumpOf(hop: JumpHost, options: TargetOptions): Promise<JumpTarget> {
  const hostKeys =
    hop.hostKeys.length > 0 ? hop.hostKeys : knownHostKeys(options.root, hop.address, hop.port);
  return {
    name: hop.name,
    endpoint: { kind: "tcp", host: hop.address, port: hop.port },
    login: { user: hop.user, ...(await secretsOf(hop, options)) },
    hostKeys,
  };
}

async function secretsOf(
  account: { readonly password?: SecretRef; readonly key?: SecretRef },
  options: TargetOptions,
): Promise<Pick<Login, "password" | "key">> {
  return {
    ...(account.password ? { password: await options.secrets.resolve(account.password) } : {}),
    ...(account.key ? { key: await options.secrets.resolve(account.key) } : {}),
  };
}
