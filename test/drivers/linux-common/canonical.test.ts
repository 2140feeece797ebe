import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../src/drivers/linux-common/block-change.ts";
import { redactHostText } from "../../../src/drivers/linux-common/secrets.ts";
import { inlineDocument, quote } from "../../../src/drivers/linux-common/shell-quote.ts";
import { linuxServer } from "../../../src/drivers/linux-server/index.ts";
import { GRAMMAR } from "../../../src/drivers/linux-server/parse.ts";
import type { Scope } from "../../../src/planner/config/types.ts";

const FULL: Scope = { kind: "full" };
const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

describe("canonical text of a host", () => {
  test("two spellings of one state are the same bytes", () => {
    const one = lines(
      "service b",
      "    enabled yes",
      "hostname srv",
      "account ann",
      "    shell /bin/sh",
      "    password locked",
    );
    const other = lines(
      "",
      "# read at noon",
      "hostname   srv",
      "account ann",
      "  password locked",
      "  shell /bin/sh",
      "service b",
      "    enabled yes",
    );
    expect(canonicalText(one, GRAMMAR)).toBe(canonicalText(other, GRAMMAR));
  });

  test("the order of lines in a file is a difference, and of options of sshd is none", () => {
    const file = (...content: readonly string[]) =>
      lines("file /etc/x", "    owner root:root", "    mode 0644", ...content.map((line) => `    | ${line}`));
    expect(linuxServer.compare(file("a", "b"), file("b", "a"), FULL)).toMatchObject([
      { kind: "changed", path: ["file /etc/x"] },
    ]);
    const sshd = (...options: readonly string[]) =>
      lines("sshd", ...options.map((option) => `    ${option}`));
    expect(linuxServer.compare(sshd("a 1", "b 2"), sshd("b 2", "a 1"), FULL)).toEqual([]);
  });

  test("blank lines, tabs and trailing blanks of a file's content are kept", () => {
    const text = lines(
      "file /etc/x",
      "    owner root:root",
      "    mode 0644",
      "    | a\tb",
      "    |",
      "    |   c  ",
    );
    expect(canonicalText(text, GRAMMAR)).toBe(text);
  });

  test("a line that no rule knows is kept and named", () => {
    const tree = linuxServer.parse(lines("service a", "    enabled maybe", "frobnicate now"));
    expect(tree.unknown).toEqual([
      { line: 2, text: "enabled maybe" },
      { line: 3, text: "frobnicate now" },
    ]);
    expect(tree.lines).toBe(3);
  });

  test("a host name or time zone that changes is one item, not two", () => {
    expect(
      linuxServer.compare("hostname a\ntimezone Etc/UTC\n", "hostname b\ntimezone Etc/UTC\n", FULL),
    ).toEqual([
      { path: ["hostname"], kind: "changed", before: "hostname a", after: "hostname b", managed: true },
    ]);
  });

  test("what is outside the claims stays, is counted, and is never in a command", () => {
    const scope: Scope = { kind: "claims", paths: [["hostname **"], ["sshd", "permitrootlogin **"]] };
    const running = lines(
      "hostname a",
      "package vim",
      "sshd",
      "    permitrootlogin yes",
      "    x11forwarding no",
    );
    const change = linuxServer.change(running, lines("hostname b", "sshd", "    permitrootlogin no"), {
      scope,
    });
    expect(change.predicted).toBe(
      lines("hostname b", "package vim", "sshd", "    permitrootlogin no", "    x11forwarding no"),
    );
    expect(change.unmanaged).toBe(2);
    expect(change.commands.join("\n")).not.toMatch(/vim|x11/);
  });

  test("what a person could mistake for a pattern or a command is quoted", () => {
    expect(quote("a b")).toBe("'a b'");
    expect(quote("$(rm -rf /)")).toBe("'$(rm -rf /)'");
    expect(quote("it's")).toBe("'it'\\''s'");
    expect(() => inlineDocument("cat", ["SITEWRIGHT"])).toThrow("ends an inline document");
  });
});

describe("redaction of a host's text", () => {
  test.each([
    ["a password in a file", "    | DB_PASSWORD=hunter2", "hunter2"],
    ["a token in a file", "    | api_token: abcdef", "abcdef"],
    ["a crypt hash", "    | root:$6$salt$hashhashhash:1", "hashhash"],
    ["a fingerprint of a secret", "    altered 0123456789abcdef", "0123456789abcdef"],
    ["a password in an address", "    | url sftp://me:geheim@host/x", "geheim"],
    [
      "the body of a private key",
      "    | -----BEGIN OPENSSH PRIVATE KEY-----\n    | b3BlbnNzaC1rZXk\n    | -----END OPENSSH PRIVATE KEY-----",
      "b3BlbnNza",
    ],
  ])("takes %s out and keeps the lines", (_, text, secret) => {
    const clean = redactHostText(text);
    expect(clean).not.toContain(secret);
    expect(clean.split("\n")).toHaveLength(text.split("\n").length);
  });

  test("keeps the reference of a secret: it is what the inventory says", () => {
    const reference = `    | RESTIC_PASSWORD=\${secret:env:RESTIC@1}`;
    expect(redactHostText(reference)).toBe(reference);
    const file = "    | export RESTIC_PASSWORD_FILE=/etc/sitewright/backup/erp.password";
    expect(redactHostText(file)).toBe(file);
  });
});
