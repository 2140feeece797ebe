import { at } from "../site-places.ts";
import { deviceOf, named, respell } from "../world.ts";
import type { Row } from "./row.ts";

/** Assets, systems, names, credentials, changes. */
export const AST_SYS_CRD_ROWS: readonly Row[] = [
  {
    id: "AST-001",
    title: "a device without serial and owner is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").assetFields = { location: "1F", warranty: "2029-01-01", criticality: "low" };
    },
    says: "sw-1 has no serial, owner on record",
  },
  {
    id: "AST-005",
    title: "a retired device that is still configured is an error",
    spoil: (w) => {
      Object.assign(w.facts.devices.get("sw-1") ?? {}, { state: "retired" });
    },
    says: "sw-1 is retired and still configured",
    severity: "error",
  },
  {
    id: "AST-005",
    title: "a cable to a retired device is an error",
    spoil: (w) => {
      Object.assign(w.facts.devices.get("sw-1") ?? {}, { state: "retired" });
    },
    says: "leads to sw-1:Te1/1/1, which is retired",
    severity: "error",
  },
  {
    id: "AST-006",
    title: "a warranty that ended is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").assetFields.warranty = "2026-01-01";
    },
    says: "ended on 2026-01-01",
    severity: "warning",
  },
  {
    id: "AST-006",
    title: "a warranty about to end is mentioned",
    spoil: (w) => {
      deviceOf(w, "sw-1").assetFields.warranty = "2026-12-31";
    },
    says: "ends on 2026-12-31",
    severity: "info",
  },
  {
    id: "AST-007",
    title: "a device without a rank is mentioned",
    spoil: (w) => {
      delete (deviceOf(w, "sw-1").assetFields as { criticality?: string }).criticality;
    },
    says: "how important sw-1 is",
    severity: "info",
  },
  {
    id: "SYS-001",
    title: "a name that is no host name is an error",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.hostname = "sw_1!";
      respell(w, "sw-1", "hostname sw-1", "hostname sw_1!");
    },
    says: "is no host name",
    severity: "error",
  },
  {
    id: "SYS-001",
    title: "a rendered name other than the inventory's is an error",
    spoil: (w) => respell(w, "sw-1", "hostname sw-1", "hostname sw-2"),
    says: "rendered with the name sw-2",
    severity: "error",
  },
  {
    id: "SYS-002",
    title: "firmware below the minimum is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").assetFields.firmware = "17.6.5";
    },
    says: "runs 17.6.5, at least 17.9.4",
  },
  {
    id: "SYS-003",
    title: "hardware past its end of life is an error",
    spoil: (w) => {
      Object.assign(w.facts.devices.get("sw-1") ?? {}, { endOfLife: "2026-10-31" });
    },
    says: "reached the end of its life",
    severity: "error",
  },
  {
    id: "SYS-005",
    title: "a line that was not filled in is an error",
    spoil: (w) => respell(w, "sw-1", "vtp mode", "ip name-server undefined\nvtp mode"),
    says: "not filled in",
    severity: "error",
    at: "acme/hq/sw-1",
  },
  {
    id: "SYS-005",
    title: "an empty configuration is an error",
    spoil: (w) => {
      w.rendered.set("acme/hq/sw-1", { platform: "iosxe", config: "" });
    },
    says: "is empty",
    severity: "error",
  },
  {
    id: "NAM-001",
    title: "a network whose name needs quoting is mentioned",
    spoil: (w) => {
      named(w.site.networks, "unused").name = "Un used";
    },
    says: 'the network "Un used"',
    severity: "info",
  },
  {
    id: "NAM-001",
    title: "a rule without a number is mentioned",
    spoil: (w) => {
      Object.assign(w.site.rules[0] ?? {}, { id: "erp" });
    },
    says: 'the rule "erp"',
    severity: "info",
  },
  {
    id: "CRD-001",
    title: "an account that everybody tries first is told, once",
    spoil: (w) => {
      for (const device of w.site.devices) for (const user of device.system.users) user.name = "admin";
    },
    says: '"admin" is an account',
    at: "client.yaml",
  },
  {
    id: "CRD-001",
    title: "a server that lets root in is told",
    spoil: (w) => {
      const { server } = deviceOf(w, "srv-1");
      if (server) server.sshd.permitRootLogin = "prohibit-password";
    },
    says: "lets root log in",
  },
  {
    id: "CRD-002",
    title: "a secret of two years ago is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").secrets = [{ scheme: "env", locator: "OLD", version: "2024-03" }];
    },
    says: "env:OLD@2024-03 was last changed on 2024-03-01",
  },
  {
    id: "CRD-002",
    title: "a version that tells no age is mentioned",
    spoil: (w) => {
      deviceOf(w, "sw-1").secrets = [{ scheme: "env", locator: "NEW", version: "3" }];
    },
    says: "the age of 1 secrets",
    severity: "info",
  },
  {
    id: "CRD-003",
    title: "a password of type 7 is an error",
    spoil: (w) => respell(w, "sw-1", /username li-wei.*\n/, "username li-wei password 7 0822455D0A16\n"),
    says: "read back",
    severity: "error",
    at: "acme/hq/sw-1",
  },
  {
    id: "CRD-004",
    title: "a private key in a file is an error",
    spoil: (w) => {
      const file = deviceOf(w, "srv-1").server?.files[0];
      if (file) file.content = "daily\nrotate 200\n-----BEGIN OPENSSH PRIVATE KEY-----\n";
    },
    says: "holds a private key",
    severity: "error",
  },
  {
    id: "CRD-005",
    title: "one key for two accounts is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.users.push({
        name: "wang",
        role: "operator",
        keys: ["ssh-ed25519 AAAA1 wang"],
        origin: at("client.yaml", 9),
      });
    },
    says: "have the same key",
  },
  {
    id: "CRD-005",
    title: "an account without key and password is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.users.push({
        name: "wang",
        role: "operator",
        keys: [],
        origin: at("client.yaml", 9),
      });
    },
    says: "nobody can log in",
  },
  {
    id: "CRD-006",
    title: "a device where every account administers is told",
    spoil: (w) => {
      delete (deviceOf(w, "sw-1").management as { readOnly?: unknown }).readOnly;
    },
    says: "every account is an administrator's",
  },
  {
    id: "CRD-007",
    title: "a switch that takes short passwords is mentioned",
    spoil: (w) => {
      const users = deviceOf(w, "sw-1").system.users;
      deviceOf(w, "sw-1").system.users = users.map((user) => ({
        ...user,
        password: { scheme: "env", locator: "P", version: "1" },
      }));
      respell(w, "sw-1", /security passwords.*\n/, "");
    },
    says: "short passwords",
    severity: "info",
  },
  {
    id: "CRD-008",
    title: "administration by a password alone is told",
    spoil: (w) => {
      delete (deviceOf(w, "sw-1").management as { key?: unknown }).key;
    },
    says: "password alone",
  },
  {
    id: "CHG-001",
    title: "a real site without a gate is an error",
    spoil: (w) => {
      w.site.gate = "none";
    },
    says: "can be changed without an approval",
    severity: "error",
  },
  {
    id: "CHG-004",
    title: "a device that no plan can undo is told",
    spoil: (w) => {
      w.rendered.delete("acme/hq/sw-1");
    },
    says: "sw-1 (iosxe) cannot be rendered",
  },
  {
    id: "CHG-007",
    title: "devices that are owned in part are mentioned",
    spoil: (w) => {
      deviceOf(w, "sw-1").ownership = "claims";
    },
    says: "1 of 5 devices are owned in part",
    severity: "info",
  },
];
