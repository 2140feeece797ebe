/** Routes that tell the entries of the random prefix lists apart. */
export const ROUTES: readonly string[] = [
  "0.0.0.0",
  "10.0.0.0",
  "10.1.0.0",
  "10.1.1.0",
  "10.2.0.0",
  "172.16.0.0",
].flatMap((base) => [0, 8, 9, 12, 16, 17, 24, 25, 32].map((length) => `${base}/${length}`));

/** What a prefix list does with each of them, entries from the top down; both vendors' spellings. */
export function decideRoutes(entries: ReadonlyMap<number, string> | undefined): readonly boolean[] {
  const texts = [...(entries ?? [])].sort((a, b) => a[0] - b[0]).map(([, text]) => text);
  return ROUTES.map((route) => texts.find((text) => names(text, route))?.startsWith("permit ") ?? false);
}

function names(text: string, route: string): boolean {
  if (/^\S+ any$/.test(text)) return true;
  const [base = "", length = "0"] = route.split("/");
  const [, net = "", spelled = "0"] = /^\S+ ([\d.]+)[/ ](\d+)/.exec(text) ?? [];
  const size = Number(spelled);
  const least = /(?:ge|greater-equal) (\d+)/.exec(text)?.[1];
  const most = /(?:le|less-equal) (\d+)/.exec(text)?.[1];
  const from = Number(least ?? size);
  const to = Number(most ?? (least === undefined ? size : 32));
  const same = bits(base).slice(0, size) === bits(net).slice(0, size);
  return same && Number(length) >= from && Number(length) <= to;
}

function bits(address: string): string {
  return address
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
}

/** Routes that a moment decides as neither end does. */
export function strayRoutes(
  before: readonly boolean[],
  after: readonly boolean[],
  now: readonly boolean[],
): readonly string[] {
  return ROUTES.filter((_, i) => now[i] !== before[i] && now[i] !== after[i]);
}
