import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newKeyPair } from "../../src/lab/key-pair.ts";
import { readLabState } from "../../src/lab/real/lab-store.ts";
import { Prober } from "../../src/lab/real/prober.ts";
import type { LabState, LabVerdict } from "../../src/lab/real/types.ts";
import { makeRepository, type Ran, type Repository } from "../cli/preview-repository.ts";
import { type Key, newKey } from "../deploy/approval/people.ts";
import { runOver } from "../lab/real/ssh.ts";

/** The site of the samples that real daemons stand for. */
export const SITE = "harbour-dental/main";

/** Who signs: the engineer, who is the author; his manager; the owner of the practice. */
export const ENGINEER = "sam.okafor";
export const MANAGER = "jane.whitby";
export const OWNER = "ruth.adeyemi";

/** The machine that all of it runs on signs the audit log, and approves nothing. */
const MACHINE = "nms-1";

/** A second administrator of the provider: an account of her own on every device, sudo, no share in what is planned. */
const LENA_KEY = newKeyPair();

/** A practice's repository and lab, and the people who work on it by nothing but the public command. */
export interface Practice {
  readonly repository: Repository;
  /** A folder outside the repository: plans, reports, heartbeats. */
  readonly desk: string;
  /** Runs the command as one of the operators. */
  as(operator: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** The same with `--json`, read. The caller says what it looks for. */
  ask<T>(operator: string, args: readonly string[]): Promise<{ readonly code: number; readonly result: T }>;
  /** Types a line on a device over SSH, logged in as lena. */
  lena(device: string, line: string): Promise<void>;
  /** Sends real packets from the waiting room to the server; what became of each. */
  knock(...ports: readonly number[]): Promise<LabVerdict[]>;
  close(): Promise<void>;
}

/** Makes the repository: the sample clients, lena's account, a gate before the site, whose signature opens it, and a room
 *  for its alerts. */
export function openPractice(): Practice {
  const repository = makeRepository();
  const desk = mkdtempSync(join(tmpdir(), "sitewright-desk-"));
  const change = (path: string, from: string | RegExp, to: string) => {
    const before = repository.read(path);
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${path} holds no ${from}`);
    repository.write(path, after);
  };
  const provider = "inventory/provider.yaml";
  change(provider, /^users:\n/m, `users:\n  lena:\n    role: admin\n    keys:\n      - ${LENA_KEY.public}\n`);
  change(`inventory/${SITE}/site.yaml`, "gate: none", "gate: required");
  repository.write(provider, `${repository.read(provider)}${ALERTS}`);
  repository.git("commit", "-q", "-a", "-m", "Gate the practice, tell the duty room, give lena an account");
  const keys = new Map([ENGINEER, MANAGER, OWNER, MACHINE].map((name) => [name, newKey(name)] as const));
  repository.write("policies/allowed_signers", [...keys].map(signerLine).join(""));
  repository.git("add", "policies/allowed_signers");
  repository.git("commit", "-q", "-m", "Whose signature counts");
  const audit = { key: keys.get(MACHINE)?.file, as: MACHINE, anchor: join(desk, "heads.jsonl") };
  repository.write(".sitewright/config.json", JSON.stringify({ audit }));
  const state = (): LabState => {
    const found = readLabState({ stateDir: join(repository.folder, ".sitewright/lab") });
    if (found === undefined) throw new Error("the lab is not up");
    return found;
  };
  const as: Practice["as"] = (operator, args, env = {}) =>
    repository.run(args, {
      SITEWRIGHT_OPERATOR: operator,
      SITEWRIGHT_SIGNING_KEY: keys.get(operator)?.file ?? "",
      ...env,
    });
  return {
    repository,
    desk,
    as,
    async ask(operator, args) {
      const { code, stdout, stderr } = await as(operator, [...args, "--json"]);
      if (stdout === "") throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}`);
      return { code, result: JSON.parse(stdout).result };
    },
    async lena(device, line) {
      const done = await runOver(state(), device, { user: "lena", key: LENA_KEY.private }, line);
      if (done.exitCode !== 0) throw new Error(`${device}: ${line}: ${done.stderr}`);
    },
    async knock(...ports) {
      const prober = new Prober(state());
      try {
        const sent = ports.map((port) =>
          prober.probe("waiting-room-ap", { proto: "tcp", to: "10.60.20.10", port }),
        );
        return (await Promise.all(sent)).map(({ verdict }) => verdict);
      } finally {
        await prober.close();
      }
    },
    async close() {
      const down = await as("nobody", ["lab", "down"]);
      repository.remove();
      rmSync(desk, { recursive: true, force: true });
      if (down.code !== 0) throw new Error(`the lab stayed up: ${down.stderr}`);
    },
  };
}

/** A line of allowed signers; a machine's key is good for the audit log alone. */
function signerLine([name, key]: readonly [string, Key]): string {
  const purpose = name === MACHINE ? 'namespaces="sitewright-audit" ' : "";
  return `${name} ${purpose}${key.public}\n`;
}

const ALERTS = `alerts:
  language: en
  channels:
    duty:
      type: dingtalk
      url: env:DUTY_URL@1
      secret: env:DUTY_SECRET@1
`;

/** What a file of the desk holds. */
export function onDesk({ desk }: Practice, name: string): string {
  return readFileSync(join(desk, name), "utf8");
}
