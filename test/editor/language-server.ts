import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

/** A mark that an editor would show under some text. */
export interface Squiggle {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

/** An editor with the real yaml-language-server behind it, spoken to over its protocol. */
export interface Editor {
  /** Opens a file with some text (which need not be what lies on the disk) and gives its squiggles. */
  open(path: string, text: string): Promise<readonly Squiggle[]>;
  /** What completion offers at a place; lines and characters start at 0. */
  complete(path: string, line: number, character: number): Promise<readonly string[]>;
  /** What the editor tells of the word under the mouse. */
  hover(path: string, line: number, character: number): Promise<string>;
  close(): Promise<void>;
}

/** Starts the server as editors do: over its standard input and output, schemas by modelines only. */
export async function startEditor(root: string): Promise<Editor> {
  const manifest = createRequire(import.meta.url).resolve("yaml-language-server/package.json");
  const server = spawn(process.execPath, [join(dirname(manifest), "bin/yaml-language-server"), "--stdio"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const waiting = new Map<string, (squiggles: readonly Squiggle[]) => void>();
  connection.onNotification("textDocument/publishDiagnostics", (given: unknown) => {
    const { uri, diagnostics } = given as { uri: string; diagnostics: readonly Squiggle[] };
    waiting.get(uri)?.(diagnostics);
  });
  connection.onRequest("workspace/configuration", (given: unknown) => {
    const { items } = given as { items: readonly { section: string }[] };
    return items.map(({ section }) => settings[section] ?? {});
  });
  connection.onRequest("client/registerCapability", () => null);
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(root).href,
    capabilities: { workspace: { configuration: true }, textDocument: { hover: {}, completion: {} } },
  });
  await connection.sendNotification("initialized", {});
  await connection.sendNotification("workspace/didChangeConfiguration", { settings });
  const uriOf = (path: string): string => pathToFileURL(join(root, path)).href;
  const at = (path: string, line: number, character: number) => ({
    textDocument: { uri: uriOf(path) },
    position: { line, character },
  });
  return {
    open(path, text) {
      const uri = uriOf(path);
      const squiggles = new Promise<readonly Squiggle[]>((resolve) => waiting.set(uri, resolve));
      const textDocument = { uri, languageId: "yaml", version: 1, text };
      return connection.sendNotification("textDocument/didOpen", { textDocument }).then(() => squiggles);
    },
    async complete(path, line, character) {
      const answer = await connection.sendRequest("textDocument/completion", at(path, line, character));
      const { items } = answer as { items: readonly { label: string }[] };
      return items.map(({ label }) => label);
    },
    async hover(path, line, character) {
      const answer = await connection.sendRequest("textDocument/hover", at(path, line, character));
      return (answer as { contents: { value: string } } | null)?.contents.value ?? "";
    },
    async close() {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      connection.dispose();
    },
  };
}

/** The store of schemas on the net is off: only our own files count. */
const settings: Readonly<Record<string, unknown>> = {
  yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false, url: "" } },
};
