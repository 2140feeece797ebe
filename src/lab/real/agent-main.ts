import { rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { impairForward, openForward } from "./agent-forward.ts";
import { awaitArrival, openListener, sendProbe } from "./agent-probes.ts";
import { type AgentAnswers, type AgentCall, type AgentRequest, lineReader } from "./agent-protocol.ts";

/** Entry of an agent process: `node agent-main.ts SOCKET`, started inside a namespace of the lab. It ends when the
 *  lab goes down, which ends every process of its namespaces. */
function main(socketPath: string): void {
  const server = createServer(serve);
  server.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    // Two processes asked for the same agent at once: the first one serves. A dead agent's socket is taken over.
    const other = connect(socketPath);
    other.on("connect", () => process.exit(0));
    other.on("error", () => {
      rmSync(socketPath, { force: true });
      server.listen(socketPath);
    });
  });
  server.listen(socketPath);
}

function serve(socket: Socket): void {
  socket.on("error", () => undefined);
  const onLine = (line: string) => {
    const { id, call } = JSON.parse(line) as AgentRequest;
    answer(call)
      .then((result) => ({ id, answer: result }))
      .catch((error: unknown) => ({ id, error: error instanceof Error ? error.message : String(error) }))
      .then((reply) => socket.writable && socket.write(`${JSON.stringify(reply)}\n`))
      .catch(() => socket.destroy());
  };
  socket.on("data", lineReader(onLine));
}

async function answer(call: AgentCall): Promise<AgentAnswers[AgentCall["do"]]> {
  switch (call.do) {
    case "forward":
      await openForward(call.socketPath, call.host, call.port);
      return {};
    case "impair":
      return { cut: impairForward(call.socketPath, call.impairment) };
    case "listen":
      return openListener(call.proto, call.port);
    case "await":
      return awaitArrival(call.nonce, call.timeoutMs);
    case "probe":
      return sendProbe(call);
  }
}

main(process.argv[2] ?? "");
