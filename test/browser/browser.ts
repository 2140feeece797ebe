import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Where a Chromium usually is; `SITEWRIGHT_CHROMIUM` names another. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser of this machine, if there is one. */
export const BROWSER = [process.env.SITEWRIGHT_CHROMIUM ?? "", ...PLACES].find((path) => existsSync(path));

/** Starts it without a window. */
export function startBrowser(): Promise<Browser> {
  // Root has no sandbox to enter; the pages are our own.
  return chromium.launch({
    executablePath: BROWSER ?? "chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}

/** A page, and all that it said or asked for that it should not have. */
export interface Watched {
  readonly page: Page;
  readonly trouble: string[];
}

/** Opens a page and notes every console message, exception, refused policy and request to anywhere but its own file. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on("console", (message) => trouble.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => trouble.push(`exception: ${error.message}`));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) trouble.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, trouble };
}
