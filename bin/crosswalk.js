#!/usr/bin/env node
// Plain old JavaScript on purpose: it must run, and say what is wrong, on any Node there ever was.
// The folder's package.json makes it CommonJS. What needs a new Node is in load.js, which is read only on one.
// biome-ignore-all lint: old Nodes know neither const, nor arrow functions, nor template literals.
"use strict";

var fs = require("fs");
var path = require("path");

// The same versions as "engines" in package.json; a test compares them.
function isNewEnough(version) {
  var parts = version.replace(/^v/, "").split(".");
  var major = Number(parts[0]);
  var minor = Number(parts[1]);
  var patch = parseInt(parts[2], 10);
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 2);
  if (major === 24) return minor >= 15;
  return major >= 26;
}

function fail(message) {
  process.stderr.write("crosswalk: " + message + "\n");
  process.exit(2);
}

// The runtime that npm installed beside Crosswalk, when it is there, runs on this machine, and is new enough.
function ownNode() {
  var places = [
    path.join(__dirname, "..", "node_modules", ".bin", "node"),
    path.join(__dirname, "..", "node_modules", "node", "bin", "node"),
    path.join(__dirname, "..", "node_modules", "node", "bin", "node.exe"),
  ];
  for (var i = 0; i < places.length; i++) {
    try {
      if (!fs.existsSync(places[i])) continue;
      var asked = require("child_process").spawnSync(places[i], ["--version"], { encoding: "utf8" });
      if (asked.status === 0 && isNewEnough(String(asked.stdout).trim())) return places[i];
    } catch (error) {
      // It does not run here: the next one may.
    }
  }
  return undefined;
}

function runWith(node) {
  var args = [__filename].concat(process.argv.slice(2));
  var child = require("child_process").spawn(node, args, { stdio: "inherit" });
  // The terminal sends an interrupt to both; the child decides what to do, and we tell what became of it.
  process.on("SIGINT", function () {});
  process.on("SIGTERM", function () {
    child.kill("SIGTERM");
  });
  child.on("error", function () {
    fail("the Node.js installed beside it (" + node + ") could not be started.");
  });
  child.on("exit", function (code, signal) {
    process.exit(code === null ? (signal === "SIGINT" ? 130 : 143) : code);
  });
}

function main() {
  if (!isNewEnough(process.version)) {
    var node = ownNode();
    if (node) return runWith(node);
    // No call over several lines here: the formatter would end it with a comma that old Nodes refuse.
    var wanted = "22.22.2 or later in the 22 line, 24.15 or later in the 24 line, or 26 and later";
    var how = "get one from https://nodejs.org/en/download, or with `npm install --save-dev node@24` beside crosswalk.";
    return fail("it needs Node.js " + wanted + ", and this is " + process.version + "; " + how);
  }
  var entry = path.join(__dirname, "..", "dist", "cli.cjs");
  if (!fs.existsSync(entry))
    return fail("dist/cli.cjs is missing; run `npm ci && npm run build` in the folder of crosswalk.");
  require("./load.js")(entry);
}

main();
