import type { BackupJobIntent } from "../../../../src/model/intent.ts";
import { at } from "../site-places.ts";
import { type Draft, deviceOf, named, type World } from "../world.ts";
import type { Row } from "./row.ts";

function jobOf(world: World): Draft<BackupJobIntent> {
  const job = deviceOf(world, "srv-1").server?.backups[0];
  if (!job) throw new Error("no job");
  return job;
}

/** Redundancy and backups. */
export const RED_BKP_ROWS: readonly Row[] = [
  {
    id: "RED-001",
    title: "a single firewall at a critical site is told",
    spoil: (w) => {
      deviceOf(w, "fw").members = [];
    },
    says: "fw is a single box",
    severity: "warning",
  },
  {
    id: "RED-001",
    title: "a single firewall at a small site is only mentioned",
    spoil: (w) => {
      deviceOf(w, "fw").members = [];
      w.site.criticality = "low";
    },
    says: "fw is a single box",
    severity: "info",
  },
  {
    id: "RED-002",
    title: "an access switch with one uplink is told, cable and core",
    spoil: (w) => {
      w.site.links = w.site.links.filter((link) => !(link.a.device === "core-2" && link.b.device === "sw-1"));
    },
    says: "the cable core-1:Te1/1/1 to sw-1:Te1/1/1 is the only way",
  },
  {
    id: "RED-002",
    title: "a core without which a switch is cut off is told",
    spoil: (w) => {
      w.site.links = w.site.links.filter((link) => !(link.a.device === "core-2" && link.b.device === "sw-1"));
    },
    says: "without core-1 parts of the site",
  },
  {
    id: "RED-003",
    title: "a critical site with one line is told",
    spoil: (w) => {
      w.site.wan.pop();
    },
    says: "has one line, isp-a",
  },
  {
    id: "RED-003",
    title: "two lines of one provider are told",
    spoil: (w) => {
      named(w.site.wan, "isp-b").provider = "telecom";
    },
    says: "are telecom's",
  },
  {
    id: "RED-004",
    title: "a VRRP leader that is not the root of the tree is told",
    spoil: (w) => {
      for (const gateway of deviceOf(w, "core-2").gateways) if (gateway.vrrp) gateway.vrrp.priority = 200;
    },
    says: "core-2 routes, while core-1 is the root",
  },
  {
    id: "RED-004",
    title: "a VRRP group of one is told",
    spoil: (w) => {
      deviceOf(w, "core-2").gateways = deviceOf(w, "core-2").gateways.filter(
        (each) => each.network !== "phones",
      );
    },
    says: "with core-1 alone",
  },
  {
    id: "RED-004",
    title: "routers that differ in preempt are told",
    spoil: (w) => {
      for (const gateway of deviceOf(w, "core-2").gateways) if (gateway.vrrp) gateway.vrrp.preempt = false;
    },
    says: "differ in preempt",
  },
  {
    id: "RED-005",
    title: "a pair with one heartbeat is told",
    spoil: (w) => {
      Object.assign(w.facts.devices.get("fw") ?? {}, { heartbeat: ["eth6"] });
    },
    says: "over 1 link",
  },
  {
    id: "RED-005",
    title: "a pair of which nobody says how it watches itself is told",
    spoil: (w) => {
      delete (w.facts.devices.get("fw") as { heartbeat?: string[] }).heartbeat;
    },
    says: "nothing says how the boxes of fw",
  },
  {
    id: "RED-005",
    title: "a pair with two firmwares is an error",
    spoil: (w) => {
      Object.assign(w.facts.devices.get("fw") ?? {}, { memberFirmware: { a: "12.5", b: "12.4" } });
    },
    says: "12.4 and 12.5",
    severity: "error",
  },
  {
    id: "RED-007",
    title: "a single core without a spare is told",
    spoil: (w) => {
      w.facts.spares.clear();
    },
    says: "no spare cisco-c9300 for core-1",
  },
  {
    id: "RED-008",
    title: "one power supply and no UPS is told",
    spoil: (w) => {
      Object.assign(w.facts.devices.get("core-1") ?? {}, { powerSupplies: 1 });
    },
    says: "core-1 has one power supply",
  },
  {
    id: "RED-008",
    title: "a core of whose power nothing is known is told",
    spoil: (w) => {
      delete (w.facts.devices.get("core-2") as { powerSupplies?: number }).powerSupplies;
    },
    says: "nothing says that core-2 has two power supplies",
  },
  {
    id: "BKP-001",
    title: "a server without a job is told",
    spoil: (w) => {
      const { server } = deviceOf(w, "srv-1");
      if (server) server.backups = [];
    },
    says: "srv-1 has no backup job",
  },
  {
    id: "BKP-002",
    title: "a daily job for data that may lose an hour is an error",
    spoil: (w) => {
      jobOf(w).rpoSeconds = 3600;
    },
    says: "allows 1h of loss",
    severity: "error",
  },
  {
    id: "BKP-003",
    title: "one copy on the same kind of media is told with all that it lacks",
    spoil: (w) => {
      jobOf(w).targets.pop();
    },
    says: "2 copies of 3, one kind of media, none offsite, none immutable",
  },
  {
    id: "BKP-004",
    title: "an important server without a copy offsite is an error",
    spoil: (w) => {
      jobOf(w).targets.pop();
    },
    says: "no copy offsite",
    severity: "error",
  },
  {
    id: "BKP-004",
    title: "a critical server that may lose a day is told",
    spoil: (w) => {
      deviceOf(w, "srv-1").assetFields.criticality = "critical";
    },
    says: "may lose 1d",
    severity: "warning",
  },
  {
    id: "BKP-005",
    title: "a copy sent by plain HTTP is an error",
    spoil: (w) => {
      named(jobOf(w).targets, "vault").repository = "s3:http://vault.example/hq";
    },
    says: "without encryption on the way",
    severity: "error",
  },
  {
    id: "BKP-006",
    title: "copies of a week are told",
    spoil: (w) => {
      jobOf(w).keep = { daily: 7 };
    },
    says: "reaches 7 days back",
  },
  {
    id: "BKP-009",
    title: "a backup that the matrix blocks is an error",
    spoil: (w) => {
      w.site.policy.matrix.cells = w.site.policy.matrix.cells.filter((cell) => cell.from !== "servers");
    },
    says: "servers to internet is blocked",
    severity: "error",
  },
  {
    id: "BKP-009",
    title: "users who may reach the backup zone are an error",
    spoil: (w) => {
      const cell = w.site.policy.matrix.cells.find((each) => each.from === "office");
      const zone = w.site.policy.zones.find((each) => each.name === "servers");
      if (zone) zone.kind = "backup";
      if (cell) cell.access = "allow-only";
    },
    says: "users of office may reach the backup zone",
    severity: "error",
  },
  {
    id: "BKP-011",
    title: "a backup in the change window is mentioned",
    spoil: (w) => {
      jobOf(w).at = "00:30";
    },
    says: "starts at 00:30",
    severity: "info",
  },
  {
    id: "BKP-012",
    title: "a backup that nobody owns is told",
    spoil: (w) => {
      delete (deviceOf(w, "srv-1").assetFields as { owner?: string }).owner;
    },
    says: "nobody owns the backup logs",
  },
  {
    id: "BKP-012",
    title: "a target that no register lists is told",
    spoil: (w) => {
      w.site.backup.targets = [
        {
          name: "nas",
          type: "sftp",
          host: "nas",
          media: "tape",
          offsite: true,
          immutableSeconds: 1,
          origin: at("client.yaml"),
        },
      ];
    },
    says: "goes to vault, which no register lists",
  },
];
