import { parseAddress } from "../../model/address.ts";
import type { Site } from "../../model/site.ts";
import type { WitnessHints } from "../flows/types.ts";

/** Stand for "somebody on the internet" in a witness: documentation addresses (RFC 5737, RFC 3849) that nobody has, and
 *  one for the low half of IPv4 that every reader takes for a stranger's. */
const SOMEBODY_OUTSIDE = ["198.51.100.77", "1.2.3.4", "2001:db8:ffff::77"];

/** What makes a witness packet mean something to the reader: hosts of the site, and one stranger outside. */
export function witnessHints(site: Pick<Site, "hosts">): WitnessHints {
  const texts = [...site.hosts.flatMap((host) => [host.address, host.address6]), ...SOMEBODY_OUTSIDE];
  const hosts = texts.flatMap((text) => {
    const address = text === undefined ? undefined : parseAddress(text);
    return address === undefined ? [] : [{ family: address.version, address: address.value }];
  });
  return { hosts };
}
