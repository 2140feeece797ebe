import { join } from "node:path";
import { fileAudit } from "../../../src/deploy/audit/file-audit.ts";
import { fileLocks } from "../../../src/deploy/stores/locks.ts";

/** Appends entries in a process of its own: FOLDER NAME COUNT. */
const [folder = "", who = "", count = "0"] = process.argv.slice(2);
const store = fileAudit({ folder: join(folder, "audit"), locks: fileLocks(join(folder, "locks")) });
for (let at = 0; at < Number(count); at += 1)
  await store.append({ what: "applied", who, note: `push ${at}` });
