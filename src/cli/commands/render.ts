import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Rendered } from "../../drivers/driver.ts";
import { driverFor } from "../../drivers/registry.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { chosenDevices, openChosen } from "../open.ts";
import { printFindings } from "../text/findings.ts";

/** Prints the intended configurations of the chosen devices, or writes one file a device. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const devices = chosen.sites.flatMap((site) => chosenDevices(chosen, site)).flatMap(renderIntent);
  const findings = [...chosen.findings, ...devices.flatMap(({ rendered }) => rendered.findings)];
  const folder = textOption(options, "out");
  if (folder !== undefined) for (const device of devices) await writeConfig(folder, device);
  return {
    findings,
    result: {
      devices: devices.map(({ intent, rendered }) => ({
        device: intent.id,
        platform: intent.platform,
        config: rendered.config,
        provenance: rendered.provenance.map((place) => place ?? null),
      })),
    },
    reasons: findingReasons(findings),
    text: (printer) => {
      printFindings(printer, findings, chosen.frameOf);
      for (const { intent, rendered } of devices) {
        if (folder === undefined) {
          printer.line(printer.style.bold(`# ${intent.id} (${intent.platform})`));
          printer.line(rendered.config);
        } else {
          printer.line(fileOf(folder, intent));
        }
      }
    },
  };
}

interface RenderedDevice {
  readonly intent: DeviceIntent;
  readonly rendered: Rendered;
}

function renderIntent(intent: DeviceIntent): RenderedDevice[] {
  const driver = driverFor(intent.platform);
  return driver?.level === "full" ? [{ intent, rendered: driver.render(intent) }] : [];
}

async function writeConfig(folder: string, { intent, rendered }: RenderedDevice): Promise<void> {
  const file = fileOf(folder, intent);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, rendered.config);
}

function fileOf(folder: string, intent: DeviceIntent): string {
  return join(folder, `${intent.id}.cfg`);
}
