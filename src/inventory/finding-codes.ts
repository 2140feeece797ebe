/** What a finding's code means in general, and how such a finding is mended; for `sitewright explain CODE`. */
export interface CodeMeaning {
  readonly meaning: string;
  readonly mend: string;
}

type Row = readonly [meaning: string, mend: string];

const READING: Readonly<Record<string, Row>> = {
  "INV-ALIAS": [
    "A YAML alias (*name) has no anchor (&name) above it.",
    "Quote the text if no alias is meant.",
  ],
  "INV-DUPLICATE-KEY": [
    "A key stands twice in one map; most tools would keep the last one in silence. Merges of branches leave this behind.",
    "Decide which of the two is meant and delete the other.",
  ],
  "INV-EMPTY-FILE": ["A file of the inventory holds nothing.", "Write its keys, or delete it."],
  "INV-ENCODING": ["A file is not UTF-8.", "Save it as UTF-8; iconv converts GBK and UTF-16."],
  "INV-FILE-TOO-LARGE": [
    "A file is larger than 2 MB and was not read.",
    "Split it: one file describes one thing.",
  ],
  "INV-FORMAT": [
    "A text is not written in the form that its key wants.",
    "Follow the example of the hint; units stand in the value (24h, 1Gbps), times are quoted.",
  ],
  "INV-ID": [
    "A folder or file name cannot be an id: ids become names of stacks and resources.",
    "Use lower-case letters, digits and inner hyphens.",
  ],
  "INV-KEY": ["A key of a map is itself a map, a list or an alias.", "Quote it if it is meant as text."],
  "INV-LOST-TEXT": [
    "A # after a blank starts a comment in YAML, so the rest of the value is lost.",
    "Quote the value.",
  ],
  "INV-MERGE-KEY": ["The merge key << was given something that is no map.", "Give it an alias of a map."],
  "INV-MISSING-KEY": [
    "A key that is needed was given by no layer.",
    "Add it here, or on a more general level if it holds for more.",
  ],
  "INV-MODEL-RANGE": [
    "In a model, the short and the full name of some ports span different numbers of ports.",
    "Give both the same range.",
  ],
  "INV-NAME": [
    "A name of an entry has characters that names may not have.",
    "Use lower-case letters, digits and inner hyphens.",
  ],
  "INV-NO-INVENTORY": ["The workspace has no inventory file at all.", "Start with `sitewright init`."],
  "INV-NO-SITE": ["A site's folder has devices or rules and no site.yaml.", "Write site.yaml."],
  "INV-RANGE": [
    "A number lies outside what its key allows, or a range of ports runs backwards.",
    "Stay within the bounds that the hint names.",
  ],
  "INV-RANGE-OVERLAP": [
    "Two ranges of the same width name the same port, so none is the narrower.",
    "Make one of them narrower.",
  ],
  "INV-REMOVE-NOTHING": [
    "`remove` names something that no more general layer has.",
    "Take it out, or mend its spelling.",
  ],
  "INV-SHAPE": ["A value breaks a rule of the schema.", "See docs/inventory.md."],
  "INV-SPLIT-ADDRESS": ["An IPv6 address that ends in a colon is read as a key.", "Quote it."],
  "INV-STRAY-FILE": ["A file lies where none of its name is read.", "Rename or move it."],
  "INV-SYMLINK": [
    "A symbolic link leads out of the workspace; following it would make plans depend on one machine.",
    "Copy the file into the workspace.",
  ],
  "INV-TAB": ["YAML takes no tabs for indentation.", "Indent with blanks."],
  "INV-TIMEZONE": ["A time zone does not exist.", "Write an IANA name such as Asia/Shanghai."],
  "INV-TOO-DEEP": ["Values nest absurdly deep.", "Look for brackets that are never closed."],
  "INV-TOO-MANY-VALUES": [
    "Aliases multiply a file into more values than any site has.",
    "Write repetition as ranges, roles and profiles.",
  ],
  "INV-TYPE": [
    "A value is of another kind than its key wants.",
    "Write text, number, true or false, list or map as the hint says.",
  ],
  "INV-UNKNOWN-KEY": [
    "A key is not known here; it would have had no effect.",
    "Mend its spelling or take it away.",
  ],
  "INV-UNREADABLE": ["A file could not be read.", "Check that it exists and that you may read it."],
  "INV-VALUE": ["A word is none of those that its key allows.", "Take one of the allowed words."],
  "INV-YAML": [
    "A file is not YAML.",
    "Compare the line's indentation, quotes and brackets with its neighbours.",
  ],
};

const REVISIONS: Readonly<Record<string, Row>> = {
  "PRV-BEHIND": [
    "The branch lacks commits of the base, and this git cannot merge in memory, so the two were not seen together.",
    "Merge the base into the branch, or use git 2.38 or later.",
  ],
  "PRV-CONFLICT": [
    "The branch and the base changed the same lines; the preview shows the branch against where it left the base.",
    "Merge the base into the branch and settle the conflict.",
  ],
  "PRV-NO-GIT": [
    "A preview compares two revisions, and the workspace is in no git repository.",
    "git init, and commit the workspace.",
  ],
  "PRV-NO-REF": [
    "Git knows no commit of this name; in CI the clone often lacks the base.",
    "Fetch it: git fetch origin NAME; with GitHub's checkout set fetch-depth: 0.",
  ],
  "PRV-SHALLOW": [
    "The clone is too shallow to hold the commit where the branch left the base.",
    "git fetch --unshallow origin; with GitHub's checkout set fetch-depth: 0.",
  ],
};

const REFERENCES: Readonly<Record<string, Row>> = {
  "REF-BACKUP-POLICY": [
    "A backup job names a policy that no level defines.",
    "Mend the name or write it below backupPolicies.",
  ],
  "REF-BACKUP-TARGET": [
    "A backup policy copies to a target that no level defines.",
    "Mend the name or write it below backupTargets.",
  ],
  "REF-CLIENT": [
    "A reference leads to another client. Clients share nothing but the provider.",
    "Refer to something of the same client.",
  ],
  "REF-DEVICE": ["A device is named that the site does not have.", "Mend the name."],
  "REF-JUMP": ["A jump host lacks a login or an address.", "Give the host `login` and a full address."],
  "REF-KIND": [
    "A name means something of another kind than is wanted.",
    "Name a host where a host is wanted, a network where a network is.",
  ],
  "REF-LINK": [
    "The other end of a link is nothing of this site.",
    "Mend the name, or describe what is there.",
  ],
  "REF-LOOP": ["A group of services holds itself.", "Take it out of the group."],
  "REF-MODEL": ["A model is not in the catalogue.", "Mend the name or describe it in inventory/models."],
  "REF-NAME": [
    "A name means nothing in the site, its client or the provider.",
    "Mend the name; zones are written zone:NAME.",
  ],
  "REF-NETWORK": ["A network is named that the site does not have.", "Mend the name."],
  "REF-NO-ADDRESS": ["A thing is used for its address and has none.", "Give it one where it is defined."],
  "REF-POOL": [
    "A pool is named that the client does not have.",
    "Mend the name or write it into pools.yaml.",
  ],
  "REF-PROFILE": [
    "A port profile is named that no level defines, or it builds upon itself.",
    "Mend the name or write it below profiles.",
  ],
  "REF-ROLE": [
    "A role is named that no level defines, so it gives nothing.",
    "Mend the name or write it below roles.",
  ],
  "REF-RULE": ["A rule is to stand before one that does not exist.", "Mend the id."],
  "REF-SERVICE": [
    "A service is named that no policy defines.",
    "Mend the name or write it into policies/services.yaml.",
  ],
  "REF-SITE": ["A site is named that the client does not have.", "Mend the name."],
  "REF-WAN": ["A WAN link is named that the site does not have.", "Mend the name."],
  "REF-ZONE": [
    "A zone is named that no policy defines.",
    "Mend the name or write it into policies/zones.yaml.",
  ],
};

const ADDRESSES: Readonly<Record<string, Row>> = {
  "IPP-001": [
    "Two networks of one VRF overlap, in one site or across the sites of a client: packets would go to one of them by chance.",
    "Give one another prefix or VRF; where two sites use it on purpose, say `reuse: true` on both.",
  ],
  "IPP-002": [
    "A gateway has no address, or no device has the gateway's address.",
    "Write the host number that the hosts use as their router.",
  ],
  "IPP-003": [
    "A DHCP range is not in its network, overlaps another, or holds the gateway.",
    "Move the range.",
  ],
  "IPP-004": [
    "A static address lies in a DHCP range and may be handed out twice.",
    "Move one of them, or let DHCP reserve the address for its MAC.",
  ],
  "IPP-005": [
    "A network uses 100.64.0.0/10, which carriers use towards their customers.",
    "Take a private block.",
  ],
  "IPP-006": [
    "An address or block cannot be used: outside its network, network or broadcast address, or kept for something else.",
    "Take an address of the span that the hint names.",
  ],
  "IPP-007": ["Two things have the same address.", "Give one of them another."],
  "IPP-008": [
    "Two things have the same MAC address, or one has an impossible one.",
    "Read it off the machine again.",
  ],
  "IPP-009": ["One name means two things at a site.", "Rename one of them."],
  "IPP-011": [
    "IPv6 router advertisements do not fit the network's prefix.",
    "Give the network a /64, or turn advertisements off.",
  ],
  "IPP-012": [
    "Two networks have the same VLAN; two branches can each take it without a conflict in git.",
    "Give one of them another VLAN.",
  ],
  "IPP-015": [
    "A next hop is no neighbour: the device has no address in its network.",
    "Name a router in one of the device's networks.",
  ],
  "IPP-017": ["A static route leads to a network that the device is in itself.", "Take the route away."],
  "IPP-019": ["A network has DHCP ranges and nobody to answer.", "Give it a gateway, or say `on:`."],
  "IPP-ADDRESS": [
    "A text is no address, or an address stands where its network has no prefix of that family.",
    "Write a host number or a full address.",
  ],
  "IPP-HOST-BITS": [
    "A prefix has bits set beyond its length: it names a host and a block at once.",
    "Write the block that the hint names.",
  ],
  "IPP-POOL-FULL": ["A pool has no room for what is asked.", "Widen it, or ask for less."],
  "IPP-POOL-LENGTH": [
    "A network asks for another length than its lock file holds.",
    "Take the line out of the lock file and allocate anew.",
  ],
  "IPP-POOL-OUTSIDE": [
    "A lock file holds a prefix outside its pool.",
    "Widen the pool again, or allocate anew.",
  ],
  "IPP-POOL-TWICE": [
    "A network has two prefixes of one pool, or a host two addresses: two branches allocated for it.",
    "Keep one of the two lines.",
  ],
  "IPP-PREFIX": ["A text is no prefix.", "Write it as 10.1.10.0/24 or 2001:db8::/64."],
  "IPP-UNALLOCATED": [
    "A network asks a pool for a prefix, or a host, device or server for an address, and has not got one yet.",
    "Run `sitewright allocate` and commit the lock file.",
  ],
};

const LAYER2: Readonly<Record<string, Row>> = {
  "L2-001": [
    "The two ends of a trunk differ in their untagged VLAN: frames leak from one into the other.",
    "Give both ends the same `native`.",
  ],
  "L2-002": ["A network uses VLAN 1, where every unconfigured port is.", "Take another VLAN."],
  "L2-003": [
    "The two ends of a trunk carry different VLANs, or it does not carry what is behind it.",
    "Write `tagged: needed` once, or the same list on both ends.",
  ],
  "L2-015": [
    "A VLAN does not get from where it is used to where it is routed.",
    "Link the devices, or let the trunks between them carry it.",
  ],
  "L2-017": ["A host would live in a parking or native VLAN.", "Put it into a network of data."],
  "L2-019": ["The two ends of a link differ in MTU or speed.", "Give both the same."],
  "L2-NO-VLAN": ["A network is used on switch ports and has no VLAN.", "Give it one."],
  "L2-PORT-MODE": [
    "A port's mode and its keys, or the modes of a link's two ends, do not fit.",
    "Choose access, trunk or routed.",
  ],
  "L2-PORT-NETWORK": [
    "A port and what is plugged into it are in different networks.",
    "Take the network off the port; it follows.",
  ],
  "LAG-MEMBERS": ["Members of one aggregation differ.", "Give all the same settings."],
  "LAG-MISMATCH": ["The two ends of an aggregation do not fit.", "Say `lag` once, on the end that has `to`."],
  "LAG-NUMBER": ["The model has no aggregation of that number.", "Take a number that the model has."],
  "LAG-SPLIT": ["One aggregation ends on several devices.", "Let it end on one; a stack is one device."],
  "LNK-LOOP": ["A port is linked to itself.", "Name the other end."],
  "LNK-ONE-END": ["A link's other end is not said.", "Write `to: DEVICE:PORT`, or list the tagged networks."],
  "MODEL-FEATURE": [
    "A device is to do what its model cannot.",
    "Let another device do it, or complete the model.",
  ],
  "PORT-ENDS": [
    "A range of ports and the list of their other ends differ in length.",
    "Name one end a port.",
  ],
  "PORT-MISSING": ["A device is named where a port is wanted.", "Write DEVICE:PORT."],
  "PORT-TWICE": ["A port or interface is used by two links.", "One port takes one cable."],
  "PORT-UNKNOWN": ["The model has no such port.", "Mend the name, or the model."],
};

const OTHERS: Readonly<Record<string, Row>> = {
  "AST-002": [
    "Two things have the same asset id or serial number. The asset id is a device's identity in the state.",
    "Give one of them its own.",
  ],
  "ALERT-CHANNEL": [
    "A channel of alerts lacks what its kind needs, or would send a password in clear.",
    "Robots and webhooks need a url, a webhook also a secret, e-mail a server, from and to.",
  ],
  "BKP-003": ["A backup job has nowhere to copy to.", "Give its policy copies."],
  "BKP-HOST-KEYS": [
    "A backup target that is not reached by SSH has SSH host keys, which nothing would look at.",
    "Take them away, or make it an sftp target.",
  ],
  "CHG-FREEZE": ["A freeze ends before it begins.", "Swap the days."],
  "CHG-WINDOW": ["A change window closes when it opens.", "Give it another end."],
  "CHK-FORM": [
    "A check of a device does not say exactly one thing to ask: a ping, or a TCP port.",
    "Write `ping: NAME`, or `tcp: NAME` with `port:`.",
  ],
  "CRD-004": [
    "Something stands where a reference to a secret is wanted. The value is not shown: it may be the secret.",
    "Write a reference; if it was a secret, change it, for git keeps it.",
  ],
  "CRD-MISSING": [
    "Nothing says how to log in.",
    "Write credentials for the device, site, client or provider.",
  ],
  "MGT-NO-ADDRESS": [
    "A device cannot be reached: it has no management address.",
    "Give it management with network and address.",
  ],
  "NAT-TWICE": ["A port outside is forwarded twice.", "Take another port."],
  "RED-004": [
    "Routers that share a gateway do not agree who leads, or one has the shared address as its own.",
    "Give each an address and a priority of its own.",
  ],
  "RED-006": ["An aggregation has a single member.", "Add a second port."],
  "RUL-012": [
    "A rule names a zone that no network of the site is in.",
    "Name another, or take the rule away.",
  ],
  "RUL-016": ["Two rules have the same id.", "Rename one."],
  "RUL-CYCLE": ["The `before` of some rules runs in a circle.", "Take one away."],
  "RUL-NO-WAY": [
    "A rule lets two sites talk that nothing joins, so no device would ever see the flow.",
    "Join the sites by a VPN, or take the rule away.",
  ],
  "VPN-ENDS": [
    "A VPN does not join two sites with fixed addresses and named networks.",
    "Name two sites, their links and networks.",
  ],
  "ZON-002": ["A network has addresses and no zone, so no rule can speak of it.", "Give it a zone."],
  "ZON-CELL": [
    "A cell of the matrix lists services that mean nothing, or none where some are wanted.",
    "Match `access` and `services`.",
  ],
  "ZON-OWN-NAME": [
    "Two own rules of `zoning.yaml` have one name, or a name that findings about checks are called by.",
    "Give one another name; a client's rule stands beside the provider's and replaces none.",
  ],
};

/** Codes of the inventory's own findings. */
export const INVENTORY_CODES: ReadonlyMap<string, CodeMeaning> = new Map(
  Object.entries({ ...READING, ...REVISIONS, ...REFERENCES, ...ADDRESSES, ...LAYER2, ...OTHERS })
    .map(([code, [meaning, mend]]) => [code, { meaning, mend }] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
