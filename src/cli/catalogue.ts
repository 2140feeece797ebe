import type { CommandModule } from "./command.ts";

/** A command as `--help` shows it; its code is loaded only when it runs. */
export interface CommandEntry {
  readonly name: string;
  /** Arguments in commander's notation: `[selectors...]`. */
  readonly args: string;
  readonly summary: string;
  /** What may stand for its first argument, where that is a word of ours. */
  readonly actions?: readonly string[];
  /** `[flags, description, default?]`. */
  readonly options: readonly (readonly [string, string, string?])[];
  readonly examples: readonly string[];
  /** Whether it works on a workspace (a folder that holds inventory/). */
  readonly workspace: boolean;
  readonly load: () => Promise<CommandModule>;
}

const ROLE = ["--role <role>", "only devices of this role"] as const;

/** Every command, in the order of a day's work. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "init",
    args: "[dir]",
    summary: "write a new workspace that validates and runs its demo site",
    options: [["--ci <forge>", "with the file that previews pull requests: github or gitlab"]],
    examples: ["sitewright init acme-net", "sitewright init --ci github"],
    workspace: false,
    load: () => import("./commands/init.ts"),
  },
  {
    name: "demo",
    args: "",
    summary: "the main job on practice devices: validate, plan, push, hand edit, drift, revert",
    options: [
      ["--real", "real daemons in network namespaces (Linux, root) instead of emulators"],
      ["--keep", "leave the practice devices running"],
    ],
    examples: ["sitewright demo", "sitewright demo --real"],
    workspace: false,
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "validate",
    args: "[selectors...]",
    summary: "shape, links, IP plan and checks; reads no device",
    options: [ROLE],
    examples: ["sitewright validate", "sitewright validate lanhai/hq --json"],
    workspace: true,
    load: () => import("./commands/validate.ts"),
  },
  {
    name: "render",
    args: "[selectors...]",
    summary: "print the intended configurations",
    options: [ROLE, ["--out <dir>", "write one file a device instead of printing"]],
    examples: ["sitewright render lanhai/hq/sw-1f"],
    workspace: true,
    load: () => import("./commands/render.ts"),
  },
  {
    name: "plan",
    args: "[selectors...]",
    summary: "what would change on each device, with commands, risk and digest",
    options: [
      ROLE,
      ["--offline", "against the last archive; reads no device"],
      ["--out <file>", "keep the plan, for approve and apply --plan"],
      ["--exit-code", "exit 2 when there are changes"],
      ["--reveal-unchanged", "list devices without changes too"],
    ],
    examples: ["sitewright plan lanhai/hq", "sitewright plan --offline --json"],
    workspace: true,
    load: () => import("./commands/plan.ts"),
  },
  {
    name: "preview",
    args: "",
    summary:
      "for pull requests: what a branch changes, offline; reads no device, no secret, no code of the branch",
    options: [
      ["--base <ref>", "the trusted revision to compare with, origin/main"],
      ["--head <ref>", "the revision to look at", "HEAD"],
      ["--format <format>", "text, md (the comment), json or sarif", "text"],
      ["--out <dir>", "write comment.md, preview.json and findings.sarif there"],
      ["--exit-code", "exit 2 when there are changes"],
      ["--no-cache", "compute everything anew"],
    ],
    examples: [
      "sitewright preview --base origin/main",
      "sitewright preview --base HEAD --head FETCH_HEAD --out preview",
    ],
    workspace: true,
    load: () => import("./commands/preview.ts"),
  },
  {
    name: "apply",
    args: "[selectors...]",
    summary: "plan, gate, push through Pulumi, prove",
    options: [
      ROLE,
      ["--all", "every site of the workspace"],
      ["--plan <file>", "push exactly this plan or refuse"],
      ["--message <text>", "why, for the journal"],
    ],
    examples: ["sitewright apply lanhai/hq", "sitewright apply --plan change-113.json"],
    workspace: true,
    load: () => import("./commands/apply.ts"),
  },
  {
    name: "approve",
    args: "",
    summary: "say yes to exactly one plan; the gate binds it to the plan's digest",
    options: [
      ["--plan <file>", "the plan that `plan --out` kept"],
      ["--ticket <ticket>", "change number"],
      ["--hours <hours>", "how long it holds", "72"],
      ["--outside-window <reason>", "allow a push outside the change windows, and why"],
    ],
    examples: ["sitewright approve --plan change-113.json --ticket CHG-2026-0113"],
    workspace: true,
    load: () => import("./commands/approve.ts"),
  },
  {
    name: "release",
    args: "<selectors...>",
    summary: "let go of sites: Pulumi and the receipts forget them, no device is touched",
    options: [],
    examples: ["sitewright release lanhai/suzhou"],
    workspace: true,
    load: () => import("./commands/release.ts"),
  },
  {
    name: "resume",
    args: "[selectors...]",
    summary: "finish or undo what a killed run left",
    options: [ROLE],
    examples: ["sitewright resume"],
    workspace: true,
    load: () => import("./commands/resume.ts"),
  },
  {
    name: "unlock",
    args: "<selectors...>",
    summary: "release a stale lock, saying whose it was",
    options: [],
    examples: ["sitewright unlock lanhai/hq/sw-1f"],
    workspace: true,
    load: () => import("./commands/unlock.ts"),
  },
  {
    name: "drift",
    args: "[selectors...]",
    summary: "intended, last applied and running compared: what changed behind our back",
    options: [ROLE],
    examples: ["sitewright drift lanhai", "sitewright drift --json"],
    workspace: true,
    load: () => import("./commands/drift.ts"),
  },
  {
    name: "revert",
    args: "<selectors...>",
    summary: "push the last applied state back over a drift",
    options: [["--dry-run", "show the commands only"]],
    examples: ["sitewright revert lanhai/hq/sw-1f"],
    workspace: true,
    load: () => import("./commands/revert.ts"),
  },
  {
    name: "compliance",
    args: "[selectors...]",
    summary: "what a standard asks for, control by control: met, not met, not evaluated, waived",
    options: [
      [
        "--pack <pack>",
        "baseline, mlps-2, mlps-3, cis, disa-stig, pci-dss, iso-27001, nist-csf, …",
        "baseline",
      ],
      ["--format <format>", "text, md or csv", "text"],
    ],
    examples: ["sitewright compliance lanhai --pack mlps-3", "sitewright compliance --format csv"],
    workspace: true,
    load: () => import("./commands/compliance.ts"),
  },
  {
    name: "allocate",
    args: "[selectors...]",
    summary: "give out what pools owe, into their lock files",
    options: [],
    examples: ["sitewright allocate lanhai"],
    workspace: true,
    load: () => import("./commands/allocate.ts"),
  },
  {
    name: "explain",
    args: "<what> [path]",
    summary: "what a finding means, or where a value of a site comes from",
    options: [],
    examples: ["sitewright explain IPP-003", "sitewright explain lanhai/hq networks.office.gateway"],
    workspace: true,
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "archive",
    args: "<action> [selectors...]",
    actions: ["list", "show", "diff", "restore"],
    summary: "configurations as they were read: list, show, diff, restore; reads no device",
    options: [
      ["--at <version>", "show, restore: the beginning of a digest, or a time (default: the newest)"],
      ["--from <version>", "diff: the older one (default: the last that differs)"],
      ["--to <version>", "diff: the newer one (default: the newest)"],
      ["--last", "list: only the newest of each device"],
      ["--exit-code", "diff: exit 2 when there is a difference"],
      ["--identity <file>", "restore: the age identity that may decrypt"],
      ["--out <file>", "restore: where to write the full text; never overwrites"],
    ],
    examples: [
      "sitewright archive list lanhai/hq",
      "sitewright archive diff lanhai/hq/fw-1 --from 2026-03-01",
      "sitewright archive restore lanhai/hq/fw-1 --identity key.txt --out fw-1.txt",
    ],
    workspace: true,
    load: () => import("./commands/archive.ts"),
  },
  {
    name: "query",
    args: "<table> [words...]",
    actions: ["devices", "ports", "free-ports", "networks", "addresses", "free-addresses", "rules"],
    summary: "devices, ports, free-ports, networks, addresses, free-addresses, rules, by simple filters",
    options: [["--format <format>", "table, csv or json", "table"]],
    examples: [
      "sitewright query free-ports lanhai/hq",
      "sitewright query ports lanhai vlan=20 mode=access",
      "sitewright query addresses 'name~erp' --format csv",
    ],
    workspace: true,
    load: () => import("./commands/query.ts"),
  },
  {
    name: "diff",
    args: "[running] [intended]",
    summary: "two configuration files to ordered, proved commands; offline",
    options: [
      ["--platform <platform>", "iosxe, vrp, …"],
      ["--management <address>", "where the device is managed from, so that access is proved too"],
      ["--explain", "the reason of each command"],
      ["--exit-code", "exit 2 when there are changes"],
      ["--batch [file]", "JSON lines in, JSON lines out; - or nothing is stdin"],
    ],
    examples: ["sitewright diff --platform iosxe running.cfg intended.cfg"],
    workspace: false,
    load: () => import("./commands/diff.ts"),
  },
  {
    name: "filter",
    args: "<action> [files...]",
    actions: ["check", "test", "compare"],
    summary: "check, test or compare the packet filters of configuration files, exactly; offline",
    options: [
      ["--platform <platform>", "iosxe, vrp, nftables, …"],
      ["--filter <name>", "list name or number, FROMZONE->TOZONE, or chain"],
      ["--batch [file]", "test: JSON lines in, JSON lines out; - or nothing is stdin"],
    ],
    examples: [
      "sitewright filter check --platform iosxe running.cfg",
      'sitewright filter test --platform iosxe running.cfg --filter 101 "tcp 10.1.90.10 -> 10.1.20.5:445"',
      "sitewright filter compare --platform nftables old.nft new.nft --filter forward",
    ],
    workspace: false,
    load: () => import("./commands/filter.ts"),
  },
  {
    name: "parse",
    args: "<file>",
    summary: "the tree of a configuration; names each line that is not understood",
    options: [["--platform <platform>", "iosxe, vrp, …"]],
    examples: ["sitewright parse --platform vrp running.cfg"],
    workspace: false,
    load: () => import("./commands/parse.ts"),
  },
  {
    name: "lab",
    args: "<action> [selectors...]",
    actions: ["up", "down", "status"],
    summary: "practice devices: up, down, status",
    options: [["--real", "real daemons in network namespaces (Linux, root)"]],
    examples: [
      "sitewright lab up",
      "sitewright lab up northgate",
      "sitewright lab status",
      "sitewright lab down",
    ],
    workspace: true,
    load: () => import("./commands/lab.ts"),
  },
  {
    name: "completion",
    args: "<shell> [words...]",
    actions: ["bash", "zsh", "fish"],
    summary: "print the script that completes words in bash, zsh or fish",
    options: [],
    examples: ['eval "$(sitewright completion bash)"'],
    workspace: false,
    load: () => import("./commands/completion.ts"),
  },
  {
    name: "doctor",
    args: "",
    summary: "what is here, what is missing on this machine, and what to type",
    options: [["--install", "get what is missing"]],
    examples: ["sitewright doctor"],
    workspace: false,
    load: () => import("./commands/doctor.ts"),
  },
];
