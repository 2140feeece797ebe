#!/usr/bin/env node
// Plain old JavaScript on purpose: an outdated Node must still be able to read this file and say what to type.
var parts = process.versions.node.split(".");
if (Number(parts[0]) < 22 || (Number(parts[0]) === 22 && Number(parts[1]) < 12)) {
  process.stderr.write(
    "sitewright needs Node 22.12 or newer (this is " + process.versions.node + "): npm install --global node@24\n",
  );
  process.exit(4);
}
// Node 22.12 has SQLite behind a switch, and what remembers incidents needs it: start once more with the switch on.
var remembers = process.argv.slice(2).some(function (word) {
  return word === "drift" || word === "incidents";
});
var switches = process.execArgv.join(" ") + " " + (process.env.NODE_OPTIONS || "");
var hidden = parts[0] === "22" && parts[1] === "12" && switches.indexOf("--experimental-sqlite") < 0;
if (remembers && hidden) startWithSqlite();
else start();

function startWithSqlite() {
  import("node:child_process").then(function (processes) {
    var args = ["--experimental-sqlite"].concat(process.execArgv, process.argv.slice(1));
    var child = processes.spawn(process.execPath, args, { stdio: "inherit" });
    // A terminal interrupts both; whoever ends this process alone means the other.
    process.on("SIGINT", function () {});
    process.on("SIGTERM", function () {
      child.kill("SIGTERM");
    });
    child.on("exit", function (code) {
      process.exit(code === null ? 130 : code);
    });
  });
}

function start() {
  import("node:module").then(function (module) {
    // The second start of a version reads compiled code instead of stripping and compiling anew.
    module.enableCompileCache();
    return import("node:fs");
  }).then(function (fs) {
    // The published package holds dist/ only; a clone runs its TypeScript as it stands.
    var compiled = new URL("../dist/cli/main.js", import.meta.url);
    var source = new URL("../src/cli/main.ts", import.meta.url);
    return import(fs.existsSync(source) ? source.href : compiled.href).then(function (main) {
      return main.main(process.argv.slice(2));
    });
  });
}
