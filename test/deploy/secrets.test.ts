import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSecrets, SecretError } from "../../src/deploy/secrets.ts";
import { newWorkspace, putSecret } from "./workspace-fixture.ts";

const secretsOf = (root: string, environment: NodeJS.ProcessEnv) => openSecrets({ root, environment });

describe("secret references are resolved at the last moment", () => {
  test("from the environment", async () => {
    const secrets = secretsOf(newWorkspace(), { OPS: "geheim" });
    expect((await secrets.reveal("env:OPS@1")).reveal()).toBe("geheim");
  });

  test("from a file of the workspace, without its last newline", async () => {
    const root = newWorkspace();
    putSecret(root, "ops.key", "line 1\nline 2");
    expect((await secretsOf(root, {}).reveal("file:ops.key@1")).reveal()).toBe("line 1\nline 2");
  });

  test("by sops, asked for exactly the key", async () => {
    const root = newWorkspace();
    const bin = join(root, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "sops"), '#!/bin/sh\necho "$1 $2 $3 $(basename "$4")"\n');
    chmodSync(join(bin, "sops"), 0o755);
    const secrets = secretsOf(root, { PATH: `${bin}:${process.env.PATH}` });
    const value = (await secrets.reveal("sops:secrets/lanhai.yaml#vpn.psk@2")).reveal();
    expect(value).toBe('--decrypt --extract ["vpn"]["psk"] lanhai.yaml');
  });

  test.each([
    ["a variable that is not set", "env:NOBODY@1", "environment variable NOBODY is not set"],
    ["a file that is not there", "file:nothing@1", "secret file nothing cannot be read"],
    ["sops where it is not installed", "sops:a.yaml#k@1", "sops is not installed"],
    ["a sops reference without a key", "sops:a.yaml@1", "names no key"],
    ["a Pulumi key without a stack", "pulumi:psk@1", "no Pulumi stack is at hand"],
    ["text that is no reference", "geheim", "is no secret reference"],
  ])("%s ends with what to type", async (_title, reference, message) => {
    const secrets = secretsOf(newWorkspace(), { PATH: "/nowhere" });
    const failure = await secrets.reveal(reference).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SecretError);
    expect((failure as SecretError).message).toContain(message);
    expect((failure as SecretError).hint).not.toBe("");
  });

  test("a secret prints as [secret] wherever it is put", async () => {
    const secret = await secretsOf(newWorkspace(), { OPS: "geheim" }).reveal("env:OPS@1");
    expect(`${secret} ${JSON.stringify({ secret })}`).toBe('[secret] {"secret":"[secret]"}');
  });
});
