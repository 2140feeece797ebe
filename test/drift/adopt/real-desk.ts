import { join } from "node:path";
import { newKeyPair } from "../../../src/lab/key-pair.ts";
import { readLabState } from "../../../src/lab/real/lab-store.ts";
import { makeRepository, type Repository } from "../../cli/preview-repository.ts";
import { runOver } from "../../lab/real/ssh.ts";

const SITE = "harbour-dental/main";

/** What `adopt --json` says. */
interface Adoption {
  readonly branch: string | null;
  readonly items: readonly (readonly string[])[];
  readonly files: readonly string[];
  readonly refused: readonly string[];
  readonly respelled: readonly string[];
}

/** What became of a hand edit on its way into the inventory. */
interface RoundTrip {
  readonly adopted: Adoption;
  readonly message: string;
  /** Lines of the inventory that came and went, `+  vlan: 10`, without their context. */
  readonly lines: readonly string[];
  /** What a plan of the branch would still send to the device. */
  readonly commands: readonly string[];
  /** The comment of a pull request with the branch. */
  readonly comment: string;
}

/** A repository whose devices are the real lab's, pushed once, and lena, who edits them by hand. */
export interface Desk {
  readonly repository: Repository;
  /** Types lines on a device over SSH, as lena. */
  lena(device: string, ...lines: readonly string[]): Promise<void>;
  /** Adopts what differs, as a person would. */
  adopt(
    device: string,
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly result: Adoption }>;
  /** Adopts, and looks at the branch as the next plan and a pull request do. It stays main afterwards. */
  roundTrip(device: string, ...args: readonly string[]): Promise<RoundTrip>;
  /** Makes the device what main says. */
  apply(device: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the lab and pushes its first state. */
export async function openDesk(devices: readonly string[]): Promise<Desk> {
  const repository = makeRepository();
  const key = newKeyPair();
  const provider = "inventory/provider.yaml";
  const account = `users:\n  lena:\n    role: admin\n    keys:\n      - ${key.public}\n`;
  repository.write(provider, repository.read(provider).replace(/^users:\n/m, account));
  repository.git("commit", "-q", "-a", "-m", "An account for lena");
  const run = async (...args: readonly string[]): Promise<string> => {
    const ran = await repository.run(args);
    if (ran.code !== 0)
      throw new Error(`${args.join(" ")} ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  };
  await run("lab", "up", SITE, "--real");
  await run("apply", ...devices.map((device) => `${SITE}/${device}`), "--yes");
  // Pulumi's files of a first push belong to the repository.
  repository.git("add", "-A");
  repository.git("commit", "-q", "-m", "First push");
  const state = readLabState({ stateDir: join(repository.folder, ".sitewright/lab") });
  if (state === undefined) throw new Error("the lab is not up");
  const adopt: Desk["adopt"] = async (device, ...args) => {
    const ran = await repository.run(["adopt", `${SITE}/${device}`, ...args, "--json"]);
    if (ran.stdout === "") throw new Error(`adopt ended with ${ran.code}: ${ran.stderr}`);
    const { result } = JSON.parse(ran.stdout);
    if (result === null) throw new Error(`adopt ended with ${ran.code}: ${ran.stdout}`);
    return { code: ran.code, result };
  };
  return {
    repository,
    adopt,
    async lena(device, ...lines) {
      for (const line of lines) {
        const done = await runOver(state, device, { user: "lena", key: key.private }, line);
        if (done.exitCode !== 0) throw new Error(`${device}: ${line}: ${done.stdout}${done.stderr}`);
      }
    },
    async roundTrip(device, ...args) {
      const { code, result } = await adopt(device, ...args);
      if (code !== 0 || result.branch === null) throw new Error(result.refused.join("\n"));
      const message = repository.git("log", "-1", "--format=%B", result.branch);
      const diff = repository.git("diff", "--unified=0", "main", result.branch, "--", "inventory");
      repository.git("checkout", "-q", result.branch);
      const plan = JSON.parse(await run("plan", `${SITE}/${device}`, "--json"));
      await run("preview", "--base", "main", "--out", ".sitewright/preview");
      const comment = repository.read(".sitewright/preview/comment.md");
      repository.git("checkout", "-q", "main");
      return {
        adopted: result,
        message,
        lines: diff.split("\n").filter((line) => /^[+-](?![+-]{2} )/.test(line)),
        commands: plan.result.sites[0].devices.flatMap((one: { commands: string[] }) => one.commands),
        comment,
      };
    },
    async apply(device) {
      await run("apply", `${SITE}/${device}`, "--yes");
    },
    async close() {
      const down = await repository.run(["lab", "down"]);
      repository.remove();
      if (down.code !== 0) throw new Error(`the lab stayed up: ${down.stderr}`);
    },
  };
}
