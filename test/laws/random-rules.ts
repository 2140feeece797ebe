import fc from "fast-check";

/** A rule of a firewall in words that no platform owns. */
interface Rule {
  readonly id: number;
  /** The name of a host or group, or "" for anything. */
  readonly from: string;
  readonly port: 22 | 80 | 443 | 0;
  readonly permit: boolean;
  /** Only from the first port to the second (FortiOS); the chain that others jump to (RouterOS). */
  readonly narrow: boolean;
  readonly negated: boolean;
}

/** A firewall of a few rules over hosts and a group of them. */
export interface Rules {
  /** The last octet of each host. */
  readonly hosts: Readonly<Record<"A" | "B", number>>;
  readonly group: readonly ("A" | "B")[];
  /** In the order that counts. */
  readonly rules: readonly Rule[];
}

const rule = (id: number): fc.Arbitrary<Rule> =>
  fc.record({
    id: fc.constant(id),
    from: fc.constantFrom("", "A", "B", "G"),
    port: fc.constantFrom(22 as const, 80 as const, 443 as const, 0 as const),
    permit: fc.boolean(),
    narrow: fc.nat(3).map((n) => n === 0),
    negated: fc.nat(7).map((n) => n === 0),
  });

const group = fc.constantFrom<readonly ("A" | "B")[]>(["A"], ["B"], ["A", "B"]);
const last = fc.constantFrom(5, 6);
const pool = fc.tuple(...[1, 2, 3, 4, 5].map(rule));

/** Two firewalls: rules change places, come, go or say something else; an address or the group may change too. */
export const rulesPair: fc.Arbitrary<readonly [Rules, Rules]> = fc
  .record({
    one: pool,
    two: pool,
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 2, maxLength: 4 }),
    again: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1, maxLength: 4 }),
    keepsOrder: fc.boolean(),
    edited: fc.subarray([0, 1, 2, 3, 4], { maxLength: 2 }),
    hosts: fc.record({ A: last, B: last }),
    moved: fc.record({ A: last, B: last }),
    group,
    regrouped: fc.oneof(fc.constant(undefined), group),
    readdressed: fc.nat(3).map((n) => n === 0),
  })
  .map((pick) => {
    const first = pick.order.flatMap((i) => pick.one[i] ?? []);
    const order = pick.keepsOrder
      ? [...pick.order.filter((i) => pick.again.includes(i)), ...pick.again]
      : pick.again;
    const next = [...new Set(order)].flatMap((i) => (pick.edited.includes(i) ? pick.two : pick.one)[i] ?? []);
    return [
      { hosts: pick.hosts, group: pick.group, rules: first },
      {
        hosts: pick.readdressed ? pick.moved : pick.hosts,
        group: pick.regrouped ?? pick.group,
        rules: next,
      },
    ] as const;
  });

/** Two firewalls whose rules and addresses change places: where each needs the other to go first, no order is safe. */
export const swappedPair: fc.Arbitrary<readonly [Rules, Rules]> = fc
  .record({
    one: fc.tuple(...[2, 4, 6].map(rule)),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 2 }),
    traded: fc.constantFrom("from" as const, "port" as const, "permit" as const, undefined),
    flipped: fc.nat(3).map((n) => n === 0),
    opposed: fc.boolean(),
    closed: fc.boolean(),
    group,
    regrouped: fc.oneof(fc.constant(undefined), group),
  })
  .map(({ one, order, traded, flipped, opposed, closed, group, regrouped }) => {
    const [first, drawn, ...more] = order.flatMap((i) => one[i] ?? []) as [Rule, Rule, ...Rule[]];
    const second = opposed ? { ...drawn, permit: !first.permit, port: first.port } : drawn;
    // One that decides for the rest, so that what is let through by none is not let through.
    const end: Rule = { id: 8, from: "", port: 0, permit: false, narrow: false, negated: false };
    const rest = closed ? [...more, end] : more;
    const rules = [first, second, ...rest];
    const next =
      traded === undefined
        ? rules.toReversed()
        : [{ ...first, [traded]: second[traded] }, { ...second, [traded]: first[traded] }, ...rest];
    return [
      { hosts: { A: 5, B: 6 }, group, rules },
      { hosts: flipped ? { A: 6, B: 5 } : { A: 5, B: 6 }, group: regrouped ?? group, rules: next },
    ] as const;
  });

/** Two firewalls in which a rule shields another one, and both turn from one host to the other: whichever goes first,
 *  what the one is to shield is open for a moment, unless something else holds it. */
export const shieldedPair: fc.Arbitrary<readonly [Rules, Rules]> = fc
  .record({
    ids: fc.shuffledSubarray([2, 4, 6], { minLength: 2, maxLength: 2 }),
    ports: fc.tuple(fc.constantFrom(0 as const, 80 as const), fc.constantFrom(0 as const, 80 as const)),
    extra: fc.option(rule(5), { nil: undefined }),
    above: fc.boolean(),
    regrouped: fc.option(group, { nil: undefined }),
  })
  .map(({ ids, ports, extra, above, regrouped }) => {
    const device = (from: string, group: readonly ("A" | "B")[], more: readonly Rule[]): Rules => {
      const pair = ids.map(
        (id, i): Rule => ({ id, from, port: ports[i] ?? 0, permit: i === 1, narrow: false, negated: false }),
      );
      const end: Rule = { id: 8, from: "", port: 0, permit: false, narrow: false, negated: false };
      const rules = above ? [...more, ...pair] : [...pair, ...more];
      return { hosts: { A: 5, B: 6 }, group, rules: [...rules, end] };
    };
    return [
      device("A", ["A"], []),
      device("B", regrouped ?? ["A"], extra === undefined ? [] : [extra]),
    ] as const;
  });

/** Spells a firewall as a configuration of a platform. */
export function spellRules(platform: string, rules: Rules): string {
  const spell = { fortios, junos, routeros }[platform];
  if (!spell) throw new Error(`no spelling for ${platform}`);
  return `${spell(rules).join("\n")}\n`;
}

function junos({ hosts, group: members, rules }: Rules): string[] {
  const book = "set security address-book global";
  return [
    ...Object.entries(hosts).map(([name, octet]) => `${book} address ${name} 10.0.20.${octet}/32`),
    ...members.map((name) => `${book} address-set G address ${name}`),
    ...rules.flatMap(({ id, from, port, permit, narrow, negated }) => {
      const policy = `set security policies from-zone ${narrow ? "office" : "guest"} to-zone server policy R${id}`;
      return [
        `${policy} match source-address ${from === "" ? "any" : from}`,
        ...(negated ? [`${policy} match source-address-excluded`] : []),
        `${policy} match destination-address any`,
        `${policy} match application ${{ 0: "any", 22: "junos-ssh", 80: "junos-http", 443: "junos-https" }[port]}`,
        `${policy} then ${permit ? "permit" : "deny"}`,
      ];
    }),
  ];
}

function fortios({ hosts, group: members, rules }: Rules): string[] {
  return [
    "config firewall address",
    ...Object.entries(hosts).flatMap(([name, octet]) => [
      `edit "${name}"`,
      `set subnet 10.0.20.${octet} 255.255.255.255`,
      "next",
    ]),
    "end",
    "config firewall addrgrp",
    'edit "G"',
    `set member ${members.map((name) => `"${name}"`).join(" ")}`,
    "next",
    "end",
    "config firewall policy",
    ...rules.flatMap(({ id, from, port, permit, narrow, negated }) => [
      `edit ${id}`,
      `set srcintf "${narrow ? "port1" : "any"}"`,
      `set dstintf "${narrow ? "port2" : "any"}"`,
      `set srcaddr "${from === "" ? "all" : from}"`,
      'set dstaddr "all"',
      ...(negated && from !== "" ? ["set srcaddr-negate enable"] : []),
      ...(permit ? ["set action accept"] : []),
      'set schedule "always"',
      `set service "${{ 0: "ALL", 22: "SSH", 80: "HTTP", 443: "HTTPS" }[port]}"`,
      "next",
    ]),
    "end",
  ];
}

function routeros({ hosts, group: members, rules }: Rules): string[] {
  const lists = [
    ...Object.entries(hosts).map(([name, octet]) => `add address=10.0.20.${octet} list=${name}`),
    ...[...new Set(members.map((name) => hosts[name]))].map((octet) => `add address=10.0.20.${octet} list=G`),
  ];
  return [
    "/ip firewall address-list",
    ...lists,
    "/ip firewall filter",
    ...rules.map(({ id, from, port, permit, narrow, negated }) => {
      const action = negated ? "action=jump" : `action=${permit ? "accept" : "drop"}`;
      const words = [
        action,
        `chain=${narrow && !negated ? "sub" : "forward"}`,
        ...(id % 2 === 0 ? [`comment="rule ${id}"`] : []),
        ...(port === 0 ? [] : [`dst-port=${port}`]),
        ...(negated ? ["jump-target=sub"] : []),
        ...(port === 0 ? [] : ["protocol=tcp"]),
        ...(from === "" ? [] : [`src-address-list=${from}`]),
      ];
      return `add ${words.join(" ")}`;
    }),
  ];
}
