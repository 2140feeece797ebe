import { randomUUID } from "node:crypto";
import { main } from "@pulumi/pulumi/provider/index.js";
import ssh2 from "ssh2";

/** A stand-in of the tests for `pulumi-resource-command`: it runs `command:remote:Command` over real SSH, by an agent,
 *  with the host key checked, under the real engine. It is not Pulumi's plugin and knows nothing else. */
interface Inputs {
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly hostKey?: string;
    readonly agentSocketPath?: string;
  };
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly triggers?: readonly unknown[];
}

function run(wrapped: Inputs, command: string): Promise<{ stdout: string; stderr: string }> {
  const { host, port, user, hostKey, agentSocketPath } = (unwrap(wrapped) as Inputs).connection;
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      client.end();
      reject(error);
    };
    client.once("error", fail);
    client.once("ready", () => {
      client.exec(command, (error, channel) => {
        if (error) return fail(error);
        let stdout = "";
        let stderr = "";
        channel.on("data", (data: Buffer) => {
          stdout += data.toString("utf8");
        });
        channel.stderr.on("data", (data: Buffer) => {
          stderr += data.toString("utf8");
        });
        channel.once("close", (code: number) => {
          client.end();
          if (code === 0) resolve({ stdout: stdout.trimEnd(), stderr: stderr.trimEnd() });
          else reject(new Error(`Process exited with status ${code}: ${stderr.trim()}`));
        });
      });
    });
    client.connect({
      host,
      port,
      username: user,
      readyTimeout: 15_000,
      ...(agentSocketPath === undefined ? {} : { agent: agentSocketPath }),
      hostVerifier: (key: Buffer) =>
        hostKey === undefined || hostKey.split(" ")[1] === key.toString("base64"),
    });
  });
}

/** The engine hands secrets over in a wrapper that this signature marks; @pulumi/command makes `connection` one. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (value === null || typeof value !== "object") return value;
  if (SECRET_MARK in value && "value" in value) return unwrap(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, unwrap(entry)]));
}

const text = (value: unknown) => JSON.stringify(unwrap(value));

await main(
  {
    version: "1.2.1",
    check: async (_urn, _olds, news: Inputs) => ({ inputs: news }),
    diff: async (_id, _urn, olds: Inputs, news: Inputs) => {
      const replaces = text(olds.triggers) === text(news.triggers) ? [] : ["triggers"];
      const moved = ["connection", "create", "update"].some(
        (key) => text(olds[key as keyof Inputs]) !== text(news[key as keyof Inputs]),
      );
      return { changes: moved || replaces.length > 0, replaces };
    },
    create: async (_urn, inputs: Inputs) => {
      const ran =
        inputs.create === undefined
          ? { stdout: "", stderr: "" }
          : await run(inputs, String(unwrap(inputs.create)));
      return { id: randomUUID(), outs: { ...inputs, ...ran } };
    },
    update: async (_id, _urn, _olds, news: Inputs) => {
      const command = news.update ?? news.create;
      const ran =
        command === undefined ? { stdout: "", stderr: "" } : await run(news, String(unwrap(command)));
      return { outs: { ...news, ...ran } };
    },
    delete: async (_id, _urn, props: Inputs) => {
      if (props.delete !== undefined) await run(props, String(unwrap(props.delete)));
    },
  },
  process.argv.slice(2),
);
