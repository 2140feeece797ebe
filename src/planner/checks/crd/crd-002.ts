import { formatSecretRef, type SecretRef } from "../../../model/secret.ts";
import { defineCheck } from "../define.ts";
import { addDays } from "../lib/days.ts";
import type { Problem } from "../types.ts";

const MAX_AGE_DAYS = 365;

/** The day that a version tells, `2026-03`, `20260301` or `2026-03-01`. */
function dayOf(version: string): string | undefined {
  const match = /^(20\d{2})-?(0[1-9]|1[0-2])(?:-?(0[1-9]|[12]\d|3[01]))?$/.exec(version);
  return match ? `${match[1]}-${match[2]}-${match[3] ?? "01"}` : undefined;
}

/** Secrets change now and then. */
export const crd002 = defineCheck({
  id: "CRD-002",
  severity: "warning",
  title: { en: "Secrets changed within a year", zh: "口令与密钥一年内更换" },
  rationale: {
    en: "People leave, and what they knew stays with them until it is changed.",
    zh: "人员会离职，其所知的口令在更换前始终有效。",
  },
  mend: {
    en: "Change the secret and raise its version; a day as version (`env:SSH@2026-03-01`) tells its age.",
    zh: "更换并提升版本号；以日期作版本（`env:SSH@2026-03-01`）即可显示使用时长。",
  },
  find: (site, context) => {
    const rotated = context.facts.get(site.id)?.secretsRotated;
    const secrets = new Map<string, { readonly ref: SecretRef; readonly where: Problem["where"] }>();
    for (const device of site.devices) {
      for (const ref of device.secrets) {
        const key = formatSecretRef(ref);
        if (!secrets.has(key)) secrets.set(key, { ref, where: device.origin });
      }
    }
    const oldest = addDays(context.today, -MAX_AGE_DAYS);
    const ages = [...secrets].map(([key, { ref, where }]) => ({
      key,
      where,
      day: rotated?.get(`${ref.scheme}:${ref.locator}`) ?? dayOf(ref.version),
    }));
    const unknown = ages.filter(({ day }) => day === undefined);
    const old = ages
      .filter(({ day }) => day !== undefined && day < oldest)
      .map(
        ({ key, where, day }): Problem => ({
          where,
          message: `${key} was last changed on ${day}`,
          hint: "change the secret, and write the day as its version",
        }),
      );
    if (unknown.length === 0) return old;
    return [
      ...old,
      {
        where: site.origin,
        severity: "info",
        message: `the age of ${unknown.length} secrets cannot be told from their versions`,
        hint: `write a day as version, such as ${unknown[0]?.key.replace(/@.*$/, "")}@${context.today}`,
      },
    ];
  },
});
