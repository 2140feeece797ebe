import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { makeIdentity } from "../src/deploy/age.ts";
import { fingerprintWith } from "../src/deploy/fingerprint.ts";
import { openFileStores } from "../src/deploy/stores/open-stores.ts";
import { row, title } from "./report.ts";

const DEVICES = 20;
const NIGHTS = 365;
const FLEET = 1000;
/** How often a device's configuration is another one than the night before. */
const CHANGE_RATE = 0.05;
const BLOCK_BYTES = 4096;
const MEGABYTE = 2 ** 20;

/** Keeps a year of nightly readings of some switches, redacted and encrypted, and tells what a fleet would take. */
export async function benchArchive(): Promise<void> {
  title(
    `archive: ${DEVICES} devices of 300 lines read on ${NIGHTS} nights, ${CHANGE_RATE * 100} % changed a night, redacted and encrypted; limit 1 GB for ${FLEET}`,
  );
  const folder = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  const { recipient } = await makeIdentity();
  const { archive } = openFileStores({
    folder,
    fingerprint: fingerprintWith("a key of the bench, long enough"),
    recipients: [recipient],
  });
  const random = generator(7);
  const started = performance.now();
  for (let device = 0; device < DEVICES; device += 1) {
    const lines = switchLines(device);
    for (let night = 0; night < NIGHTS; night += 1) {
      if (random() < CHANGE_RATE) lines[30 + Math.floor(random() * 250)] = ` description changed ${night}`;
      const text = lines.join("\n");
      await archive.put({
        asset: `A-${device}`,
        device: `acme/hq/sw-${device}`,
        why: "read",
        text,
        redacted: text,
        at: new Date(Date.UTC(2026, 0, night + 1)).toISOString(),
      });
    }
  }
  const took = performance.now() - started;
  const { files, bytes, blocks } = sizeOf(folder);
  const fleet = FLEET / DEVICES;
  row("a night of one device", took / DEVICES / NIGHTS, `${files} files`);
  console.log(
    `  a year of ${FLEET} devices: ${Math.round((bytes * fleet) / MEGABYTE)} MB of text, ${Math.round((blocks * fleet) / MEGABYTE)} MB on a disk with blocks of ${BLOCK_BYTES} bytes`,
  );
  rmSync(folder, { recursive: true });
}

/** A switch with 48 ports and an access list, 300 lines. */
function switchLines(device: number): string[] {
  return Array.from({ length: 300 }, (_, line) => {
    if (line % 5 === 0) return `interface GigabitEthernet1/0/${line / 5 + 1}`;
    if (line % 5 === 1) return ` description office ${device} desk ${line}`;
    if (line % 5 === 2) return " switchport mode access";
    if (line % 5 === 3) return ` switchport access vlan ${10 + (line % 7)}`;
    return " spanning-tree portfast";
  });
}

function sizeOf(folder: string): { files: number; bytes: number; blocks: number } {
  const sum = { files: 0, bytes: 0, blocks: 0 };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { size } = statSync(join(entry.parentPath, entry.name));
    sum.files += 1;
    sum.bytes += size;
    sum.blocks += Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return sum;
}

/** Mulberry32: the same numbers in each run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
