import { describe, expect, it } from "vitest";
import { foldCommands } from "../../src/cli/text/fold.ts";

describe("a plan is folded for reading", () => {
  it("tells alike interfaces once", () => {
    const port = (name: string): string[] => [`interface ${name}`, "shutdown", "exit"];
    expect(foldCommands([...port("Gi1/0/1"), ...port("Gi1/0/2"), "vlan 10", ...port("Gi1/0/3")])).toEqual([
      "interface Gi1/0/1  … Gi1/0/2 (2 alike)",
      " shutdown",
      " exit",
      "vlan 10",
      "interface Gi1/0/3",
      " shutdown",
      " exit",
    ]);
  });

  it("keeps interfaces apart that differ in one line", () => {
    const lines = ["interface a", "shutdown", "exit", "interface b", "no shutdown", "exit"];
    expect(foldCommands(lines).filter((line) => line.startsWith("interface"))).toEqual([
      "interface a",
      "interface b",
    ]);
  });

  it("counts the lines of a written file", () => {
    expect(
      foldCommands(["cat > /etc/x <<'SITEWRIGHT'", "a", "b", "SITEWRIGHT", "chmod 0644 /etc/x"]),
    ).toEqual(["cat > /etc/x <<'SITEWRIGHT'", "  … 2 lines", "chmod 0644 /etc/x"]);
  });

  it("does not stumble over a block that never ends", () => {
    expect(foldCommands(["interface a", "shutdown"])).toEqual(["interface a", "shutdown"]);
  });
});
