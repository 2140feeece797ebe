import fc from "fast-check";

/** A small router of which FRR's `vtysh` knows every line. */
export interface Router {
  readonly port: { readonly description: string | undefined; readonly address: string | undefined };
  readonly routes: readonly string[];
  /** Entries of the prefix lists by name, without numbers. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Clauses of the route map R. */
  readonly map: readonly Clause[];
  readonly neighbor: Neighbor | undefined;
}

interface Clause {
  readonly permits: boolean;
  readonly list: string | undefined;
  readonly metric: number | undefined;
}

interface Neighbor {
  readonly as: number;
  readonly description: string | undefined;
  readonly list: string | undefined;
  readonly map: boolean;
}

const ENTRIES = [
  "permit 10.0.0.0/8",
  "permit 10.0.0.0/8 le 24",
  "deny 10.1.0.0/16 le 32",
  "permit 10.1.1.0/24",
  "deny 10.2.0.0/16",
  "permit 0.0.0.0/0 le 32",
];
const entries = fc.shuffledSubarray(ENTRIES, { minLength: 1, maxLength: 3 });
const word = fc.constantFrom(undefined, "lab", "core");
const list = fc.constantFrom(undefined, "P", "Q");

const router: fc.Arbitrary<Router> = fc
  .record({
    port: fc.record({ description: word, address: fc.constantFrom(undefined, "10.0.0.1/24", "10.7.0.1/24") }),
    routes: fc.uniqueArray(
      fc.constantFrom("10.5.0.0/16 10.0.0.9", "10.5.0.0/16 10.0.0.8 20", "10.6.0.0/16 10.0.0.9"),
      { maxLength: 2 },
    ),
    lists: fc.record({ P: entries, Q: entries }, { requiredKeys: [] }),
    map: fc.array(fc.record({ permits: fc.boolean(), list, metric: fc.constantFrom(undefined, 5, 7) }), {
      maxLength: 2,
    }),
    neighbor: fc.option(
      fc.record({ as: fc.constantFrom(65001, 65002), description: word, list, map: fc.boolean() }),
      { nil: undefined },
    ),
  })
  .map(closed);

/** Names that are used exist. */
function closed(one: Router): Router {
  const known = (name: string | undefined) =>
    name !== undefined && one.lists[name] !== undefined ? name : undefined;
  const { neighbor } = one;
  return {
    ...one,
    map: one.map.map((clause) => ({ ...clause, list: known(clause.list) })),
    neighbor: neighbor && {
      ...neighbor,
      list: known(neighbor.list),
      map: neighbor.map && one.map.length > 0,
    },
  };
}

/** Two routers that have something in common. */
export const routerPair: fc.Arbitrary<readonly [Router, Router]> = fc
  .tuple(router, router, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }))
  .map(([one, two, picks]) => [one, mixed(one, two, picks)] as const);

function mixed(one: Router, two: Router, picks: readonly boolean[]): Router {
  const from = (i: number) => (picks[i] ? one : two);
  return closed({
    port: from(0).port,
    routes: from(1).routes,
    lists: from(2).lists,
    map: from(3).map,
    neighbor: from(4).neighbor,
  });
}

/** A list in use whose entries come, go and change places. */
export const editedPair: fc.Arbitrary<readonly [Router, Router]> = fc
  .tuple(fc.shuffledSubarray(ENTRIES, { minLength: 2, maxLength: 4 }), fc.nat(5), fc.boolean(), fc.boolean())
  .chain(([one, extra, adds, later]) =>
    fc.shuffledSubarray(one, { minLength: 1 }).map((kept): readonly [Router, Router] => {
      const more = ENTRIES[extra] ?? "";
      const next = adds && !kept.includes(more) ? [...kept, more] : kept;
      const bound = (held: readonly string[], by: "P" | undefined): Router => ({
        port: { description: undefined, address: undefined },
        routes: [],
        lists: { P: held },
        map: [{ permits: true, list: "P", metric: undefined }],
        neighbor: { as: 65001, description: undefined, list: by, map: true },
      });
      return [bound(one, "P"), bound(next, later ? undefined : "P")];
    }),
  );

/** The same two routers with fewer lines: at most six. */
export const smallRouters: fc.Arbitrary<readonly [Router, Router]> = fc
  .tuple(routerPair, fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }))
  .map(([[one, two], picks]) => [smaller(one, picks), smaller(two, picks)] as const);

const LINES = 6;

function smaller(one: Router, picks: readonly number[]): Router {
  let now = one;
  for (let i = 0; spellRouter(now).split("\n").filter(isCounted).length > LINES; i++)
    now = closed(without(now, (picks[i] ?? 0) + i));
  return now;
}

/** Headers that are there by themselves, and ends of blocks, are no lines. */
function isCounted(line: string): boolean {
  return line !== "" && !/^ *(?:!|exit|interface |address-family )/.test(line);
}

function without(one: Router, pick: number): Router {
  const { port, routes, lists, map, neighbor } = one;
  const [first = "P", ...others] = Object.keys(lists);
  switch (pick % 5) {
    case 0:
      return { ...one, routes: routes.slice(1) };
    case 1:
      return { ...one, map: map.slice(0, -1) };
    case 2:
      return { ...one, port: { ...port, description: undefined } };
    case 3:
      return {
        ...one,
        neighbor: neighbor?.description === undefined ? undefined : { ...neighbor, description: undefined },
      };
    default: {
      const kept = (lists[first] ?? []).slice(0, -1);
      const rest = Object.fromEntries(others.map((name) => [name, lists[name] ?? []]));
      return { ...one, lists: kept.length === 0 ? rest : { ...rest, [first]: kept } };
    }
  }
}

/** Writes a router as FRR shows it.
 *  @param step - what the numbers of entries grow by */
export function spellRouter(one: Router, step = 5): string {
  const { port, routes, lists, map, neighbor } = one;
  const some = (text: string, value: string | number | undefined) =>
    value === undefined ? [] : [`${text}${value}`];
  const inside = [...some(" description ", port.description), ...some(" ip address ", port.address)];
  const clauses = map.flatMap(({ permits, list: name, metric }, i) => [
    `route-map R ${permits ? "permit" : "deny"} ${(i + 1) * 10}`,
    ...some(" match ip address prefix-list ", name),
    ...some(" set metric ", metric),
    "exit",
  ]);
  const head = "neighbor 10.0.0.2";
  const family = neighbor && [
    ...some(`  ${head} prefix-list `, neighbor.list && `${neighbor.list} in`),
    ...(neighbor.map ? [`  ${head} route-map R in`] : []),
  ];
  const bgp = neighbor && [
    "router bgp 65000",
    ` ${head} remote-as ${neighbor.as}`,
    ...some(` ${head} description `, neighbor.description),
    ...(family?.length ? [" !", " address-family ipv4 unicast", ...family, " exit-address-family"] : []),
    "exit",
  ];
  const lines = [
    ...(inside.length > 0 ? ["interface eth0", ...inside, "exit"] : []),
    ...routes.map((route) => `ip route ${route}`),
    ...Object.entries(lists).flatMap(([name, held]) =>
      held.map((text, i) => `ip prefix-list ${name} seq ${(i + 1) * step} ${text}`),
    ),
    ...clauses,
    ...(bgp ?? []),
  ];
  return `${lines.join("\n")}\n`;
}
