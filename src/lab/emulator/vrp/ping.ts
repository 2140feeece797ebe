import { answersEcho, routeOf, type Ways } from "../reach.ts";
import type { ExecContext } from "./exec-context.ts";
import { isForwarding } from "./link-state.ts";
import type { VrpState } from "./state.ts";
import { addressesOf } from "./table-interface.ts";

/** `ping [-c COUNT] [-t MILLISECONDS] ADDRESS`. */
export function ping({ state }: ExecContext, values: Readonly<Record<string, string>>): string {
  const { host = "", count = "5" } = values;
  if (!/^[\d.]+$|:/.test(host)) return `Error: Ping: Unknown host ${host}\n`;
  const sent = Number(count);
  const answered = answersEcho(host, waysOf(state), state.box.options.neighbours ?? []);
  const tries = Array.from({ length: sent }, (_, index) =>
    answered
      ? `    Reply from ${host}: bytes=56 Sequence=${index + 1} ttl=255 time=1 ms`
      : "    Request time out",
  );
  return [
    `  PING ${host}: 56  data bytes, press CTRL_C to break`,
    ...tries,
    "",
    `  --- ${host} ping statistics ---`,
    `    ${sent} packet(s) transmitted`,
    `    ${answered ? sent : 0} packet(s) received`,
    `    ${answered ? "0.00" : "100.00"}% packet loss`,
    ...(answered ? ["    round-trip min/avg/max = 1/1/1 ms"] : []),
    "",
    "",
  ].join("\n");
}

function waysOf({ config }: VrpState): Ways {
  const own = config
    .interfaces()
    .flatMap(([name, block]) => (isForwarding(config, name, block, config.ports) ? addressesOf(block) : []));
  return { own, routes: config.root.all("route").flatMap(([, text]) => routeOf(text) ?? []) };
}
