import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import ssh2 from "ssh2";
import { connect } from "../src/drivers/transport/ssh.ts";
import { DEFAULT_TIMEOUTS } from "../src/drivers/transport/types.ts";
import { labDown } from "../src/lab/real/lab-down.ts";
import { labUp } from "../src/lab/real/lab-up.ts";
import { checkLabPrerequisites } from "../src/lab/real/prerequisites.ts";
import type { LabDeviceState } from "../src/lab/real/types.ts";
import { Secret } from "../src/model/secret.ts";
import { row, title } from "./report.ts";

const SERVERS = 100;
const SIDE_BY_SIDE = 16;
const ROUNDS = 3;
const COMMAND = "cat /etc/hostname";

/** Reads one file from each of 100 real sshd through our transport and through a bare ssh2 loop, in the same minute. */
export async function benchSweep(): Promise<void> {
  title(`one read of each of ${SERVERS} real sshd; limit: at least 90 % of a bare ssh2 loop's speed`);
  const [lack] = await checkLabPrerequisites();
  if (lack) {
    console.log(`  not run: ${lack.message} (${lack.hint})`);
    return;
  }
  const stateDir = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  const key = readableKey();
  const users = [{ name: "root", authorizedKeys: [key.public] }];
  const devices = Array.from({ length: SERVERS }, (_, index) => ({
    name: `srv-${index}`,
    kind: "linux-server" as const,
    interfaces: [],
    users,
    services: [],
  }));
  try {
    const lab = await labUp({ name: "bench/sweep", devices, links: [] }, { stateDir });
    if (!lab.ok) throw new Error(lab.findings.map((finding) => finding.message).join("; "));
    const bare = await best(() => sweep(lab.state.devices, (device) => readBare(device, key.private)));
    const ours = await best(() => sweep(lab.state.devices, (device) => readOurs(device, key.private)));
    row("bare ssh2 loop", bare, `${Math.round((SERVERS / bare) * 1000)} devices/s`);
    row(
      "our transport",
      ours,
      `${Math.round((SERVERS / ours) * 1000)} devices/s, ${Math.round((bare / ours) * 100)} % of bare`,
    );
  } finally {
    await labDown({ stateDir });
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function best(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}

async function sweep(
  devices: readonly LabDeviceState[],
  read: (device: LabDeviceState) => Promise<string>,
): Promise<void> {
  const queue = [...devices];
  const worker = async (): Promise<void> => {
    for (let device = queue.shift(); device !== undefined; device = queue.shift()) {
      const answer = await read(device);
      if (answer.trim() !== device.name) throw new Error(`${device.name} answered ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

async function readOurs(device: LabDeviceState, key: string): Promise<string> {
  const connection = await connect({
    device: device.name,
    endpoint: { kind: "socket", path: device.socketPath ?? "" },
    login: { user: "root", key: new Secret(key) },
    hostKeys: [device.hostKey ?? ""],
    jump: [],
    legacyAlgorithms: false,
    timeouts: DEFAULT_TIMEOUTS,
  });
  const { stdout } = await connection.exec(COMMAND);
  await connection.close();
  return stdout;
}

function readBare(device: LabDeviceState, key: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on("error", reject);
    client.on("ready", () =>
      client.exec(COMMAND, (error, stream) => {
        if (error) return reject(error);
        let text = "";
        stream.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        stream.on("close", () => {
          client.end();
          resolve(text);
        });
      }),
    );
    const sock = createConnection(device.socketPath ?? "");
    client.connect({ sock, username: "root", privateKey: key, hostVerifier: () => true });
  });
}

/** Now and then ssh2 writes an ed25519 key that it cannot read itself. */
function readableKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
