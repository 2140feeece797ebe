import { describe, expect, test } from "vitest";
import { checkLabSite } from "../../../src/lab/real/site-findings.ts";
import type { LabDevice, LabSite } from "../../../src/lab/real/types.ts";
import { host, links, officeSite, server, USERS } from "./practice-site.ts";

const pc = host("pc", "10.0.0.2/24", "10.0.0.1");
const site = (devices: readonly LabDevice[], ...texts: string[]): LabSite => ({
  name: "t",
  devices,
  links: links(...texts),
});
const openSwitch = (name: string, rstp: boolean): LabDevice => ({
  name,
  kind: "openvswitch-switch",
  users: USERS,
  interfaces: [{ name: "a" }, { name: "b" }],
  switch: { rstp, ports: { a: { access: 1 }, b: { access: 1 } } },
});

const OUT_OF_BAND = { mode: "out-of-band", address: "10.1.99.12/24", from: "10.1.99.254" } as const;

describe("a description of a practice site", () => {
  test("the office has nothing wrong with it", () => {
    expect(checkLabSite(officeSite())).toEqual([]);
  });

  test.for<[string, LabSite, string]>([
    ["two devices of one name", site([pc, pc]), "LAB-NAME-TWICE"],
    ["a name that would leave its folder", site([{ ...pc, name: "../pc" }]), "LAB-NAME"],
    ["an interface name with a slash", site([{ ...pc, interfaces: [{ name: "GE0/0/1" }] }]), "LAB-INTERFACE"],
    [
      "an interface listed twice",
      site([{ ...pc, interfaces: [{ name: "a" }, { name: "a" }] }]),
      "LAB-INTERFACE-TWICE",
    ],
    ["an account with a blank in it", site([{ ...pc, users: [{ name: "li wei" }] }]), "LAB-USER"],
    [
      "a password of two lines",
      site([{ ...pc, users: [{ name: "li", password: "a\nroot:b" }] }]),
      "LAB-PASSWORD",
    ],
    [
      "a server nobody can log in to",
      site([{ ...server("s", "10.0.0.3/24", "10.0.0.1"), users: [] }]),
      "LAB-NO-USER",
    ],
    [
      "management through a host that is not there",
      site([{ ...pc, users: USERS, management: { mode: "in-band", address: "10.0.0.2", via: "jump" } }]),
      "LAB-VIA",
    ],
    [
      "two devices at one management address",
      site([pc, { ...pc, name: "b" }].map((one) => ({ ...one, users: USERS, management: OUT_OF_BAND }))),
      "LAB-ADDRESS-TWICE",
    ],
    ["a link into nothing", site([pc], "pc:eth0 pc:eth9"), "LAB-LINK-END"],
    [
      "two cables in one socket",
      site([pc, { ...pc, name: "b" }], "pc:eth0 b:eth0", "b:eth0 pc:eth0"),
      "LAB-LINK-TWICE",
    ],
    [
      "a switch port that is no interface",
      site([{ ...openSwitch("s", false), switch: { ports: { z: { access: 1 } } } }]),
      "LAB-PORT",
    ],
    [
      "a loop of open ports",
      site([openSwitch("s", false), openSwitch("t", false)], "s:a t:a", "s:b t:b"),
      "LAB-LOOP",
    ],
  ])("%s is named before anything starts", ([, wrong, code]) => {
    expect(checkLabSite(wrong).map((finding) => finding.code)).toContain(code);
  });

  test("a loop is allowed where spanning tree guards it", () => {
    expect(checkLabSite(site([openSwitch("s", true), openSwitch("t", false)], "s:a t:a", "s:b t:b"))).toEqual(
      [],
    );
  });
});
