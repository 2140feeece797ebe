import { afterEach, expect, test } from "vitest";
import { DeviceError, type DeviceErrorKind } from "../../../src/drivers/driver.ts";
import { connect } from "../../../src/drivers/transport/ssh.ts";
import type { Connection } from "../../../src/drivers/transport/types.ts";
import { newKeyPair } from "../../../src/lab/key-pair.ts";
import { Secret } from "../../../src/model/secret.ts";
import {
  type Practice,
  type PracticeOptions,
  publicKeyOf,
  startPractice,
  startSilent,
  targetOf,
} from "./practice-server.ts";

const running: Practice[] = [];
const open: Connection[] = [];

async function server(options?: PracticeOptions): Promise<Practice> {
  const practice = await startPractice(options);
  running.push(practice);
  return practice;
}

async function dial(...args: Parameters<typeof targetOf>): Promise<Connection> {
  const connection = await connect(targetOf(...args));
  open.push(connection);
  return connection;
}

async function kindOf(work: Promise<unknown>): Promise<DeviceErrorKind> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeviceError)) throw error;
  return error.kind;
}

afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
  for (const practice of running.splice(0)) await practice.stop();
});

const echo: PracticeOptions = {
  onExec: (command, channel) => {
    let input = "";
    channel.on("data", (chunk: Buffer) => {
      input += chunk.toString();
    });
    channel.on("end", () => {
      channel.write(`${command}|${input}`);
      channel.stderr.write("warned");
      channel.exit(3);
      channel.end();
    });
  },
};

test("a command gives its output, its errors and its exit code, and gets its input", async () => {
  const connection = await dial(await server(echo));
  expect(await connection.exec("cat", { stdin: "hello" })).toEqual({
    code: 3,
    stdout: "cat|hello",
    stderr: "warned",
  });
});

test("a command that a signal ended answers 128 plus the signal, as a shell does", async () => {
  const connection = await dial(
    await server({
      onExec: (_command, channel) => {
        channel.exit("KILL");
        channel.end();
      },
    }),
  );
  expect((await connection.exec("sleep")).code).toBe(137);
});

test("a login by key works", async () => {
  const keys = newKeyPair();
  const practice = await server({ ...echo, publicKey: keys.public });
  const connection = await dial(practice, { login: { user: "ops", key: new Secret(keys.private) } });
  expect((await connection.exec("id")).stdout).toBe("id|");
});

test("a device that asks for the password by keyboard-interactive gets it", async () => {
  const connection = await dial(await server({ ...echo, interactive: true }));
  expect((await connection.exec("id")).stdout).toBe("id|");
});

test("a device behind a Unix socket is reached", async () => {
  const connection = await dial(await server({ ...echo, unixSocket: true }));
  expect((await connection.exec("id")).stdout).toBe("id|");
});

test("an unknown host key ends the session before the login starts", async () => {
  let logins = 0;
  const practice = await server({
    onLogin: () => {
      logins += 1;
    },
  });
  const other = publicKeyOf(newKeyPair().public);
  expect(await kindOf(connect(targetOf(practice, { hostKeys: [other] })))).toBe("host-key");
  expect(logins).toBe(0);
});

test("a target without host keys is never dialled", async () => {
  const practice = await server();
  expect(await kindOf(connect(targetOf(practice, { hostKeys: [] })))).toBe("host-key");
  expect(practice.connections.size).toBe(0);
});

test.each([
  ["a wrong password", { user: "ops", password: new Secret("wrong") }],
  ["a wrong key", { user: "ops", key: new Secret(newKeyPair().private) }],
  ["a key that cannot be read", { user: "ops", key: new Secret("-----BEGIN NONSENSE-----") }],
  ["no credentials at all", { user: "ops" }],
  ["an agent that does not answer", { user: "ops", agent: "/nonexistent/agent.sock" }],
])("%s is an authentication failure", async (_title, login) => {
  const practice = await server({ publicKey: newKeyPair().public });
  expect(await kindOf(connect(targetOf(practice, { login })))).toBe("authentication");
});

test("no error of a failed login holds the password", async () => {
  const practice = await server();
  const login = { user: "ops", password: new Secret("canary-4711") };
  const error = await connect(targetOf(practice, { login })).catch((reason: unknown) => reason);
  expect(`${error}${JSON.stringify(error)}${(error as Error).stack}`).not.toContain("canary-4711");
});

test("a closed port is unreachable", async () => {
  const practice = await startPractice();
  await practice.stop();
  expect(await kindOf(connect(targetOf(practice)))).toBe("unreachable");
});

test("a missing socket is unreachable", async () => {
  const practice = await server();
  const endpoint = { kind: "socket", path: "/nonexistent/box.sock" } as const;
  expect(await kindOf(connect(targetOf(practice, { endpoint })))).toBe("unreachable");
});

test("a box that accepts and keeps silent ends in a time-out", async () => {
  const practice = await startSilent();
  running.push(practice);
  const timeouts = { connectMs: 200, commandMs: 200, keepaliveMs: 1000 };
  expect(
    await kindOf(connect(targetOf(practice, { timeouts, hostKeys: [publicKeyOf(newKeyPair().public)] }))),
  ).toBe("timeout");
});

test("a command that never ends is given up and leaves the connection usable", async () => {
  const connection = await dial(
    await server({
      onExec: (command, channel) =>
        command === "hang" ? undefined : echo.onExec?.(command, channel, undefined as never),
    }),
  );
  expect(await kindOf(connection.exec("hang", { timeoutMs: 100 }))).toBe("timeout");
  expect((await connection.exec("id")).stdout).toBe("id|");
});

test("a device that dies in mid-command is noticed although no error comes", async () => {
  const connection = await dial(await server({ onExec: (_command, _channel, client) => client.end() }));
  expect(await kindOf(connection.exec("reload"))).toBe("closed");
  expect(await kindOf(connection.exec("again"))).toBe("closed");
});

test("a shell whose session ends reports closed to the reader and to the next writer", async () => {
  const connection = await dial(
    await server({ onShell: (channel, client) => channel.on("data", () => client.end()) }),
  );
  const shell = await connection.shell();
  shell.write("reload\n");
  expect(await kindOf(shell.until([/#$/], 2000))).toBe("closed");
  expect(() => shell.write("x")).toThrow(DeviceError);
});

test("jump hosts are passed in their order, each with its own key and login", async () => {
  const inner = await server(echo);
  const second = await server({ forwards: true, password: "two" });
  const first = await server({ forwards: true, password: "one" });
  const jump = [
    {
      name: "jump-1",
      endpoint: first.endpoint,
      login: { user: "j", password: new Secret("one") },
      hostKeys: [first.hostKey],
    },
    {
      name: "jump-2",
      endpoint: second.endpoint,
      login: { user: "j", password: new Secret("two") },
      hostKeys: [second.hostKey],
    },
  ];
  const connection = await dial(inner, { jump });
  expect((await connection.exec("id")).stdout).toBe("id|");
  expect(first.connections.size + second.connections.size).toBe(2);
});

test("a jump host with a wrong key stops the way there", async () => {
  const inner = await server(echo);
  const first = await server({ forwards: true });
  const jump = [
    {
      name: "jump-1",
      endpoint: first.endpoint,
      login: { user: "j", password: new Secret("pw") },
      hostKeys: [inner.hostKey],
    },
  ];
  expect(await kindOf(connect(targetOf(inner, { jump })))).toBe("host-key");
});

test("a device that its jump host cannot reach is unreachable", async () => {
  const inner = await startPractice();
  await inner.stop();
  const first = await server({ forwards: true });
  const jump = [
    {
      name: "jump-1",
      endpoint: first.endpoint,
      login: { user: "j", password: new Secret("pw") },
      hostKeys: [first.hostKey],
    },
  ];
  expect(await kindOf(connect(targetOf(inner, { jump })))).toBe("unreachable");
  await expect.poll(() => first.connections.size).toBe(0);
});
