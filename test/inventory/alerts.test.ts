import { describe, expect, it } from "vitest";
import type { Workspace } from "../../src/inventory/read/workspace.ts";
import { resolveAlerts } from "../../src/inventory/resolve/alerts.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";

function workspace(provider: string, client = "", site = ""): Workspace {
  const files = new Map([
    ["inventory/acme/client.yaml", `name: Acme\n${client}`],
    ["inventory/acme/hq/site.yaml", `name: Head office\ntimezone: Asia/Shanghai\n${site}`],
    ["inventory/provider.yaml", `name: MSP\n${provider}`],
  ]);
  return { root: "/nowhere", files, findings: [], siteIds: ["acme/hq"] };
}

function settingsOf(provider: string, client = "", site = "") {
  return resolveAlerts(workspace(provider, client, site), ["acme/hq"]).get("acme/hq");
}

function channels(...lines: readonly string[]): string {
  return `alerts:\n  channels:\n    duty:\n${lines.map((line) => `      ${line}\n`).join("")}`;
}

const ROOM = channels("type: dingtalk", "url: env:ROOM@1", "secret: env:ROOM_KEY@1");

describe("who hears of incidents", () => {
  it("is what the provider says, unless the client or the site says otherwise", () => {
    const client = "sla: 5x8\nalerts:\n  language: zh\n  channels:\n    duty:\n      minimum: P2\n";
    const site = "alerts:\n  targets:\n    P1:\n      respond: 5m\n";
    const settings = settingsOf(ROOM, client, site);
    expect(settings).toMatchObject({ language: "zh", hours: "5x8", timezone: "Asia/Shanghai" });
    expect(settings?.channels).toEqual([
      {
        name: "duty",
        type: "dingtalk",
        minimum: "P2",
        closed: true,
        url: { scheme: "env", locator: "ROOM", version: "1" },
        secret: { scheme: "env", locator: "ROOM_KEY", version: "1" },
      },
    ]);
    expect(settings?.targets.P1).toEqual({ respondMs: 300_000, resolveMs: 4 * 3_600_000 });
  });

  it("is nobody where a client takes the channel away", () => {
    expect(settingsOf(ROOM, "alerts:\n  channels:\n    duty: null\n")?.channels).toEqual([]);
  });

  it("has sound defaults where nothing is said", () => {
    expect(settingsOf("")).toMatchObject({
      language: "en",
      hours: "24x7",
      unreadableNights: 3,
      channels: [],
    });
  });
});

describe("a channel that cannot work is a finding", () => {
  it.each([
    [["type: slack"], "the channel duty (slack) has no url", "add url: env:DUTY_URL@1"],
    [
      ["type: webhook", "url: env:A@1"],
      "the channel duty (webhook) has no secret",
      "add secret: env:DUTY_KEY@1",
    ],
    [
      ["type: email", "from: a@b.example", "to: [c@d.example]"],
      "the channel duty (email) has no server",
      "add server: smtp.example:587",
    ],
    [
      ["type: email", "server: mx.example:25", "from: a@b.example"],
      "the channel duty writes to nobody",
      "add to: [duty@msp.example]",
    ],
    [
      [
        "type: email",
        "server: mx.example:25",
        "from: a@b.example",
        "to: [c@d.example]",
        "security: none",
        "password: env:P@1",
      ],
      "the channel duty would send its password in clear",
      "write security: tls or starttls, or take the password away",
    ],
  ])("%j", (lines, message, hint) => {
    const { findings } = resolveWorkspace(workspace(channels(...lines)));
    const finding = findings.find((one) => one.code === "ALERT-CHANNEL");
    expect(finding).toMatchObject({
      severity: "error",
      message,
      hint,
      where: { file: "inventory/provider.yaml" },
    });
    expect(settingsOf(channels(...lines))?.channels).toEqual([]);
  });

  it("an address in clear is refused as a secret that was written down", () => {
    const { findings } = resolveWorkspace(
      workspace(channels("type: slack", "url: https://hooks.example/T0/x")),
    );
    expect(
      findings.some(
        (finding) => finding.severity === "error" && /secret/i.test(finding.message + finding.hint),
      ),
    ).toBe(true);
    expect(JSON.stringify(findings)).not.toContain("hooks.example");
  });
});
