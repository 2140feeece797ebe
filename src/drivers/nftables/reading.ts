import { READ_SAVED } from "../linux-common/boot-state.ts";
import { READ_ACCOUNTS, READ_FACTS, READ_OWNED, readFilesCommand } from "../linux-common/host-read.ts";
import { READ_SYSCTLS } from "../linux-common/network-read.ts";
import { sectionScript } from "../linux-common/remote-script.ts";

/** Our table, as a reboot loads it. */
export const TABLE_FILE = "/etc/nftables.d/sitewright.nft";
/** What the service loads; it includes ours. */
export const MAIN_FILE = "/etc/nftables.conf";
/** Shell that tells whether it does. */
export const INCLUDES_OURS = `grep -qsE '^[[:space:]]*include[[:space:]]+"/etc/nftables.d/(sitewright|\\*)\\.nft"' ${MAIN_FILE}`;

/** Parts of a reading, each with the shell that shows it. */
export const PARTS = {
  nft: "nft -s list ruleset",
  addresses: "ip -j -d address show",
  routes: "ip -j -4 route show table main",
  routes6: "ip -j -6 route show table main",
  sysctls: READ_SYSCTLS,
  files: readFilesCommand([
    "/etc/chrony/sources.d/*.sources",
    "/etc/rsyslog.d/*.conf",
    "/etc/dnsmasq.d/*.conf",
    "/etc/sudoers.d/sitewright",
    "/etc/resolv.conf",
    "/etc/issue.net",
    "/etc/profile.d/sitewright-idle.sh",
  ]),
  accounts: READ_ACCOUNTS,
  facts: READ_FACTS,
  owned: READ_OWNED,
  saved: READ_SAVED,
  table: `cat ${TABLE_FILE} 2>/dev/null || :`,
  boots: `if ${INCLUDES_OURS}; then echo included; fi; if ls /etc/systemd/system/*.wants/nftables.service >/dev/null 2>&1; then echo enabled; elif ! command -v systemctl >/dev/null; then echo unknown; fi`,
  version: "nft --version",
} as const;

/** Shell that reads everything that the canonical text tells. It changes nothing. */
export const READ_SCRIPT = sectionScript(PARTS);
