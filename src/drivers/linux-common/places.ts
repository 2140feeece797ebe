/** Where our state lies on a Linux device. All of it belongs to root and is closed to others. */
export const PLACES = {
  /** Gone after a reboot, as a lock should be. */
  runDir: "/run/sitewright",
  lock: "/run/sitewright/lock",
  /** Held while a step runs, and while a restore does: never both at once. */
  busy: "/run/sitewright/busy",
  /** Present while the boot that armed a dead-man lasts. */
  sameBoot: "/run/sitewright/armed-in-this-boot",
  /** Survives a reboot: what an unconfirmed push has to undo. */
  stateDir: "/var/lib/sitewright",
  pending: "/var/lib/sitewright/pending",
  confirmed: "/var/lib/sitewright/confirmed",
  seals: "/var/lib/sitewright/seals",
  sealKey: "/var/lib/sitewright/seal-key",
  /** Headers of blocks that we have pushed, one a line: what a reading has to look at, and a save to keep. */
  owned: "/var/lib/sitewright/owned",
  /** Canonical text that the boot script restores. */
  saved: "/var/lib/sitewright/saved.conf",
  bootScript: "/var/lib/sitewright/boot.sh",
  pendingHook: "/etc/cron.d/sitewright-pending",
  bootHook: "/etc/cron.d/sitewright-boot",
  pendingUnit: "/etc/systemd/system/sitewright-pending.service",
  bootUnit: "/etc/systemd/system/sitewright-boot.service",
} as const;

/** Tokens stand in file names and scripts on the device, so they are plain.
 *  @throws Error on anything else */
export function parseToken(token: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(token)) return token;
  throw new Error(`push token "${token}": letters, digits, dot, dash, colon and underscore only`);
}

/** Shell that makes a script run at every boot: by a systemd unit, and by cron where no systemd runs. */
export function bootHookScript(hook: string, unit: string, script: string): string {
  const name = unit.slice(unit.lastIndexOf("/") + 1);
  return [
    "if [ -d /run/systemd/system ]; then",
    `cat > ${unit} <<'SITEWRIGHT_UNIT'`,
    "[Unit]",
    "Description=Sitewright: restore network state at boot",
    "After=network.target",
    "[Service]",
    "Type=oneshot",
    `ExecStart=/bin/sh ${script}`,
    "[Install]",
    "WantedBy=multi-user.target",
    "SITEWRIGHT_UNIT",
    "systemctl -q daemon-reload",
    `systemctl -q enable ${name}`,
    "elif [ -d /etc/cron.d ]; then",
    `printf '@reboot root /bin/sh %s\\n' ${script} > ${hook}.sitewright`,
    `chmod 0644 ${hook}.sitewright`,
    `mv -f ${hook}.sitewright ${hook}`,
    "fi",
  ].join("\n");
}

/** Shell that takes a boot hook away again. */
export function dropBootHookScript(hook: string, unit: string): string {
  const name = unit.slice(unit.lastIndexOf("/") + 1);
  return `rm -f ${hook}; if [ -e ${unit} ]; then systemctl -q disable ${name}; rm -f ${unit}; fi`;
}
