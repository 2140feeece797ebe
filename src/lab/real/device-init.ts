import { ASK_NEIGHBOURS_OFTEN } from "./lab-network.ts";

/** First process of a device. It is not sshd itself, so that a mistake in sshd's file, or a restart of sshd, does
 *  not switch the device off; it stays the parent of whatever a closed session leaves behind (watchdogs). A network
 *  that cannot be set up ends the boot: half a device would only puzzle. */
export const DEVICE_INIT = `#!/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LANG=C.UTF-8
export PATH LANG
unset HOME
trap '' HUP INT
trap 'exit 0' TERM

hostname "$(cat /etc/hostname)"
mkdir -p /run/sshd /run/lock /run/sudo /run/lab
chmod 1777 /run/lock
: >/run/utmp
chmod 0711 /run/sudo
ip -batch /etc/lab/network || exit 1
. /etc/lab/settings
for name in $LAB_INTERFACES; do ethtool -K "$name" tx off >/dev/null 2>&1; done
echo "$LAB_FORWARDING" >/proc/sys/net/ipv4/ip_forward
echo "$LAB_FORWARDING" >/proc/sys/net/ipv6/conf/all/forwarding
${ASK_NEIGHBOURS_OFTEN}
if [ -e /etc/lab/passwords ]; then
  chpasswd -c SHA512 </etc/lab/passwords
  rm -f /etc/lab/passwords
fi
for wanted in /etc/systemd/system/multi-user.target.wants/*.service; do
  [ -L "$wanted" ] || continue
  unit=\${wanted##*/}
  [ "$unit" = ssh.service ] || systemctl start "$unit"
done
if [ -e /etc/lab/first-boot ]; then
  sh -e /etc/lab/first-boot || exit 1
  rm -f /etc/lab/first-boot
fi
if [ -e /etc/lab/network-late ]; then ip -batch /etc/lab/network-late || exit 1; fi
: >/run/lab/ready

log="-E /var/log/auth.log"
[ -S /run/systemd/journal/dev-log ] || [ -S /dev/log ] && log=
while :; do
  while [ -e /run/lab/ssh-stopped ]; do sleep 0.1; done
  /usr/sbin/sshd -D $log &
  wait $!
  sleep 0.1
done
`;

/** The service manager of a device: the verbs that people and drivers use, over the real daemons.
 *  systemd itself wants cgroups and a machine of its own. */
export const DEVICE_SYSTEMCTL = `#!/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
wants=/etc/systemd/system/multi-user.target.wants
quiet= now= verb= units=
for word in "$@"; do
  case $word in
    -q|--quiet) quiet=yes ;;
    --now) now=yes ;;
    --*|-*) ;;
    *) if [ -z "$verb" ]; then verb=$word; else units="$units $word"; fi ;;
  esac
done

pid_file() {
  case $1 in
    ssh) echo /run/sshd.pid ;;
    cron) echo /run/crond.pid ;;
    chrony) echo /run/chrony/chronyd.pid ;;
    rsyslog) echo /run/rsyslogd.pid ;;
    openvswitch-switch) echo /run/openvswitch/ovs-vswitchd.pid ;;
    frr) echo /run/frr/zebra.pid ;;
    nftables) echo /run/lab/nftables ;;
    *) return 1 ;;
  esac
}
running() {
  file=$(pid_file "$1") || return 1
  [ -e "$file" ] || return 1
  [ "$1" = nftables ] && return 0
  # Some daemons write no line end, for which read answers 1.
  pid=
  read -r pid <"$file" || [ -n "$pid" ] || return 1
  kill -0 "$pid" 2>/dev/null
}
start_unit() {
  running "$1" && return 0
  case $1 in
    ssh) sshd -t || return 1
      rm -f /run/lab/ssh-stopped ;;
    cron) cron ;;
    chrony) mkdir -p /run/chrony && chown _chrony:_chrony /run/chrony && chmod 0750 /run/chrony && chronyd -x -F 0 ;;
    rsyslog) rsyslogd ;;
    nftables) nft -f /etc/nftables.conf && : >/run/lab/nftables ;;
    openvswitch-switch)
      mkdir -p /run/openvswitch /var/log/openvswitch
      [ -e /etc/openvswitch/conf.db ] || ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
      ovsdb-server /etc/openvswitch/conf.db --remote=punix:/run/openvswitch/db.sock --pidfile --detach --no-chdir \\
        --log-file -vconsole:off -vsyslog:off || return 1
      ovs-vsctl -t 5 --no-wait init &&
        ovs-vswitchd --pidfile --detach --no-chdir --log-file -vconsole:off -vsyslog:off ;;
    frr)
      mkdir -p /run/frr && chown frr:frr /run/frr && chmod 0755 /run/frr
      [ -e /etc/frr/frr.conf ] || install -o frr -g frr -m 0640 /dev/null /etc/frr/frr.conf
      for daemon in zebra staticd ospfd bgpd; do /usr/lib/frr/$daemon -d -A 127.0.0.1 || return 1; done
      vtysh -b ;;
  esac
}
stop_unit() {
  running "$1" || return 0
  case $1 in
    ssh) : >/run/lab/ssh-stopped; kill "$pid" ;;
    nftables) nft flush ruleset; rm -f /run/lab/nftables ;;
    frr) for file in /run/frr/*.pid; do kill "$(cat "$file")"; done ;;
    openvswitch-switch) kill "$pid" "$(cat /run/openvswitch/ovsdb-server.pid)" ;;
    *) kill "$pid" ;;
  esac
  tries=0
  while running "$1" && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  ! running "$1"
}
restart_unit() {
  case $1 in
    ssh) sshd -t || return 1
      old=
      running ssh && old=$pid && kill "$pid"
      rm -f /run/lab/ssh-stopped
      tries=0
      while [ $tries -lt 100 ]; do
        running ssh && [ "$pid" != "$old" ] && return 0
        sleep 0.05; tries=$((tries + 1))
      done
      return 1 ;;
    *) stop_unit "$1" && start_unit "$1" ;;
  esac
}
reload_unit() {
  running "$1" || return 1
  case $1 in
    ssh) sshd -t && kill -HUP "$pid" ;;
    nftables) nft -f /etc/nftables.conf ;;
    rsyslog) kill -HUP "$pid" ;;
    frr) /usr/lib/frr/frr-reload.py --reload /etc/frr/frr.conf ;;
    cron) ;;
    *) echo "Failed to reload $1.service: Job type reload is not applicable for unit $1.service." >&2; return 3 ;;
  esac
}
enable_unit() { ln -sf "/lib/systemd/system/$1.service" "$wants/$1.service"; [ -z "$now" ] || start_unit "$1"; }
disable_unit() { rm -f "$wants/$1.service"; [ -z "$now" ] || stop_unit "$1"; }

code=0
case $verb in daemon-reload|is-system-running) exit 0 ;; esac
for unit in $units; do
  unit=\${unit%.service}
  case $unit in sshd) unit=ssh ;; chronyd) unit=chrony ;; openvswitch) unit=openvswitch-switch ;; esac
  if ! pid_file "$unit" >/dev/null; then
    case $verb in
      is-active) [ -n "$quiet" ] || echo inactive; code=3 ;;
      is-enabled) echo "Failed to get unit file state for $unit.service: No such file or directory" >&2; code=1 ;;
      *) echo "Failed to $verb $unit.service: Unit $unit.service not found." >&2; code=5 ;;
    esac
    continue
  fi
  case $verb in
    start) start_unit "$unit" || code=1 ;;
    stop) stop_unit "$unit" || code=1 ;;
    restart) restart_unit "$unit" || code=1 ;;
    try-restart) if running "$unit"; then restart_unit "$unit" || code=1; fi ;;
    reload) reload_unit "$unit" || code=$? ;;
    reload-or-restart|try-reload-or-restart)
      reload_unit "$unit" 2>/dev/null || restart_unit "$unit" || code=1 ;;
    is-active|status) if running "$unit"; then state=active; else state=inactive; code=3; fi
      [ -n "$quiet" ] || echo $state ;;
    is-enabled) if [ -L "$wants/$unit.service" ]; then state=enabled; else state=disabled; code=1; fi
      [ -n "$quiet" ] || echo $state ;;
    enable) enable_unit "$unit" || code=1 ;;
    disable) disable_unit "$unit" || code=1 ;;
    *) echo "Unknown command verb '$verb'." >&2; exit 1 ;;
  esac
done
exit $code
`;
