import type { Finding } from "../../src/model/finding.ts";
import type { PlanFlow } from "../../src/planner/plan/types.ts";
import type { Preview, PreviewDevice, PreviewSite } from "../../src/planner/preview/types.ts";

/** A device with so many commands, all different from those of other devices. */
export function sampleDevice(id: string, commands: readonly string[]): PreviewDevice {
  return {
    device: id,
    asset: id,
    platform: "iosxe",
    state: commands.length === 0 ? "same" : "change",
    basis: "base",
    readAt: undefined,
    commands,
    rollback: [],
    steps: [],
    items: [],
    unmanaged: 0,
    saved: "unknown",
    intendedDigest: "sha256:1",
    runningDigest: "sha256:0",
    commandsDigest: "sha256:2",
    after: [],
    lines: 10,
  };
}

export function sampleSite(id: string, parts: Partial<PreviewSite> = {}): PreviewSite {
  return {
    schemaVersion: 1,
    site: id,
    name: id,
    state: "changed",
    digest: `sha256:${id}`,
    keyId: "none",
    risk: { level: "low", reasons: [] },
    flows: { opened: [], closed: [] },
    devices: [sampleDevice(`${id}/sw-1`, ["vlan 20", " name STAFF", "exit"])],
    actions: [],
    secretVersions: {},
    findings: [],
    mended: 0,
    review: [],
    notEvaluated: [],
    ...parts,
  };
}

export function samplePreview(sites: readonly PreviewSite[], parts: Partial<Preview> = {}): Preview {
  return {
    base: "a".repeat(40),
    head: "b".repeat(40),
    digest: "sha256:all",
    sites,
    untouched: 0,
    review: [],
    findings: [],
    notEvaluated: [],
    ...parts,
  };
}

export function sampleFinding(message: string, line = 3): Finding {
  return {
    code: "ZON-005",
    severity: "error",
    message,
    hint: "narrow it",
    where: { file: "inventory/acme/hq/rules.yaml", line, column: 1 },
  };
}

export function sampleFlow(port: number): PlanFlow {
  return {
    from: "guest",
    to: "server",
    flow: `tcp 10.1.90.0/24 -> 10.1.20.5:${port}`,
    witness: `tcp 10.1.90.10:49152 -> 10.1.20.5:${port}`,
    line: { file: "inventory/acme/hq/rules.yaml", line: 12, column: 1 },
  };
}
