import {
  READ_ACCOUNTS,
  READ_FACTS,
  READ_OWNED,
  READ_PACKAGES,
  READ_SERVICES,
  READ_SSHD,
  readFilesCommand,
} from "../linux-common/host-read.ts";
import { sectionScript } from "../linux-common/remote-script.ts";

/** Parts of a reading, each with the shell that shows it. */
export const PARTS = {
  files: readFilesCommand([
    "/etc/ssh/sshd_config",
    "/etc/ssh/sshd_config.d/*.conf",
    "/etc/cron.d/*",
    "/etc/crontab",
    "/etc/chrony/chrony.conf",
    "/etc/chrony/sources.d/*.sources",
    "/etc/rsyslog.conf",
    "/etc/rsyslog.d/*.conf",
    "/etc/sudoers",
    "/etc/sudoers.d/*",
    "/etc/resolv.conf",
    "/etc/issue.net",
    "/etc/profile.d/sitewright-idle.sh",
    "/etc/sitewright/backup/*.password",
    "/etc/sitewright/backup/*.credentials",
    "/usr/local/sbin/sitewright-*",
  ]),
  accounts: READ_ACCOUNTS,
  packages: READ_PACKAGES,
  services: READ_SERVICES,
  sshd: READ_SSHD,
  facts: READ_FACTS,
  owned: READ_OWNED,
} as const;

/** Shell that reads everything that the canonical text tells. It changes nothing. */
export const READ_SCRIPT = sectionScript(PARTS);
