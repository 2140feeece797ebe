import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../model/finding.ts";
import { openAgent } from "./agent-client.ts";
import { baseLayerScript, writeBaseFiles } from "./base-layer.ts";
import { networkLines } from "./device-files.ts";
import { diskMebibytes, powerOnDevice, writeDisk } from "./device-power.ts";
import { removeLab } from "./lab-down.ts";
import {
  devicePaths,
  type LabPaths,
  labIdOf,
  labPaths,
  managementNamespace,
  namespaceOf,
} from "./lab-names.ts";
import {
  ASK_NEIGHBOURS_OFTEN,
  cableLines,
  hasInit,
  inNamespace,
  type ManagementPath,
  managementLines,
  namespaceLines,
  planManagement,
} from "./lab-network.ts";
import { withLabLock, writeLabState } from "./lab-store.ts";
import { checkLabPrerequisites } from "./prerequisites.ts";
import { run, runScript, shellQuote } from "./run.ts";
import { checkLabSite } from "./site-findings.ts";
import type { LabDevice, LabDeviceState, LabOptions, LabSite, LabState } from "./types.ts";
import { waitForAll } from "./wait.ts";

/** A lab that stands, or why it cannot. */
export type LabUpResult =
  | { readonly ok: true; readonly state: LabState; readonly tookMs: number }
  | { readonly ok: false; readonly findings: readonly Finding[] };

interface Plan {
  readonly site: LabSite;
  readonly labId: string;
  readonly paths: LabPaths;
  readonly management: readonly ManagementPath[];
}

/** Brings a practice site up, after taking down what stood or was left there before. Takes 1 to 2 seconds.
 *  @returns findings and an untouched machine when the description or the machine does not allow it
 *  @throws LabBusyError, LabCommandError, LabTimeoutError; whatever had been started is taken down again */
export async function labUp(site: LabSite, options: LabOptions): Promise<LabUpResult> {
  const startedAt = performance.now();
  const findings = [...checkLabSite(site), ...(await checkLabPrerequisites(site))];
  if (findings.length > 0) return { ok: false, findings };
  const labId = labIdOf(options);
  const plan = { site, labId, paths: labPaths(options), management: planManagement(site, labId) };
  return withLabLock(plan.paths, async () => {
    await removeLab(options);
    try {
      const state = await build(plan);
      return { ok: true, state, tookMs: performance.now() - startedAt };
    } catch (error) {
      await removeLab(options);
      throw error;
    }
  });
}

async function build(plan: Plan): Promise<LabState> {
  const { site, labId, paths, management } = plan;
  await waitForAll<unknown>([
    makeFolders(plan),
    run(["ip", "-batch", "-"], { input: namespaceLines(site, labId, management).join("\n") }),
  ]);
  await waitForAll<unknown>([
    makeHostKeys(plan),
    setUpManagement(plan),
    ...site.devices.map((device) => setUp(plan, device)),
  ]);
  const state = describe(plan);
  await waitForAll<unknown>([
    openWays(plan),
    ...site.devices
      .filter(hasInit)
      .map((device) =>
        powerOnDevice({ runDir: paths.runDir, device, namespace: namespaceOf(labId, device.name) }),
      ),
  ]);
  writeLabState(paths, state);
  return state;
}

/** One tmpfs for the lab and one a device, so that a device can fill its own disk and no other. */
async function makeFolders({ site, paths }: Plan): Promise<void> {
  const { runDir } = paths;
  const run = shellQuote(runDir);
  const disks = site.devices.filter(hasInit).map((device) => {
    const disk = shellQuote(devicePaths(runDir, device.name).disk);
    return `mkdir ${disk}; mount -t tmpfs -o mode=0755,size=${diskMebibytes(device)}m tmpfs ${disk}`;
  });
  const script = [
    `mkdir -p ${run}`,
    `mount -t tmpfs -o mode=0700,size=64m tmpfs ${run}`,
    `cd ${run}; mkdir -p disk pids boot logs ssh agents base/fresh base/hide`,
    ...disks,
    baseLayerScript(paths),
  ];
  await runScript(script.join("\n"));
  writeBaseFiles(paths);
}

/** All keys by one shell, side by side: the key of a device is made anew with each lab. */
async function makeHostKeys({ site, paths }: Plan): Promise<void> {
  const commands = site.devices.filter(hasInit).map((device) => {
    const folder = join(devicePaths(paths.runDir, device.name).upper, "etc/ssh");
    mkdirSync(folder, { recursive: true });
    const comment = shellQuote(`root@${device.name}`);
    return `ssh-keygen -q -t ed25519 -N '' -C ${comment} -f ${shellQuote(join(folder, "ssh_host_ed25519_key"))} &`;
  });
  await runScript([...commands, "wait"].join("\n"));
}

async function setUp({ labId, paths, management }: Plan, device: LabDevice): Promise<void> {
  const namespace = namespaceOf(labId, device.name);
  if (hasInit(device)) {
    const way = management.find((path) => path.device === device.name);
    writeDisk(device, paths, namespace, way ? cableLines(way) : []);
    return;
  }
  await applyNetwork(namespace, networkLines(device));
}

async function setUpManagement({ labId, management }: Plan): Promise<void> {
  await applyNetwork(managementNamespace(labId), managementLines(management));
}

/** Sets up a namespace that has no init: addresses and routes; no forwarding, whatever the machine itself does; no
 *  checksum offload, because the switch in user space would pass packets on whose checksum nobody has computed. */
async function applyNetwork(namespace: string, lines: readonly string[]): Promise<void> {
  const script = `ip -batch - || exit 1
echo 0 >/proc/sys/net/ipv4/ip_forward
echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
${ASK_NEIGHBOURS_OFTEN}
for path in /proc/sys/net/ipv4/conf/*; do ethtool -K "\${path##*/}" tx off >/dev/null 2>&1; done
exit 0`;
  await run(inNamespace(namespace, "/bin/sh", "-c", script), { input: `${lines.join("\n")}\n` });
}

/** Opens each device's unix socket in the namespace from which its operator works. */
async function openWays({ paths, management }: Plan): Promise<void> {
  const namespaces = [...new Set(management.map((path) => path.namespace))];
  await waitForAll<unknown>(
    namespaces.map(async (namespace) => {
      const agent = await openAgent({ runDir: paths.runDir, namespace });
      const calls = management
        .filter((path) => path.namespace === namespace)
        .map(({ device, address }) =>
          agent.call({
            do: "forward",
            socketPath: devicePaths(paths.runDir, device).socket,
            host: address,
            port: 22,
          }),
        );
      await waitForAll<unknown>(calls);
      agent.close();
    }),
  );
}

function describe({ site, labId, paths, management }: Plan): LabState {
  const devices = site.devices.map((device): LabDeviceState => {
    const place = devicePaths(paths.runDir, device.name);
    const way = management.find((path) => path.device === device.name);
    return {
      name: device.name,
      kind: device.kind,
      namespace: namespaceOf(labId, device.name),
      users: (device.users ?? []).map((user) => user.name),
      interfaces: device.interfaces,
      ...(way && {
        socketPath: place.socket,
        managementAddress: way.address,
        hostKey: readHostKey(join(place.upper, "etc/ssh/ssh_host_ed25519_key.pub")),
      }),
    };
  });
  return {
    schemaVersion: 1,
    labId,
    site,
    runDir: paths.runDir,
    startedAt: new Date().toISOString(),
    devices,
    sockets: Object.fromEntries(
      devices.flatMap(({ managementAddress, socketPath }) =>
        managementAddress !== undefined && socketPath !== undefined ? [[managementAddress, socketPath]] : [],
      ),
    ),
  };
}

function readHostKey(path: string): string {
  const [type = "", key = ""] = readFileSync(path, "utf8").split(" ");
  return `${type} ${key}`;
}
