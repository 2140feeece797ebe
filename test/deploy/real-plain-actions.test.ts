import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dueActions } from "../../src/deploy/actions.ts";
import { siteLoader } from "../../src/deploy/site-loader.ts";
import { hostFile } from "../../src/deploy/stack-environment.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { labDevice } from "../../src/lab/real/device-console.ts";
import { labDown } from "../../src/lab/real/lab-down.ts";
import { labUp } from "../../src/lab/real/lab-up.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "../lab/real/practice-site.ts";
import { pulumi } from "./pulumi-bench.ts";
import { bindLab, newWorkspace, putSecret } from "./workspace-fixture.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const STAND_IN = fileURLToPath(new URL("./stand-in", import.meta.url));

/** One server with one file whose service is restarted. */
const FILES: Readonly<Record<string, string>> = {
  "package.json": '{ "type": "module" }\n',
  "program.ts": `import ${JSON.stringify(join(ROOT, "src/deploy/program.ts"))};\n`,
  "Pulumi.yaml": "name: sitewright\nruntime: nodejs\nmain: program.ts\n",
  "inventory/provider.yaml":
    "name: Provider\ngate: none\nbinding: lab\ncredentials:\n  user: root\n  key: file:operator.key@1\n",
  "inventory/acme/client.yaml": "name: Acme\n",
  "inventory/acme/office/site.yaml":
    "name: Office\ntimezone: Etc/UTC\nnetworks:\n  servers:\n    vlan: 20\n    zone: server\n    ipv4: 10.77.20.0/24\n",
  "inventory/acme/office/servers/srv1.yaml": `asset: AC-srv1
interfaces:
  eth0:
    network: servers
    address: 10
daemons:
  sshd:
    permitRootLogin: prohibit-password
files:
  /etc/cron.d/note:
    content: "# first\\n"
    restarts: cron
`,
};

const reason = await whyNoLab();

describe.skipIf(reason)(titled("server actions of a plain pulumi up", reason), { timeout: 180_000 }, () => {
  const options = newLabOptions();
  const root = newWorkspace();
  const environment = { ...process.env };

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    putSecret(root, "operator.key", OPERATOR_KEY.private);
    const { socketPath = "", hostKey = "" } = labDevice(up.state, "srv1");
    const endpoint = { kind: "socket", path: socketPath } as const;
    await bindLab(root, "acme/office", { "10.77.20.10": { endpoint, hostKeys: [hostKey] } });
    process.env.PATH = `${STAND_IN}${delimiter}${environment.PATH}`;
  });
  afterAll(async () => {
    process.env = environment;
    await labDown(options);
  });

  const due = async () => {
    const { stores } = openContext({ root, drivers: driverFor, isLab: () => true });
    const site = await siteLoader(root).load("acme/office");
    const lists = await Promise.all(site.devices.map((device) => dueActions(device, { stores })));
    return lists.flat().map(({ name }) => name);
  };
  const plain = (...args: readonly string[]) => pulumi(root, "acme/office", args, hostFile());

  test("a preview records nothing, an up records what ran, and the next plan has nothing due", async () => {
    expect((await plain("stack", "init")).code).toBe(0);
    const seen = await plain("preview");
    expect(seen.code, seen.output).toBe(0);
    expect(await due()).toEqual(["restart:cron:/etc/cron.d/note"]);
    const { code, output } = await plain("up", "--yes", "--skip-preview");
    expect(code, output).toBe(0);
    expect(await due()).toEqual([]);
  });

  test("a changed file makes its action due, and a targeted up that leaves it out records nothing", async () => {
    const file = join(root, "inventory/acme/office/servers/srv1.yaml");
    writeFileSync(file, (FILES["inventory/acme/office/servers/srv1.yaml"] ?? "").replace("first", "second"));
    expect(await due()).toEqual(["restart:cron:/etc/cron.d/note"]);
    const urn = "urn:pulumi:acme.office::sitewright::pulumi-nodejs:dynamic/sitewright:DeviceConfig::AC-srv1";
    const part = await plain("up", "--yes", "--skip-preview", "--target", urn);
    expect(part.code, part.output).toBe(0);
    expect(await due()).toEqual(["restart:cron:/etc/cron.d/note"]);
    const whole = await plain("up", "--yes", "--skip-preview");
    expect(whole.code, whole.output).toBe(0);
    expect(await due()).toEqual([]);
  });
});
