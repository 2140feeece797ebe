import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

const KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|\bAGE-SECRET-KEY-1[A-Z0-9]{10}|\bAKIA[0-9A-Z]{16}\b/;
const ASSIGNED =
  /^\s*(?:\w*(?:password|passwd|secret|api[_-]?key|token)\w*)\s*[:=]\s*["']?(?!\$\{|<|\s*$)[^\s"']{6,}/im;

/** Files that we write hold no secret. Resolving reports secrets in place of references. */
export const crd004 = defineCheck({
  id: "CRD-004",
  severity: "error",
  decidedBy: ["check", "resolve"],
  title: { en: "No secret in the repository", zh: "仓库中不得有明文密钥" },
  rationale: {
    en: "What git has once seen it keeps, on every laptop that ever cloned it.",
    zh: "进入过 git 的内容会永久留在每个克隆里。",
  },
  mend: {
    en: "Write a reference (`env:NAME@1`, `sops:FILE#KEY@1`), and change the secret: it is known now.",
    zh: "改写引用（`env:NAME@1`、`sops:FILE#KEY@1`），并立即更换该密钥。",
  },
  find: (site) =>
    site.devices.flatMap((device) =>
      (device.server?.files ?? []).flatMap((file): Problem[] => {
        const isKey = KEY.test(file.content);
        if (!isKey && !ASSIGNED.test(file.content)) return [];
        return [
          {
            where: device.origin,
            ...(isKey ? {} : { severity: "warning" }),
            message: `${device.name}: the file ${file.path} ${isKey ? "holds a private key" : "seems to hold a password"}`,
            hint: "take it out of files:, and change the secret",
          },
        ];
      }),
    ),
});
