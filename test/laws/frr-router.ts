import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const DAEMONS = "/usr/lib/frr";
const NAMES = ["zebra", "staticd", "ospfd", "bgpd", "bfdd"];
const LIMIT_MS = 10_000;

/** Says why no real FRR can be started here; undefined where one can. */
export function whyNoFrr(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  return existsSync(join(DAEMONS, "bgpd")) ? undefined : "needs the package frr";
}

/** Real FRR daemons in a network namespace of their own. */
export class FrrRouter {
  readonly #space: string;
  readonly #folder: string;

  private constructor(space: string, folder: string) {
    this.#space = space;
    this.#folder = folder;
  }

  static async start(name: string): Promise<FrrRouter> {
    const folder = mkdtempSync(join(tmpdir(), "sw-frr-"));
    chmodSync(folder, 0o755);
    execFileSync("chown", ["frr:frr", folder]);
    const router = new FrrRouter(`swfrr-${process.pid}-${name}`, folder);
    execFileSync("ip", ["netns", "add", router.#space]);
    execFileSync("ip", ["-n", router.#space, "link", "set", "lo", "up"]);
    const pair = ["link", "add", "eth0", "type", "veth", "peer", "name", "far0"];
    execFileSync("ip", ["-n", router.#space, ...pair]);
    for (const link of ["eth0", "far0"]) execFileSync("ip", ["-n", router.#space, "link", "set", link, "up"]);
    for (const daemon of NAMES) await router.#daemon(daemon);
    return router;
  }

  async #daemon(daemon: string): Promise<void> {
    const { promise: waited, resolve } = Promise.withResolvers<void>();
    const args = ["-d", "--vty_socket", this.#folder, "-i", join(this.#folder, `${daemon}.pid`)];
    const zserv = ["-z", join(this.#folder, "zserv.api")];
    await run("ip", ["netns", "exec", this.#space, join(DAEMONS, daemon), ...args, ...zserv, "-P", "0"]);
    const end = Date.now() + LIMIT_MS;
    const look = () => {
      if (isSocket(join(this.#folder, `${daemon}.vty`)) || Date.now() > end) resolve();
      else setTimeout(look, 20);
    };
    look();
    await waited;
  }

  /** Types lines in configuration mode; a refused line throws. */
  async type(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const commands = ["configure terminal", ...lines].flatMap((line) => ["-c", line]);
    const { stdout, stderr } = await this.#vtysh(commands);
    const refused =
      /^(?:% (?!OSPF: Reference bandwidth).*|.*(?:Unknown command|ambiguous|Malformed|not found).*)$/im.exec(
        `${stdout}\n${stderr}`,
      );
    if (refused) throw new Error(`refused: ${refused[0]} in\n${lines.join("\n")}`);
  }

  /** The running configuration without the lines that only name the machine. */
  async read(): Promise<string> {
    const { stdout } = await this.#vtysh(["-c", "show running-config"]);
    return stdout;
  }

  async #vtysh(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    const base = ["netns", "exec", this.#space, "vtysh", "--vty_socket", this.#folder];
    try {
      return await run("ip", [...base, ...args], { timeout: LIMIT_MS });
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`vtysh: ${stdout}${stderr}`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    for (const daemon of NAMES) {
      const file = join(this.#folder, `${daemon}.pid`);
      if (existsSync(file)) process.kill(Number(readFileSync(file, "utf8")));
    }
    execFileSync("ip", ["netns", "del", this.#space]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function isSocket(path: string): boolean {
  return existsSync(path) && statSync(path).isSocket();
}
