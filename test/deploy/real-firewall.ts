import type { DeployContext } from "../../src/deploy/types.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import { labDevice } from "../../src/lab/real/device-console.ts";
import type { LabState } from "../../src/lab/real/types.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { OPERATOR_KEY } from "../lab/real/practice-site.ts";
import { testDrivers } from "./test-drivers.ts";
import { bindLab, newWorkspace, putSecret } from "./workspace-fixture.ts";

/** Limits that suit a machine-local device. */
export const QUICK = { connectMs: 3000, commandMs: 20_000, keepaliveMs: 2000 };

/** A workspace whose firewall `acme/office/fw` is the lab's real one. */
export async function firewallWorkspace(state: LabState): Promise<string> {
  const root = newWorkspace();
  const { socketPath = "", hostKey = "" } = labDevice(state, "fw");
  const endpoint = { kind: "socket", path: socketPath } as const;
  await bindLab(root, "acme/office", { "198.18.0.2": { endpoint, hostKeys: [hostKey] } });
  putSecret(root, "operator.key", OPERATOR_KEY.private);
  return root;
}

/** The context of one process on that workspace. */
export function firewallContext(root: string, timeouts = QUICK): DeployContext {
  return openContext({
    root,
    drivers: testDrivers,
    isLab: () => true,
    timeouts,
  });
}

/** Gives a device the operator's key. */
export function withKey(intent: DeviceIntent): DeviceIntent {
  const key = { scheme: "file", locator: "operator.key", version: "1" } as const;
  return { ...intent, management: { ...intent.management, key } };
}
