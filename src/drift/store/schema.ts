import type { TableSet } from "../../deploy/stores/sql/tables.ts";
import { CLEAN_TABLES } from "./clean-readings.ts";

/** Tables of the night job. A table that is only added keeps the version: stores of before get it when they are opened,
 *  and an older Sitewright goes on without it. */
export const NIGHT_TABLES: TableSet = {
  name: "version",
  version: 1,
  tables: [
    `CREATE TABLE IF NOT EXISTS incidents (
       id TEXT PRIMARY KEY, site TEXT NOT NULL, device TEXT NOT NULL, asset TEXT NOT NULL, state TEXT NOT NULL,
       priority TEXT NOT NULL, document TEXT NOT NULL)`,
    "CREATE INDEX IF NOT EXISTS incidents_of_site ON incidents (site, state)",
    `CREATE TABLE IF NOT EXISTS outbox (
       id TEXT PRIMARY KEY, target TEXT NOT NULL, site TEXT NOT NULL, incident TEXT NOT NULL, notice TEXT NOT NULL,
       created DOUBLE PRECISION NOT NULL, place INTEGER NOT NULL, state TEXT NOT NULL, message TEXT,
       attempts INTEGER NOT NULL, doubts INTEGER NOT NULL, not_before DOUBLE PRECISION NOT NULL,
       lease DOUBLE PRECISION NOT NULL, error TEXT, sent DOUBLE PRECISION)`,
    "CREATE INDEX IF NOT EXISTS outbox_of_target ON outbox (target, state)",
    "CREATE TABLE IF NOT EXISTS sends (robot TEXT NOT NULL, at DOUBLE PRECISION NOT NULL)",
    "CREATE TABLE IF NOT EXISTS holders (name TEXT PRIMARY KEY, document TEXT NOT NULL)",
    ...CLEAN_TABLES,
  ],
};
