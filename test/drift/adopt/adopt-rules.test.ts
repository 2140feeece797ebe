import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judgeSites } from "../../../src/cli/judge.ts";
import { renderDevice } from "../../../src/deploy/render-device.ts";
import { adoptItems } from "../../../src/drift/adopt/adopt-items.ts";
import type { AdoptRequest } from "../../../src/drift/adopt/adopt-types.ts";
import { driftItems } from "../../../src/drift/items.ts";
import { driverFor, isFullDriver } from "../../../src/drivers/registry.ts";
import { readWorkspace } from "../../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../../src/inventory/resolve/resolve.ts";
import { makeRepository, type Repository } from "../../cli/preview-repository.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const RULES = "inventory/harbour-dental/main/rules.yaml";
let repository: Repository;
beforeAll(() => {
  repository = makeRepository();
});
afterAll(() => repository.remove());

/** The firewall of the dental practice after somebody edited its table. */
async function edited(edit: (config: string) => string): Promise<AdoptRequest> {
  const workspace = await readWorkspace(repository.folder);
  const site = resolveWorkspace(workspace, { sites: ["harbour-dental/main"] }).sites[0];
  const intent = site?.devices.find((device) => device.name === "fw-1");
  const drivers: AdoptRequest["drivers"] = (platform) => {
    const found = driverFor(platform);
    return found && isFullDriver(found) ? found : undefined;
  };
  const driver = drivers("nftables");
  if (!site || !intent || !driver) throw new Error("no firewall");
  const { config, scope } = renderDevice(driver, intent).rendered;
  const applied = driver.redact(config);
  const running = edit(applied);
  expect(running).not.toBe(applied);
  const found = driftItems(driver, { intended: config, applied, running, scope, saved: "same" });
  const by = { name: "mallory", confidence: "named" } as const;
  const items = found.map((item) => ({ ...item, by, incident: "INC-0123456789ab" }));
  const judge: AdoptRequest["judge"] = (of, judged, findings) =>
    judgeSites({ sites: [judged], workspace: of, findings }, NOW).findings;
  return { workspace, site, intent, driver, drivers, judge, running, items, today: "2026-11-22" };
}

/** Types a line at the beginning of a chain, as `nft insert rule` does. */
function typed(chain: string, line: string): (config: string) => string {
  return (config) => config.replace(`\tchain ${chain} {\n`, (head) => `${head}\t\t${line}\n`);
}

const MAIL = "ip saddr 10.60.10.0/24 tcp dport { 465, 587, 993 } accept";

describe("a rule that somebody typed on the firewall", () => {
  test("becomes a rule with the next id, its maker as owner and the incident as ticket", async () => {
    const adopted = adoptItems(await edited(typed("office_to_internet", MAIL)));
    expect(adopted.refusals).toBeUndefined();
    const before = repository.read(RULES);
    const [, added] = (adopted.files?.get(RULES) ?? "").split(before);
    expect(added?.trimEnd().split("\n")).toEqual([
      "R0011:",
      "  from: office",
      "  to: zone:internet",
      "  service: mail",
      "  reason: adopted from fw-1; ask mallory what it is for",
      "  owner: mallory",
      "  ticket: INC-0123456789ab",
      "  created: 2026-11-22",
      "  review: 2026-12-22",
    ]);
  });

  test("with a comment of its own is the same rule", async () => {
    const line = MAIL.replace(/$/, ' comment "mail, Tuesday"');
    expect([...(adoptItems(await edited(typed("office_to_internet", line))).files?.keys() ?? [])]).toEqual([
      RULES,
    ]);
  });

  test("as more ports of a rule that is there changes that rule alone", async () => {
    const wider = (config: string): string =>
      config.replace(
        'tcp dport { 80, 443 } accept comment "R0002 HD-0001"',
        'tcp dport { 80, 443, 465, 587, 993 } accept comment "R0002 HD-0001"',
      );
    const adopted = adoptItems(await edited(wider));
    expect(adopted.refusals).toBeUndefined();
    expect(adopted.files?.get(RULES)).toBe(
      repository.read(RULES).replace("service: [web, ntp]", "service: [mail, web, ntp]"),
    );
  });

  test("and one that somebody took out is taken out, the others keep their bytes", async () => {
    const without = (config: string): string => config.replace(/^.*comment "R0007 HD-0004"\n/gm, "");
    const adopted = adoptItems(await edited(without));
    expect(adopted.refusals).toBeUndefined();
    expect(adopted.files?.get(RULES)).toBe(repository.read(RULES).replace(/^R0007:\n(?: {2}.*\n)+/m, ""));
  });
});

describe("a line that says nothing new to packets", () => {
  test("is left to the next apply, by name: the empty chain, and the way into it", async () => {
    const without = (config: string): string => config.replace(/^.*comment "R0005 HD-0003"\n/m, "");
    const adopted = adoptItems(await edited(without));
    expect(adopted.refusals).toBeUndefined();
    expect(adopted.files?.get(RULES)).toBe(repository.read(RULES).replace(/^R0005:\n(?: {2}.*\n)+/m, ""));
    expect(adopted.respelled).toEqual([
      "table inet sitewright / chain server_to_backup",
      "table inet sitewright / map zonepair",
    ]);
  });

  test("keeps what was not adopted out of that list", async () => {
    const both = (config: string): string =>
      typed("office_to_internet", MAIL)(config.replace(/^.*comment "R0005 HD-0003"\n/m, ""));
    const request = await edited(both);
    const items = request.items.filter(({ path }) => path[1] === "chain office_to_internet");
    const adopted = adoptItems({ ...request, items });
    expect(adopted.respelled).toEqual(["table inet sitewright / chain office_to_internet"]);
  });
});

describe("a rule is refused, and nothing is written, where", () => {
  test.each([
    [
      "the matrix forbids what it lets through",
      typed("guest_to_internet", "ip saddr 10.60.90.0/24 tcp dport 445 accept"),
      /ZON-005 R0011 .*lets guest reach internet/,
    ],
    [
      "no service of the inventory says its ports",
      typed("office_to_internet", "ip saddr 10.60.10.0/24 tcp dport 4444 accept"),
      /no services of the inventory are what .*4444/,
    ],
    [
      "it says what a rule has no word for",
      typed("office_to_internet", "ip saddr 10.60.10.0/24 ct mark 0x1 accept"),
      /this line says something else/,
    ],
    [
      "it lets through any protocol of TCP by a word that is not read",
      typed("office_to_internet", "meta l4proto tcp accept"),
      /this line says something else/,
    ],
    [
      "it names no addresses, so that it lets through more than a rule says",
      typed("guest_to_internet", "tcp dport 443 accept"),
      /names no source, and a rule of the inventory always does/,
    ],
    [
      "it drops what a rule lets through",
      typed("office_to_internet", "ip saddr 10.60.10.21 tcp dport { 80, 443 } drop"),
      /ZON-006 R0002 is not open|no services/,
    ],
    [
      "it translates",
      typed("office_to_internet", "ip saddr 10.60.10.21 masquerade"),
      /a translation is no rule; write it under nat/,
    ],
    [
      "it stands behind the last drop of what is for the firewall itself",
      (config: string) => config.replace("counter drop\n", (line) => `${line}\t\tiifname "eth5" accept\n`),
      /behind the last drop/,
    ],
    [
      "it took out what the management of the firewall needs",
      (config: string) => config.replace(/^.*comment "management"\n/m, ""),
      /follows from other parts of the inventory/,
    ],
  ])("%s", async (_title, edit, reason) => {
    const adopted = adoptItems(await edited(edit));
    expect(adopted.files).toBeUndefined();
    expect(adopted.refusals?.join("\n")).toMatch(reason);
  });
});
