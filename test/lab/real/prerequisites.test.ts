import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  aptCommand,
  checkLabPrerequisites,
  installLabPackages,
  labPackages,
} from "../../../src/lab/real/prerequisites.ts";
import { host, officeSite, titled, whyNoLab } from "./practice-site.ts";

const reason = await whyNoLab();

describe("what a practice site needs of the machine", () => {
  test("a site of hosts needs no switch, no server programs and no sudo", () => {
    const packages = labPackages({ name: "t", devices: [host("a", "10.0.0.1/24", "10.0.0.2")], links: [] });
    expect(packages).toEqual([
      "ethtool",
      "iproute2",
      "iputils-ping",
      "nftables",
      "openssh-server",
      "util-linux",
    ]);
  });

  test("the office needs Open vSwitch, the server programs and sudo, but no router", () => {
    const packages = labPackages(officeSite());
    expect(packages).toEqual(expect.arrayContaining(["openvswitch-switch", "restic", "sudo", "chrony"]));
    expect(packages).not.toContain("frr");
  });

  test("the hint can be typed as it stands", () => {
    expect(aptCommand(["frr", "sudo"])).toBe("apt-get install -y --no-install-recommends frr sudo");
  });
});

describe.skipIf(reason)(titled("a machine that can run practice sites", reason), () => {
  test("has nothing to complain about, and nothing to install", async () => {
    expect(await checkLabPrerequisites(officeSite())).toEqual([]);
    expect(await installLabPackages(officeSite())).toEqual([]);
  });

  test("somebody who is not root is told so, and what to type", () => {
    // A copy, because the repository may lie where only root can read.
    const folder = mkdtempSync(join(tmpdir(), "lab-user-"));
    chmodSync(folder, 0o755);
    try {
      cpSync("src/lab/real", join(folder, "lab/real"), { recursive: true });
      cpSync("src/model", join(folder, "model"), { recursive: true });
      cpSync(process.execPath, join(folder, "node"));
      const script = `import { checkLabPrerequisites } from "${folder}/lab/real/prerequisites.ts";
        console.log(JSON.stringify((await checkLabPrerequisites()).map((f) => [f.code, f.hint])));`;
      const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
      const node = [join(folder, "node"), "--input-type=module-typescript", "-e", script];
      const printed = execFileSync("setpriv", [...nobody, ...node], {
        cwd: dirname(folder),
        encoding: "utf8",
      });
      expect(JSON.parse(printed)).toEqual([["LAB-NOT-ROOT", expect.stringContaining("run it with sudo")]]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
