import type { Emulator } from "../../lab/emulator/types.ts";
import { isEmulated } from "../../lab/practice/emulated-site.ts";
import type { Site } from "../../model/site.ts";
import type { CommandContext } from "../command.ts";
import { UsageError } from "../exit.ts";
import { openChosen } from "../open.ts";
import { startPractice } from "../practice.ts";
import { DemoStory } from "./steps.ts";

/** The main job on emulated switches: validate, plan, push, "nothing to do", a change by hand, drift, revert. */
export async function demoEmulated(context: CommandContext): Promise<DemoStory> {
  const site = await findPracticeSite(context.root);
  if (site === undefined)
    throw new UsageError("this workspace has no practice site", "sitewright init practice-net");
  const story = new DemoStory(context);
  story.say(`${site.devices.length} practice switches start, each with its own SSH server on this machine`);
  const practice = await startPractice(context.root, [site]);
  try {
    await tell(story, site, practice.emulators);
    return story;
  } finally {
    await practice.stop();
  }
}

async function tell(story: DemoStory, site: Site, emulators: ReadonlyMap<string, Emulator>): Promise<void> {
  story.say("Is what we wrote sound?");
  await story.run("validate", [site.id], 0);
  story.say("What would change?");
  await story.run("plan", [site.id], 0);
  story.say("Push it, and believe nothing that was not read back");
  await story.run("apply", [site.id], 0);
  story.say("A second plan has nothing to do");
  await story.run("plan", [site.id], 0, { exitCode: true });
  story.say("Somebody types on two switches at night");
  for (const [id, emulator] of [...emulators].slice(0, 2)) {
    const lines = handEdit(site, id);
    emulator.handEdit(lines, "night-shift");
    story.check("hand edit", true, `${id}: ${lines.join("; ")}`);
    for (const line of lines) story.show(`${id}  ${line}`);
  }
  story.say("The drift job names it");
  await story.run("drift", [site.id], 2);
  story.say("Put back what was agreed");
  await story.run("revert", [site.id], 0);
  story.say("And the drift is gone");
  await story.run("drift", [site.id], 0);
}

/** What somebody in a hurry would type: a VLAN of his own, or a port moved to the parking VLAN. */
function handEdit(site: Site, id: string): string[] {
  const device = site.devices.find((candidate) => candidate.id === id);
  if (device?.platform === "vrp") return ["vlan batch 666"];
  return ["vlan 666", "name TEMP"];
}

/** The first site of a workspace that is bound to the lab and made of devices that can be emulated. */
export async function findPracticeSite(root: string): Promise<Site | undefined> {
  const { sites } = await openChosen(root, [], {});
  return sites.find((candidate) => candidate.binding === "lab" && candidate.devices.every(isEmulated));
}
