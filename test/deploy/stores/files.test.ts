import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileNameOf } from "../../../src/deploy/stores/jsonl.ts";
import { openFileStores } from "../../../src/deploy/stores/open-stores.ts";
import { newWorkspace } from "../workspace-fixture.ts";
import { contract, fingerprint } from "./contract.ts";

contract("stores in files", async (recipients) => {
  const folder = newWorkspace();
  const open = () => openFileStores({ folder, fingerprint, recipients });
  const log = (name: string, item: string) => join(folder, name, `${fileNameOf(item)}.jsonl`);
  const shelf = (name: string, item: string) => {
    if (name === "plans") return join(folder, "plans", `${fileNameOf(item)}.json`);
    if (name === "sealed") return join(folder, "journal", "sealed", `${item}.age`);
    const ending = name === "redacted" ? ".txt.gz" : ".txt.gz.age";
    return join(folder, "archive", name, item.slice(0, 2), `${item}${ending}`);
  };
  return {
    one: open(),
    other: open(),
    async tear(name, item) {
      appendFileSync(log(name, item), '{"schemaVersion":1,"kind":"beg');
    },
    async spoil(name, item) {
      const lines = readFileSync(log(name, item), "utf8").split("\n");
      writeFileSync(log(name, item), [...lines.slice(0, -2), '{"schemaVersion":#', ""].join("\n"));
    },
    async spoilBytes(name, item) {
      writeFileSync(shelf(name, item), "not what was written");
    },
    bytes: async (name, item) => readFileSync(shelf(name, item)),
    aside: async (name, item) => readFileSync(`${shelf(name, item)}.damaged`, "utf8"),
    async placeLock(name, holder) {
      mkdirSync(join(folder, "locks"), { recursive: true });
      writeFileSync(join(folder, "locks", `${fileNameOf(name)}.lock`), JSON.stringify(holder));
    },
  };
});
