import { afterEach, expect, test } from "vitest";
import { DeviceError } from "../../../src/drivers/driver.ts";
import { IOSXE_CLI } from "../../../src/drivers/iosxe/conversation.ts";
import { type Cli, openCli } from "../../../src/drivers/transport/cli.ts";
import { typeCommands } from "../../../src/drivers/transport/cli-change.ts";
import { connect } from "../../../src/drivers/transport/ssh.ts";
import type { Connection } from "../../../src/drivers/transport/types.ts";
import { Secret } from "../../../src/model/secret.ts";
import { type Practice, startPractice, targetOf } from "./practice-server.ts";

const running: Practice[] = [];
const open: Connection[] = [];

afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
  for (const practice of running.splice(0)) await practice.stop();
});

type Script = (line: string, say: (text: string) => void) => void;

/** A device that prints `welcome`, echoes what is typed and answers by a script. */
async function talk(script: Script, welcome = "\r\nSW1#"): Promise<Cli> {
  const practice = await startPractice({
    onShell: (channel) => {
      const say = (text: string): void => void channel.write(text);
      say(welcome);
      let typed = "";
      channel.on("data", (chunk: Buffer) => {
        for (const char of chunk.toString()) {
          if (char !== "\n") {
            typed += char;
            continue;
          }
          const line = typed;
          typed = "";
          say(`${line}\r\n`);
          if (line === "") say("SW1#");
          else script(line, say);
        }
      });
    },
  });
  running.push(practice);
  const target = targetOf(practice);
  const connection = await connect(target);
  open.push(connection);
  return openCli(await connection.shell(), IOSXE_CLI, target.device, { ...target.timeouts, commandMs: 600 });
}

/** As it stands in planned commands. */
const PLACEHOLDER = ["$", "{secret:env:X@1}"].join("");

async function errorOf(work: Promise<unknown>): Promise<DeviceError> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof DeviceError) return error;
  throw error;
}

test("a line of a banner that looks like a prompt is not taken for it", async () => {
  const cli = await talk((_line, say) => say("fine\r\nSW1#"), "\r\nWelcome to\r\ncorp#\r\n\r\nSW1#");
  expect(cli.host()).toBe("SW1");
  expect((await cli.run("show clock")).text).toBe("fine");
});

test("a log message that pushes the prompt up does not hang the conversation", async () => {
  const noise = "*Nov 22 20:00:00.123: %LINK-3-UPDOWN: Interface Gi1/0/9, changed state to down\r\n";
  const cli = await talk((_line, say) => say(`fine\r\nSW1#\r\n${noise}`));
  expect((await cli.run("show one")).text).toBe("fine");
  expect((await cli.run("show two")).text).toBe("fine");
});

test("a prompt that is left over from the command before answers no command", async () => {
  let first = true;
  const cli = await talk((line, say) => {
    say(`${line} done\r\nSW1#`);
    if (first) say("\r\nSW1#");
    first = false;
  });
  expect((await cli.run("first command")).text).toBe("first command done");
  expect((await cli.run("second command")).text).toBe("second command done");
});

test("a reply that comes in pages is read to its end, without a trace of the pager", async () => {
  const practice = await startPractice({
    onShell: (channel) => {
      channel.write("SW1#");
      channel.on("data", (chunk: Buffer) => {
        const key = chunk.toString();
        if (key === "\n") channel.write("\r\nSW1#");
        else if (key === " ") channel.write("\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\btwo\r\nSW1#");
        else channel.write(`${key.trim()}\r\none\r\n --More-- `);
      });
    },
  });
  running.push(practice);
  const target = targetOf(practice);
  const connection = await connect(target);
  open.push(connection);
  const cli = await openCli(await connection.shell(), IOSXE_CLI, "d", target.timeouts);
  expect((await cli.run("show pages", { listing: true })).text).toBe("one\ntwo");
});

test("a refused command is an error with the device's own words", async () => {
  const cli = await talk((_line, say) => say("   ^\r\n% Invalid input detected at '^' marker.\r\n\r\nSW1#"));
  const error = await errorOf(cli.run("vlam 10"));
  expect(error).toMatchObject({ kind: "refused", command: "vlam 10" });
  expect(error.message).toContain("% Invalid input detected");
});

test.each([
  "%Warning: portfast should only be enabled on ports",
  "%Portfast has been configured on Gi1/0/1 but will",
])("%s … is a warning and stops nothing", async (line) => {
  const cli = await talk((_typed, say) => say(`${line}\r\nSW1#`));
  expect((await cli.run("spanning-tree portfast")).failed).toBe(false);
});

test("any other line with a percent sign counts as refused, also one that nobody has seen", async () => {
  const cli = await talk((_line, say) => say("% Something new from the vendor\r\nSW1#"));
  expect((await errorOf(cli.run("feature x"))).kind).toBe("refused");
});

test("a question that nobody foresaw is interrupted, never answered with yes", async () => {
  const typed: string[] = [];
  const cli = await talk((line, say) => {
    typed.push(line);
    if (line.startsWith("erase")) say("This will remove everything! Continue? [confirm]");
    else say("SW1#");
  });
  const error = await errorOf(cli.run("erase nvram:"));
  expect(error.kind).toBe("refused");
  expect(typed.join("|")).not.toMatch(/y/i);
});

test("a device that never answers ends in a time-out that shows no secret", async () => {
  const cli = await talk((_line, say) => say("still thinking"));
  const secret = "Canary-4711";
  const run = typeCommands(
    cli,
    [`username x secret ${PLACEHOLDER}`],
    () => Promise.resolve(new Secret(secret)),
    {
      device: "d",
    },
  );
  const error = await errorOf(run);
  expect(error.kind).toBe("timeout");
  expect(`${error.stack}${error.reply}${error.command}${String(error.cause)}`).not.toContain(secret);
});

test.each(["two words", "tab\there", "line\nbreak", ""])(
  "the secret %j is not typed at all",
  async (value) => {
    const typed: string[] = [];
    const cli = await talk((line, say) => {
      typed.push(line);
      say("SW1#");
    });
    const run = typeCommands(
      cli,
      [`enable secret ${PLACEHOLDER}`],
      () => Promise.resolve(new Secret(value)),
      { device: "d" },
    );
    expect((await errorOf(run)).kind).toBe("refused");
    expect(typed).toEqual([]);
  },
);

test("control characters in a command are refused before they become keys", async () => {
  const cli = await talk((_line, say) => say("SW1#"));
  expect((await errorOf(cli.run("description \u0003x"))).kind).toBe("refused");
});

test("a question mark is typed so that it asks for no help", async () => {
  let seen = "";
  const cli = await talk((line, say) => {
    seen = line;
    say("SW1#");
  });
  await cli.run("description why?");
  expect(seen).toBe("description why\u0016?");
});

test("a banner of several lines is one command", async () => {
  let inside = false;
  const cli = await talk((line, say) => {
    if (line.startsWith("banner")) {
      inside = true;
      say("Enter TEXT message.  End with the character '#'.\r\n");
    } else if (inside && line.includes("#")) {
      inside = false;
      say("SW1#");
    } else if (!inside) say("SW1#");
  });
  const steps: number[] = [];
  await typeCommands(
    cli,
    ["banner login #", "% not an error", "#", "hostname SW1"],
    () => Promise.reject(new Error("no secret here")),
    { device: "d", multiline: /^banner \S+ (\S)/ },
    (done) => steps.push(done),
  );
  expect(steps).toEqual([3, 4]);
});

test("a reply of 100,000 lines is read in linear time", async () => {
  const block = " description a line of the configuration that is as long as usual\r\n".repeat(1000);
  const cli = await talk((line, say) => {
    const times = line === "show ten" ? 10 : 100;
    for (let index = 0; index < times; index += 1) say(block);
    say("SW1#");
  });
  const timed = async (command: string): Promise<number> => {
    const started = performance.now();
    await cli.run(command, { listing: true, timeoutMs: 20_000 });
    return performance.now() - started;
  };
  await timed("show ten");
  const small = await timed("show ten");
  const large = await timed("show hundred");
  expect(large).toBeLessThan(small * 30 + 500);
});
