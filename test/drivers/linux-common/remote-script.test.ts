import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { openRemoteShell } from "../../../src/drivers/linux-common/remote-script.ts";
import type { Connection } from "../../../src/drivers/transport/types.ts";

/** A real shell behind a line that carries what is sent, and never the end of it: a device that moved to another
 *  address after it had the script. */
function lineThatBreaks(send: (script: string) => string): Connection {
  return {
    async exec(command, { stdin = "" } = {}) {
      const child = spawn("/bin/sh", ["-c", command], { stdio: ["pipe", "pipe", "pipe"] });
      const printed: string[] = [];
      child.stdout.on("data", (chunk) => printed.push(String(chunk)));
      child.stdin.write(send(stdin));
      const limit = setTimeout(() => child.kill(), 5000);
      const [code] = await once(child, "close");
      clearTimeout(limit);
      return { code: code ?? -1, stdout: printed.join(""), stderr: "" };
    },
    shell: () => Promise.reject(new Error("no shell here")),
    close: async () => undefined,
  };
}

describe("a script on a device", () => {
  test("ends by itself once it is done, though the end of its input never comes", async () => {
    const shell = openRemoteShell(
      lineThatBreaks((script) => script),
      "fw",
      "root",
    );
    expect(await shell.run("echo done")).toBe("done\n");
  });

  test("says how it ended", async () => {
    const shell = openRemoteShell(
      lineThatBreaks((script) => script),
      "fw",
      "root",
    );
    await expect(shell.run("return 3")).rejects.toThrow("fw refused a command");
  });

  test("of which only a part arrived does nothing", async () => {
    const most = (script: string) => script.slice(0, script.indexOf("echo two"));
    const shell = openRemoteShell(lineThatBreaks(most), "fw", "root");
    await expect(shell.run("echo one\necho two")).rejects.toMatchObject({ reply: "" });
  });
});
