import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";

/** Who only looks may only look. */
export const crd006 = defineCheck({
  id: "CRD-006",
  severity: "warning",
  title: { en: "Roles apart: who administers, who audits", zh: "三权分立：管理、审计、安全角色分离" },
  rationale: {
    en: "Plans and drift only read; with an administrator's login a mistake in reading becomes a change.",
    zh: "计划与巡检只需读权限；若用管理员账号，读取失误也会变成改动。",
  },
  mend: {
    en: "Add an account with `role: operator`, or `credentials: {readOnly: {user: …}}` for plan and drift.",
    zh: "增加 `role: operator` 账号，或为计划与巡检设 `credentials: {readOnly: {user: …}}`。",
  },
  find: (site) => {
    const devices = indexOf(site).networkDevices.filter(
      (device) =>
        device.management.readOnly === undefined &&
        device.system.users.length > 0 &&
        device.system.users.every((user) => user.role === "admin"),
    );
    const [first] = devices;
    if (first === undefined) return [];
    const more = devices.length === 1 ? "" : ` and ${devices.length - 1} more`;
    return [
      {
        where: first.origin,
        message: `${first.name}${more}: every account is an administrator's`,
        hint: "write users: {NAME: {role: operator}} or credentials: {readOnly: …}",
        related: devices.slice(1, 5).map((device) => device.origin),
      },
    ];
  },
});
