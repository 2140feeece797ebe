import { mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatherReports } from "../../src/cli/gather-reports.ts";
import { type ReportDocument, reportDocuments } from "../../src/cli/report-documents.ts";
import type { Language } from "../../src/report/html/words.ts";
import { campusWorkspace, NOW, ROOT } from "../report/sample.ts";
import { BROWSER, openPage, startBrowser } from "./browser.ts";

const DESK = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const addresses = new Map<string, string>();
let browser: Browser | undefined;
let folder = "";

async function keep(
  root: string,
  selectors: readonly string[],
  fleet: boolean,
  lang: Language,
): Promise<ReportDocument[]> {
  const { reports } = await gatherReports(root, selectors, NOW);
  const documents = await reportDocuments({ reports, format: "html", lang, fleet, now: NOW.toISOString() });
  for (const { name, content } of documents) {
    await writeFile(join(folder, name), content);
    addresses.set(name, pathToFileURL(join(folder, name)).href);
  }
  return documents;
}

/** Opens one of the pages; fails where it troubles anybody. */
async function visit(
  name: string,
  options: Parameters<typeof openPage>[2],
  look: (page: Page) => Promise<void>,
): Promise<void> {
  if (browser === undefined) throw new Error("no browser was started");
  const { page, trouble } = await openPage(browser, addresses.get(name) ?? "", options);
  await look(page);
  await page.context().close();
  expect(trouble).toEqual([]);
}

// In CI there is no way round: without a browser the first test fails and says so.
describe.skipIf(BROWSER === undefined && process.env.CI !== "true")("a report in a real browser", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sitewright-page-"));
    await keep(ROOT, [], true, "zh");
    const stranger = await campusWorkspace((files) => {
      const rules = files.get("inventory/big/campus/rules.yaml") ?? "";
      const bad =
        "RBAD: {from: guest, to: server, service: ssh, reason: bad, owner: ops, ticket: C-1, created: 2026-03-01, review: 2027-03-01}\n";
      files.set("inventory/big/campus/rules.yaml", rules + bad);
    });
    await keep(stranger, [], false, "en");
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  const everyPage = ["lanhai.hq.html", "northgate.office.html", "fleet.html", "big.campus.html"];

  it.each(everyPage)(
    "%s speaks to nobody, says nothing on the console and does not overflow",
    async (name) => {
      for (const options of [DESK, PHONE]) {
        await visit(name, options, async (page) => {
          const [content, window] = await page.evaluate<[number, number]>(
            "[document.documentElement.scrollWidth, innerWidth]",
          );
          expect(content).toBeLessThanOrEqual(window);
        });
      }
    },
  );

  it("shows what a stranger named a device as text", async () => {
    await visit("big.campus.html", DESK, async (page) => {
      expect(await page.title()).toContain("<img src=x onerror=alert(1)>");
      expect(await page.locator("h1").textContent()).toBe("<img src=x onerror=alert(1)> 园区");
      expect(await page.locator("img, iframe, object, embed, form, link").count()).toBe(0);
      expect(await page.locator("script").count()).toBe(1);
      expect(await page.locator("[style], [onclick], [onerror], [onload]").count()).toBe(0);
    });
  });

  it("runs no script that a stranger might still get in", async () => {
    if (browser === undefined) throw new Error("no browser was started");
    const { page } = await openPage(browser, addresses.get("lanhai.hq.html") ?? "", DESK);
    const ran = await page.evaluate<boolean>(
      `(() => { const script = document.createElement("script"); script.textContent = "window.owned = true"; document.body.append(script);
        const image = document.createElement("div"); image.setAttribute("onclick", "window.owned = true"); document.body.append(image); image.click();
        return window.owned === true; })()`,
    );
    expect(ran).toBe(false);
    await page.context().close();
  });

  it("opens the proof of a cell, and the way back is one key", async () => {
    await visit("lanhai.hq.html", DESK, async (page) => {
      await page.locator('.matrix a[title="guest → internet"]').click();
      const proof = page.locator("dialog[open]");
      expect(await proof.count()).toBe(1);
      const text = await proof.textContent();
      expect(text).toContain("已证明");
      expect(text).toContain("fw-1");
      expect(text).toContain("R0006");
      await page.keyboard.press("Escape");
      expect(await proof.count()).toBe(0);
    });
  });

  it("shows the packet that breaks a cell, and leads to the rule", async () => {
    await visit("big.campus.html", DESK, async (page) => {
      await page.locator('.matrix a[title="guest → server"]').click();
      const proof = page.locator("dialog[open]");
      expect(await proof.locator("code").first().textContent()).toMatch(
        /^tcp 10\.9\.4\.\d+:\d+ -> 10\.9\.5\.\d+:22/,
      );
      await proof.locator("a", { hasText: "RBAD" }).click();
      expect(await page.locator("dialog[open]").count()).toBe(0);
      expect(await page.locator("#rule\\.RBAD").getAttribute("class")).toBe("lit");
    });
  });

  it("finds a port, opens its register and shows the line", async () => {
    await visit("lanhai.hq.html", DESK, async (page) => {
      await page.locator("#search").fill("sw-1f-1 0/0/41");
      const [first] = await page.locator("#hits a").all();
      expect(await first?.textContent()).toContain("printer-1f");
      await page.keyboard.press("Enter");
      const row = page.locator("tr.lit");
      expect(await row.textContent()).toContain("GigabitEthernet0/0/41");
      expect(await row.isVisible()).toBe(true);
      expect(await page.locator("#hits").isVisible()).toBe(false);
      await page.locator("#search").fill("no such thing anywhere");
      expect(await page.locator("#hits").textContent()).toBe("没有找到。");
    });
  });

  it("leads from the drawing to the ports of a device, and from a port of its front to its line", async () => {
    await visit("lanhai.hq.html", DESK, async (page) => {
      await page.locator(".topo a", { hasText: "sw-2f-1" }).click();
      const card = page.locator(".device.lit");
      expect(await card.locator("h3").textContent()).toBe("sw-2f-1");
      await card.locator(".bank a", { hasText: /^43$/ }).click();
      expect(await page.locator("tr.lit").textContent()).toContain("GigabitEthernet0/0/43");
    });
  });

  it("is dark where the reader's desk is, and turns at a click", async () => {
    const paper = (page: Page) => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await visit("lanhai.hq.html", { ...DESK, colorScheme: "dark" }, async (page) => {
      const dark = await paper(page);
      await page.locator("#theme").click();
      const light = await paper(page);
      expect([dark, light]).toEqual(["rgb(15, 20, 26)", "rgb(245, 246, 248)"]);
    });
    await visit("lanhai.hq.html", { ...DESK, colorScheme: "light" }, async (page) => {
      expect(await paper(page)).toBe("rgb(245, 246, 248)");
    });
  });

  it("prints every register, without the bar, in ink on white", async () => {
    await visit("lanhai.hq.html", { ...DESK, colorScheme: "dark" }, async (page) => {
      await page.emulateMedia({ media: "print" });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.locator(".top").isVisible()).toBe(false);
      expect(await page.locator("details:not([open])").count()).toBe(0);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(
        "rgb(255, 255, 255)",
      );
      const pdf = await page.pdf({ format: "A4" });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await page.locator("details[open]").count()).toBe(0);
    });
  });

  it("leads from the fleet to each site's page beside it", async () => {
    if (browser === undefined) throw new Error("no browser was started");
    const { page } = await openPage(browser, addresses.get("fleet.html") ?? "", DESK);
    await page.locator("a", { hasText: "苏州分公司" }).first().click();
    await page.waitForURL(/lanhai\.suzhou\.html$/);
    expect(await page.locator("h1").textContent()).toBe("苏州分公司");
    await page.context().close();
  });

  it("stays below 2 MB for fifty devices", async () => {
    const { size } = await stat(join(folder, "big.campus.html"));
    expect(size).toBeLessThan(2_000_000);
  });
});
