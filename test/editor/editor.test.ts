import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { identifyFile } from "../../src/inventory/read/file-kind.ts";
import { readWorkspace, type Workspace } from "../../src/inventory/read/workspace.ts";
import { type Editor, startEditor } from "./language-server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let editor: Editor;
let workspace: Workspace;
beforeAll(async () => {
  [editor, workspace] = await Promise.all([startEditor(ROOT), readWorkspace(ROOT)]);
});
afterAll(() => editor.close());

/** The first sample file of each kind, with its text. */
function samples(): Map<string, readonly [string, string]> {
  const found = new Map<string, readonly [string, string]>();
  for (const [path, text] of workspace.files) {
    const kind = identifyFile(path)?.kind;
    if (kind !== undefined && kind !== "lock" && !found.has(kind)) found.set(kind, [path, text]);
  }
  return found;
}

describe("an editor with yaml-language-server", () => {
  test("shows no squiggle in any of the sample files", async () => {
    const opened = [...workspace.files].map(async ([path, text]) =>
      (await editor.open(path, text)).map(
        ({ message, range }) => `${path}:${range.start.line + 1} ${message}`,
      ),
    );
    const squiggles = (await Promise.all(opened)).flat();
    expect(workspace.files.size).toBeGreaterThan(50);
    expect(squiggles).toEqual([]);
  });

  test("marks a key that we do not know, in a file of every kind", async () => {
    for (const [kind, [path, text]] of samples()) {
      const first = text.startsWith("#") ? `${text.split("\n")[0]}\n` : "";
      const squiggles = await editor.open(path.replace(".yaml", "-typed.yaml"), `${first}colour: blue\n`);
      expect(squiggles, `${kind}: ${path}`).not.toEqual([]);
    }
  });

  test("offers the keys of a network, and tells what one means", async () => {
    const [path, text] = samples().get("site") ?? ["", ""];
    const modeline = text.split("\n")[0] ?? "";
    const typed = path.replace("site.yaml", "other.yaml");
    await editor.open(typed, `${modeline}\nnetworks:\n  office:\n    vlan: 10\n    \n`);
    const offered = await editor.complete(typed, 4, 4);
    expect(offered).toEqual(expect.arrayContaining(["zone", "ipv4", "dhcp"]));
    expect(await editor.hover(typed, 3, 5)).toMatch(/VLAN/i);
  });

  test("marks a VLAN that there cannot be, where it stands", async () => {
    const [path, text] = samples().get("site") ?? ["", ""];
    const modeline = text.split("\n")[0] ?? "";
    const squiggles = await editor.open(
      path.replace("site.yaml", "wrong.yaml"),
      `${modeline}\nnetworks:\n  office:\n    vlan: 4095\n    zone: office\n`,
    );
    expect(squiggles.some(({ range }) => range.start.line === 3)).toBe(true);
  });
});
