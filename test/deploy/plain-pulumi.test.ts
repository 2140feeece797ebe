import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureEngine } from "../../src/deploy/engine/ensure.ts";
import type { Engine } from "../../src/deploy/engine/locate.ts";
import { engineEnvironment, hostFile } from "../../src/deploy/stack-environment.ts";
import { startEmulator } from "../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../src/lab/emulator/types.ts";
import { newKeyPair } from "../../src/lab/key-pair.ts";
import { bindLab, newWorkspace } from "./workspace-fixture.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SITE = "northgate/office";
const STACK = "northgate.office";
const KEYS = newKeyPair();
const SECRETS = {
  SITEWRIGHT_SSH_KEY: KEYS.private,
  SITEWRIGHT_NETOPS_PASSWORD: "canary-netops-1",
  NORTHGATE_SNMP_AUTH: "canary-snmp-auth-1",
  NORTHGATE_SNMP_PRIVACY: "canary-snmp-priv-1",
  NORTHGATE_RESTIC: "canary-restic-1",
  NORTHGATE_VAULT: "canary:vault",
};

/** A workspace as `init` leaves one: YAML, a Pulumi.yaml and a one-line program; two of its switches are emulated. */
describe("plain pulumi in a workspace of YAML", { timeout: 180_000 }, () => {
  const root = newWorkspace();
  const emulators = new Map<string, Emulator>();
  let engine: Engine;

  beforeAll(async () => {
    engine = await ensureEngine(() => undefined);
    for (const folder of ["inventory", "policies"])
      cpSync(join(ROOT, folder), join(root, folder), { recursive: true });
    writeFileSync(join(root, "package.json"), '{ "type": "module" }\n');
    writeFileSync(
      join(root, "program.ts"),
      `import ${JSON.stringify(join(ROOT, "src/deploy/program.ts"))};\n`,
    );
    const settings = readFileSync(join(ROOT, "Pulumi.yaml"), "utf8").replace(
      "src/deploy/program.ts",
      "program.ts",
    );
    writeFileSync(join(root, "Pulumi.yaml"), settings);
    const users = [{ name: "netops", publicKeys: [KEYS.public], privilege: 15 }];
    for (const [hostname, address] of [
      ["acc-1", "10.70.99.11"],
      ["acc-2", "10.70.99.12"],
    ] as const) {
      emulators.set(
        address,
        await startEmulator({
          platform: "iosxe",
          hostname,
          users,
          clientAddress: "10.70.99.50",
          config: `hostname ${hostname}\n`,
        }),
      );
    }
    const bound = [...emulators].map(([address, { port, hostKey }]) => {
      const endpoint = { kind: "tcp", host: "127.0.0.1", port } as const;
      return [address, { endpoint, hostKeys: [`${hostKey.type} ${hostKey.publicKey}`] }] as const;
    });
    await bindLab(root, SITE, Object.fromEntries(bound));
  });
  afterAll(async () => {
    for (const emulator of emulators.values()) await emulator.stop();
  });

  const pulumi = (...args: readonly string[]) => {
    const env = {
      ...process.env,
      ...engineEnvironment(root, engine),
      ...SECRETS,
      SITEWRIGHT_HOST: hostFile(),
    };
    return new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
      const all = [...args, "--stack", STACK, "--non-interactive"];
      execFile(engine.pulumi, all, { cwd: root, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}\n${stderr}` }),
      );
    });
  };
  const urn = (asset: string) =>
    `urn:pulumi:${STACK}::sitewright::pulumi-nodejs:dynamic/sitewright:DeviceConfig::${asset}`;
  const both = ["--target", urn("NG-SW-0011"), "--target", urn("NG-SW-0012")];
  const logins = () =>
    [...emulators.values()].flatMap((emulator) => emulator.log.filter(({ kind }) => kind === "login"));

  test("preview shows whose intended configuration changes, and dials no device", async () => {
    expect((await pulumi("stack", "init")).code).toBe(0);
    const { code, output } = await pulumi("preview");
    expect(code, output).toBe(0);
    expect(output).toContain("NG-SW-0011");
    expect(output).toContain("8 to create");
    expect(logins()).toEqual([]);
  });

  test("up pushes through the same host, and leaves receipts", async () => {
    const { code, output } = await pulumi("up", "--yes", "--skip-preview", ...both);
    expect(code, output).toBe(0);
    for (const emulator of emulators.values()) {
      expect(emulator.running()).toContain("vlan 99");
      expect(emulator.saved()).toBe(emulator.running());
    }
    expect(readdirSync(join(root, ".sitewright", "receipts")).sort()).toEqual([
      "NG-SW-0011.jsonl",
      "NG-SW-0012.jsonl",
    ]);
    const again = await pulumi("preview", "--expect-no-changes", ...both);
    expect(again.code, again.output).toBe(0);
  });

  test("refresh shows a hand edit, and the next up takes it back", async () => {
    emulators.get("10.70.99.12")?.handEdit(["vlan 666", " name by-hand"]);
    const seen = await pulumi("refresh", "--yes", "--skip-preview", "--diff", ...both);
    expect(seen.code, seen.output).toBe(0);
    expect(seen.output).toContain("vlan 666");
    const { code, output } = await pulumi("up", "--yes", "--skip-preview", ...both);
    expect(code, output).toBe(0);
    expect(emulators.get("10.70.99.12")?.running()).not.toContain("vlan 666");
  });

  test("what a message shows holds no secret", async () => {
    const { output } = await pulumi("stack", "export", "--show-secrets");
    expect(output).not.toContain("canary");
  });
});
