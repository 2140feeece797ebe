import { READ_SAVED } from "../linux-common/boot-state.ts";
import { READ_ACCOUNTS, READ_FACTS, READ_OWNED, readFilesCommand } from "../linux-common/host-read.ts";
import { sectionScript } from "../linux-common/remote-script.ts";

const list = (table: string, columns: string) =>
  `ovs-vsctl -t 10 --format=json --columns=${columns} list ${table}`;

/** Parts of a reading, each with the shell that shows it. */
export const PARTS = {
  bridges: list("Bridge", "_uuid,name,ports,rstp_enable,stp_enable,other_config,fail_mode,datapath_type"),
  ports: list("Port", "_uuid,name,interfaces,vlan_mode,tag,trunks,external_ids,other_config,lacp,bond_mode"),
  interfaces: list("Interface", "_uuid,name,mtu_request,type,options"),
  mirrors: list("Mirror", "_uuid,name,select_all,output_port,output_vlan"),
  flows:
    "for bridge in $(ovs-vsctl -t 10 list-br); do ovs-ofctl --no-stats dump-flows \"$bridge\" 2>/dev/null | sed -e '/actions=/!d' -e 's/cookie=0x0, *//' -e \"s/^ */$bridge /\"; done",
  addresses: "ip -j -d address show",
  routes: "ip -j -4 route show table main",
  routes6: "ip -j -6 route show table main",
  files: readFilesCommand([
    "/etc/chrony/sources.d/*.sources",
    "/etc/rsyslog.d/*.conf",
    "/etc/sudoers.d/sitewright",
    "/etc/resolv.conf",
    "/etc/issue.net",
    "/etc/profile.d/sitewright-idle.sh",
  ]),
  accounts: READ_ACCOUNTS,
  facts: READ_FACTS,
  owned: READ_OWNED,
  saved: READ_SAVED,
  version: "ovs-vsctl --version | head -1",
} as const;

/** Shell that reads everything that the canonical text tells. It changes nothing. */
export const READ_SCRIPT = sectionScript(PARTS);
