/** The walls of the house (docs/architecture.md). Each rule's comment says what to do instead. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: `^src/${from}/` },
  to: { path: "^src/", pathNot: [`^src/${from}/`, ...allowed.map((room) => `^src/${room}`)] },
});

/** A package is imported in one file only, so that an upgrade touches one file. */
const gatekeeper = (pkg, keeper) => ({
  name: `one-gatekeeper-for-${pkg.replace(/[^a-z0-9]+/g, "-")}`,
  severity: "error",
  comment: `Only ${keeper} imports ${pkg}: call what it exports, or add to it.`,
  from: { path: "^src/", pathNot: `^src/(${keeper})` },
  to: { path: `^node_modules/${pkg}/` },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment: "Move what both need into a file below them.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only("model-touches-nothing", "model", [], "The model is words only: move code that needs more to the room that uses it."),
    only("inventory-knows-the-model", "inventory", ["model/", "package-files"], "YAML to Site: pass what else is needed in as a value."),
    only("planner-is-pure", "planner", ["model/"], "The planner gets drivers and dialects handed in as values."),
    only("drivers-look-down", "drivers", ["model/", "package-files", "planner/config/", "planner/flows/", "planner/filters/"], "A driver knows the model, the config engine and the packet-filter algebra, nothing else."),
    only("lab-shares-nothing", "lab", ["model/", "package-files"], "An emulator must not share a driver's table, or it would share its errors."),
    only("deploy-looks-down", "deploy", ["model/", "package-files", "inventory/", "planner/", "drivers/"], "Pulumi and the push sequence are called by drift and cli, never the other way."),
    only("drift-looks-down", "drift", ["model/", "inventory/", "planner/", "drivers/", "deploy/"], "Drift is called by cli."),
    only("report-reads-no-device", "report", ["model/", "planner/"], "Reports take plans and findings as values."),
    {
      name: "drivers-are-strangers",
      severity: "error",
      comment: "A driver never knows another driver: move what they share to src/drivers/ or src/drivers/transport/.",
      from: { path: "^src/drivers/([^/]+)/" },
      to: { path: "^src/drivers/([^/]+)/", pathNot: ["^src/drivers/$1/", "^src/drivers/transport/", "^src/drivers/linux-common/", "^src/drivers/render/"] },
    },
    {
      name: "pure-core-has-no-io",
      severity: "error",
      comment: "The core is pure (hashing is allowed): read at the edge (inventory/read, deploy, cli) and hand values in.",
      from: { path: "^src/(model|planner)/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    gatekeeper("ssh2", "drivers/transport/ssh|lab/|deploy/agent"),
    gatekeeper("yaml", "inventory/"),
    gatekeeper("ajv", "inventory/"),
    gatekeeper("netmask", "model/address"),
    gatekeeper("ip-address", "model/address"),
    gatekeeper("handlebars", "drivers/template-library"),
    gatekeeper("age-encryption", "deploy/"),
    gatekeeper("@pulumi/pulumi", "deploy/"),
    gatekeeper("@pulumi/command", "deploy/"),
    gatekeeper("pg", "drift/store/postgres"),
    gatekeeper("nodemailer", "drift/alerts/send-mail"),
    gatekeeper("elkjs", "report/topology/elk"),
    gatekeeper("commander", "cli/"),
    gatekeeper("csv-stringify", "report/csv"),
    gatekeeper("junit-report-builder", "report/junit"),
    gatekeeper("picocolors", "cli/print"),
    {
      name: "zx-in-scripts-only",
      severity: "error",
      comment: "The product runs no shell scripts: zx is for scripts/.",
      from: { path: "^src/" },
      to: { path: "^node_modules/zx/" },
    },
    {
      name: "no-dev-dependency-in-the-product",
      severity: "error",
      comment: "What the product imports belongs into dependencies.",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
  },
};
