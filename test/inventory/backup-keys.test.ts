import { expect, test } from "vitest";
import { deviceOf, hqWith, SITE } from "./spoil.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKnown";
const OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOther";

/** Host keys of the first backup target of the server. */
function keysWith(target: string, host: string): readonly string[] | undefined {
  const site = hqWith({
    "inventory/acme/client.yaml": (text) =>
      text.replace(
        /type: s3\n {4}url: .*\n/,
        `type: sftp\n    host: nas\n    path: /srv/restic\n${target === "" ? "" : `    hostKeys: [${target}]\n`}`,
      ),
    [SITE]: (text) =>
      text.replace("hosts:\n", `hosts:\n  nas:\n    network: servers\n    address: 20\n    login: ${host}\n`),
  });
  return deviceOf(site, "srv-1").server?.backups[0]?.targets[0]?.hostKeys;
}

test.each([
  ["a target's own keys count", OTHER, `{user: b, hostKeys: [${KEY}]}`, [OTHER]],
  [
    "else those of the host that it names, without their comments",
    "",
    `{user: b, hostKeys: [${KEY} nas]}`,
    [KEY],
  ],
  ["where nobody wrote any, none is known", "", "{user: b}", []],
])("%s", (_title, target, host, expected) => {
  expect(keysWith(target, host)).toEqual(expected);
});
