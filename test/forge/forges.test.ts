import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ForgeError } from "../../src/forge/forge-error.ts";
import { openForge } from "../../src/forge/open-forge.ts";
import { postSticky } from "../../src/forge/sticky.ts";
import { FORGE_KINDS, type Forge } from "../../src/forge/types.ts";
import { Secret } from "../../src/model/secret.ts";
import { ForgeServer, OWN_LOGIN, TOKEN } from "./forge-server.ts";

const MARK = "<!-- sitewright preview -->";
const PATIENCE = { timeoutMs: 20_000, longestWaitMs: 2_000, firstWaitMs: 1 };

async function problemOf(run: Promise<unknown>): Promise<ForgeError> {
  const answer = await run.then(
    () => undefined,
    (error: unknown) => error as ForgeError,
  );
  if (answer === undefined) throw new Error("it went well");
  return answer;
}

describe.each(FORGE_KINDS)("%s", (kind) => {
  let server: ForgeServer;
  let forge: Forge;
  beforeEach(async () => {
    server = new ForgeServer(kind);
    await server.start();
    forge = openForge(server.target, PATIENCE);
  });
  afterEach(() => server.stop());
  const post = (body: string): ReturnType<typeof postSticky> => postSticky(forge, 7, body, MARK);
  const bodies = (): string[] => server.comments.map((comment) => comment.body);

  describe("one sticky comment", () => {
    it("is created once, then written anew in place, and left alone while nothing changed", async () => {
      expect(await post(`${MARK}\none`)).toEqual({ did: "created", removed: 0 });
      expect(await post(`${MARK}\ntwo`)).toEqual({ did: "updated", removed: 0 });
      expect(await post(`${MARK}\ntwo`)).toEqual({ did: "unchanged", removed: 0 });
      expect(server.comments).toEqual([{ id: 1, request: 7, login: OWN_LOGIN, body: `${MARK}\ntwo` }]);
    });

    it("is found behind pages of other people's talk", async () => {
      for (let at = 0; at < 5; at += 1) server.add("ann", `talk ${at}`);
      server.add(OWN_LOGIN, `${MARK}\nold`);
      for (let at = 0; at < 3; at += 1) server.add("ben", `more ${at}`);
      expect((await post(`${MARK}\nnew`)).did).toBe("updated");
      expect(bodies().filter((body) => body.startsWith(MARK))).toEqual([`${MARK}\nnew`]);
    });

    it("of somebody else with the same mark is left alone", async () => {
      server.add("mallory", `${MARK}\n✅ all is well`);
      expect((await post(`${MARK}\n❌`)).did).toBe("created");
      expect(bodies()).toEqual([`${MARK}\n✅ all is well`, `${MARK}\n❌`]);
    });

    it("loses its doubles; the oldest stays", async () => {
      for (const text of ["a", "b", "c"]) server.add(OWN_LOGIN, `${MARK}\n${text}`);
      server.add(OWN_LOGIN, "another bot's words under the same account");
      expect(await post(`${MARK}\nnew`)).toEqual({ did: "updated", removed: 2 });
      expect(bodies()).toEqual([`${MARK}\nnew`, "another bot's words under the same account"]);
    });

    it("loses its doubles also where a deletion was done and not answered", async () => {
      for (const text of ["a", "b"]) server.add(OWN_LOGIN, `${MARK}\n${text}`);
      server.faults.push({ method: "DELETE", kind: "reset", after: true });
      expect(await post(`${MARK}\nnew`)).toEqual({ did: "updated", removed: 1 });
      expect(bodies()).toEqual([`${MARK}\nnew`]);
    });

    it("is not doubled where the server failed after it had written it", async () => {
      server.faults.push({
        method: "POST",
        path: /comments|notes/,
        kind: "status",
        status: 502,
        after: true,
      });
      await post(`${MARK}\none`);
      expect(bodies()).toEqual([`${MARK}\none`]);
    });

    it("is tried once more where the connection broke before it was written", async () => {
      server.faults.push({ method: "POST", path: /comments|notes/, kind: "reset" });
      await post(`${MARK}\none`);
      expect(bodies()).toEqual([`${MARK}\none`]);
    });
  });

  describe("a forge that is not well", () => {
    it("that asks for patience by 429 gets it", async () => {
      server.faults.push({ kind: "status", status: 429, headers: { "retry-after": "1" } });
      const startMs = performance.now();
      expect((await post(`${MARK}\none`)).did).toBe("created");
      expect(performance.now() - startMs).toBeGreaterThan(900);
    });

    it("that asks for more patience than we have is told apart from one that refuses", async () => {
      server.faults.push({ kind: "status", status: 429, headers: { "retry-after": "3600" } });
      const problem = await problemOf(post(MARK));
      expect([problem.problem, problem.status]).toEqual(["rate-limited", 429]);
      expect(server.arrived).toHaveLength(1);
    });

    it("that asks for patience for ever is given up", async () => {
      for (let at = 0; at < 9; at += 1)
        server.faults.push({ kind: "status", status: 429, headers: { "retry-after": "0" } });
      expect((await problemOf(post(MARK))).problem).toBe("rate-limited");
      expect(server.arrived).toHaveLength(4);
    });

    it("that fails and recovers is asked again; one that goes on failing is given up", async () => {
      for (const status of [500, 503]) server.faults.push({ method: "GET", kind: "status", status });
      expect(await forge.comments(7)).toEqual([]);
      for (let at = 0; at < 9; at += 1) server.faults.push({ method: "GET", kind: "status", status: 502 });
      const problem = await problemOf(forge.comments(7));
      expect([problem.problem, problem.status]).toEqual(["failing", 502]);
    });

    it("that cuts a connection is asked again", async () => {
      server.faults.push({ method: "GET", path: /comments|notes/, kind: "reset" });
      expect(await forge.comments(7)).toEqual([]);
    });

    it("that never answers is given up in time", async () => {
      for (let at = 0; at < 9; at += 1) server.faults.push({ kind: "silent" });
      const hasty = openForge(server.target, { ...PATIENCE, timeoutMs: 60 });
      const problem = await problemOf(hasty.comments(7));
      expect(problem.problem).toBe("unreachable");
      expect(problem.message).toContain("it took too long");
    });

    it("that is not there is named without its address", async () => {
      await server.stop();
      const problem = await problemOf(forge.comments(7));
      expect(problem.message).toMatch(/did not answer .* \(ECONNREFUSED\)/);
      await server.start();
    });

    it("that sends us elsewhere gets no token there", async () => {
      server.faults.push({
        method: "GET",
        kind: "status",
        status: 307,
        headers: { location: "http://127.0.0.1:9/" },
      });
      expect((await problemOf(forge.comments(7))).problem).toBe("moved");
      const other = new ForgeServer(kind);
      await other.start();
      const link = `<${other.api}${server.repository}/x?page=2>; rel="next"`;
      server.faults.push({ method: "GET", kind: "status", status: 200, headers: { link }, body: [] });
      await forge.comments(7).catch(() => undefined);
      expect(other.arrived).toEqual([]);
      await other.stop();
    });
  });

  describe("a forge that refuses says so in one sentence with what to do, and no token", () => {
    it.each([
      [401, "no-rights", "expired"],
      [
        403,
        "no-rights",
        { github: "pull-requests: write", gitlab: "scope `api`", gitea: "write:issue" }[kind],
      ],
      [404, "not-found", "may not see it"],
      [422, "refused", "--request"],
    ] as const)("%i", async (status, problem, hint) => {
      const words = `Resource not accessible by integration ${"x".repeat(500)}\nsecond line`;
      server.faults.push({
        method: "POST",
        path: /comments|notes/,
        kind: "status",
        status,
        body: { message: words },
      });
      const found = await problemOf(post(MARK));
      expect([found.problem, found.status]).toEqual([problem, status]);
      expect(found.hint).toContain(hint);
      expect(found.message).toContain("Resource not accessible by integration");
      expect(found.message).not.toContain("\n");
      expect(found.message.length).toBeLessThan(300);
      expect(JSON.stringify([found.message, found.hint, found.stack, found.cause ?? ""])).not.toContain(
        TOKEN,
      );
    });

    it("a wrong token", async () => {
      const stranger = openForge({ ...server.target, token: new Secret("other") }, PATIENCE);
      expect((await problemOf(stranger.account())).problem).toBe("no-rights");
    });
  });

  it("lists the open requests with both sides, over pages", async () => {
    for (let number = 1; number <= 5; number += 1)
      server.pulls.push({ number, head: `${number}`.repeat(40), branch: `b${number}` });
    const requests = await forge.openRequests();
    expect(requests.map(({ number, head }) => [number, head.branch, head.commit])).toEqual(
      [1, 2, 3, 4, 5].map((number) => [number, `b${number}`, `${number}`.repeat(40)]),
    );
    expect(requests[0]?.base.branch).toBe("main");
    expect((await forge.request(3)).head.commit).toBe("3".repeat(40));
    expect((await problemOf(forge.request(99))).problem).toBe("not-found");
  });
});
