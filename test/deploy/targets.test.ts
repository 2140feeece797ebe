import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { knownHostKeys } from "../../src/deploy/known-hosts.ts";
import { openSecrets } from "../../src/deploy/secrets.ts";
import { openTargets, type TargetResolver } from "../../src/deploy/targets.ts";
import { DeviceError } from "../../src/drivers/driver.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { accessSwitch, ref } from "./switches.ts";
import { bindLab, newWorkspace } from "./workspace-fixture.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKnown";

function resolver(
  root: string,
  lab: boolean,
  environment: NodeJS.ProcessEnv = { OPS: "x", RO: "y" },
): TargetResolver {
  return openTargets({ root, environment, isLab: () => lab, secrets: openSecrets({ root, environment }) });
}

const base = accessSwitch("iosxe", 1);
const intent: DeviceIntent = {
  ...base,
  management: { ...base.management, address: "192.0.2.11", password: ref("env:OPS@1"), hostKeys: [KEY] },
};

describe("where a device is dialled", () => {
  test("a site bound to the lab is never dialled by its own address, and says what to type while the lab is down", async () => {
    const failure = await resolver(newWorkspace(), true)
      .resolve(intent, "read", { hostname: undefined })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeviceError);
    expect(failure).toMatchObject({
      kind: "unreachable",
      message: "the lab is down; type: sitewright lab up",
    });
  });

  test("a lab that is up without this device is not passed by either", async () => {
    const root = newWorkspace();
    await bindLab(root, "acme/hq", {});
    const failure = await resolver(root, true)
      .resolve(intent, "read", { hostname: undefined })
      .catch((e: unknown) => e);
    expect(failure).toMatchObject({ kind: "unreachable", message: expect.stringContaining("192.0.2.11") });
  });

  test("a practice device is reached where the lab bound it", async () => {
    const root = newWorkspace();
    const endpoint = { kind: "tcp", host: "127.0.0.1", port: 4022 } as const;
    await bindLab(root, "acme/hq", { "192.0.2.11": { endpoint, hostKeys: [KEY] } });
    const target = await resolver(root, true).resolve(intent, "push", { hostname: "sw-1" });
    expect(target).toMatchObject({ endpoint, hostKeys: [KEY], expectHostname: "sw-1", jump: [] });
  });

  test("a device without a known host key is not dialled", async () => {
    const unknown = { ...intent, management: { ...intent.management, hostKeys: [] } };
    const failure = await resolver(newWorkspace(), false)
      .resolve(unknown, "read", { hostname: undefined })
      .catch((e: unknown) => e);
    expect(failure).toMatchObject({
      kind: "host-key",
      message: expect.stringContaining("ssh-keyscan -p 22 192.0.2.11"),
    });
  });

  test("a device that moves is known by the host key of its old address", async () => {
    const root = newWorkspace();
    writeFileSync(join(root, "known_hosts"), `192.0.2.10 ${KEY}\n`);
    const moved = { ...intent, management: { ...intent.management, hostKeys: [] } };
    const asked = { hostname: undefined, knownAt: ["192.0.2.11", "192.0.2.10"] };
    const target = await resolver(root, false).resolve(moved, "push", asked);
    expect(target).toMatchObject({ endpoint: { host: "192.0.2.11" }, hostKeys: [KEY] });
  });

  test("reading takes the read-only login where there is one, pushing never", async () => {
    const readOnly = { user: "audit", password: ref("env:RO@1") };
    const device = { ...intent, management: { ...intent.management, readOnly } };
    const targets = resolver(newWorkspace(), false);
    expect((await targets.resolve(device, "read", { hostname: undefined })).login.user).toBe("audit");
    expect((await targets.resolve(device, "push", { hostname: undefined })).login.user).toBe("ops");
  });
});

describe("known hosts of a workspace", () => {
  const hashed = (name: string) => {
    const salt = Buffer.from("01234567890123456789");
    return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
  };

  test.each([
    ["a plain name", `192.0.2.11 ${KEY}`, 22, [KEY]],
    ["one of several names", `sw-1,192.0.2.11 ${KEY}`, 22, [KEY]],
    ["another port", `[192.0.2.11]:2222 ${KEY}`, 2222, [KEY]],
    ["a hashed name", `${hashed("192.0.2.11")} ${KEY}`, 22, [KEY]],
    ["the right name on another port only", `[192.0.2.11]:2222 ${KEY}`, 22, []],
    ["a revoked key", `@revoked 192.0.2.11 ${KEY}`, 22, []],
    ["a comment", `# 192.0.2.11 ${KEY}`, 22, []],
  ])("%s", (_title, line, port, keys) => {
    const root = newWorkspace();
    writeFileSync(join(root, "known_hosts"), `${line}\n`);
    expect(knownHostKeys(root, "192.0.2.11", port)).toEqual(keys);
  });
});
