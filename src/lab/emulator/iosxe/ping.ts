import { answersEcho, routeOf, type Ways } from "../reach.ts";
import type { ExecContext } from "./exec-context.ts";
import { isForwarding } from "./link-state.ts";
import type { IosState } from "./state.ts";
import { addressesOf } from "./table-routed.ts";

/** `ping ADDRESS [repeat N] [timeout SECONDS]`, as the privileged prompt prints it. */
export function ping({ state }: ExecContext, values: Readonly<Record<string, string>>): string {
  const { host = "", count = "5", seconds = "2" } = values;
  if (!/^[\d.]+$|:/.test(host)) return "% Unrecognized host or address, or protocol not running.\n\n";
  const sent = Number(count);
  const answered = answersEcho(host, waysOf(state), state.box.options.neighbours ?? []);
  const head = `Type escape sequence to abort.\nSending ${sent}, 100-byte ICMP Echos to ${host}, timeout is ${seconds} seconds:\n`;
  const marks = (answered ? "!" : ".").repeat(sent).replace(/.{70}(?=.)/g, "$&\n");
  const rate = answered
    ? `100 percent (${sent}/${sent}), round-trip min/avg/max = 1/1/4 ms`
    : `0 percent (0/${sent})`;
  return `${head}${marks}\nSuccess rate is ${rate}\n`;
}

function waysOf({ config }: IosState): Ways {
  const own = config
    .interfaces()
    .flatMap(([name, block]) => (isForwarding(config, name, block, config.ports) ? addressesOf(block) : []));
  const fixed = config.root.all("ip route").flatMap(([, text]) => routeOf(text) ?? []);
  const last = config.root.get("ip default-gateway")?.split(" ").at(-1);
  const any = { address: "0.0.0.0", mask: "0.0.0.0" };
  return { own, routes: last === undefined ? fixed : [...fixed, { ...any, gateway: last }] };
}
