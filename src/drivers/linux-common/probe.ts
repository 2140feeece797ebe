import type { CheckIntent } from "../../model/intent.ts";
import type { ProbeResult } from "../driver.ts";
import type { RemoteShell } from "./remote-script.ts";
import { quote } from "./shell-quote.ts";

/** Seconds that one try may take. */
const TRY_SECONDS = 3;

/** Asks once from the device: one echo, or one TCP connection that is closed at once.
 *  @throws DeviceError where the device cannot run the probe */
export async function probeLinux(shell: RemoteShell, check: CheckIntent): Promise<ProbeResult> {
  const script = check.kind === "ping" ? pingScript(check.address) : tcpScript(check.address, check.port);
  const printed = await shell.run(script, { label: `check ${check.name}`, timeoutMs: TRY_SECONDS * 5000 });
  const lines = printed.trim().split("\n");
  const verdict = lines.pop();
  const said = lines.findLast((line) => line.trim() !== "")?.trim();
  return { answered: verdict === "answered", said: said ?? `no answer within ${TRY_SECONDS} s` };
}

/** Codes of ping: 0 answered, 1 silence, others that it could not even be asked. */
function pingScript(address: string): string {
  return verdictOf("ping", `ping -n -q -c 1 -W ${TRY_SECONDS} ${quote(address)}`);
}

/** Bash opens the connection: Debian always has it, and nothing else for it. */
function tcpScript(address: string, port: number): string {
  const open = `exec 3<>"/dev/tcp/$0/$1"`;
  return verdictOf("bash", `timeout ${TRY_SECONDS} bash -c '${open}' ${quote(address)} ${port}`);
}

function verdictOf(tool: string, command: string): string {
  return [
    `command -v ${tool} >/dev/null || { echo "there is no ${tool} on the device" >&2; exit 127; }`,
    `if ${command} 2>&1; then echo; echo answered; else echo; echo silent; fi`,
  ].join("\n");
}
