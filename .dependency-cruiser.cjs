/** Rooms of src/ in the order of ARCHITECTURE.md: a room imports itself and the rooms above it, nothing below. */
const rooms = [
  "foundation", "diagnostics", "config", "notebook", "sandbox", "python", "annotation", "dataflow", "blueprint",
  "checks", "rewrite", "targets", "verify", "engine", "compiler", "inventory", "report", "lsp", "cli",
];
const upward = rooms.map((room, i) => ({
  name: `${room}-imports-only-upwards`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${rooms.slice(i + 1).join("|") || "none"})/` },
}));
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    ...upward,
    {
      name: "targets-are-strangers",
      severity: "error",
      from: { path: "^src/targets/(?!contract/|kit/)([^/]+)/" },
      to: { path: "^src/targets/(?!contract/|kit/)[^/]+/", pathNot: "^src/targets/$1/" },
    },
    { name: "targets-are-pure", severity: "error", from: { path: "^src/targets/" }, to: { dependencyTypes: ["core"] } },
    {
      name: "targets-see-only-the-blueprint",
      severity: "error",
      from: { path: "^src/targets/" },
      to: { path: "^src/", pathNot: "^src/(targets|blueprint|diagnostics|foundation|python/(ir|knowledge))" },
    },
    { name: "engine-has-never-heard-of-a-model", severity: "error", from: { path: "^src/engine/" }, to: { path: "^src/", pathNot: "^src/(engine|foundation|diagnostics)/" } },
    { name: "grammar-is-alone", severity: "error", from: { path: "^grammar/" }, to: { pathNot: "^grammar/|chevrotain" } },
    { name: "only-annotation-parses-annotations", severity: "error", from: { path: "^src/(?!annotation/)" }, to: { path: "^grammar/" } },
    { name: "only-the-sandbox-starts-a-process", severity: "error", from: { path: "^src/(?!sandbox/)" }, to: { path: "^(node:)?child_process$" } },
    { name: "sandbox-is-for-verify-rewrite-cli", severity: "error", from: { path: "^src/(?!sandbox/|verify/|rewrite/|cli/)" }, to: { path: "^src/sandbox/" } },
    { name: "only-the-host-touches-files", severity: "error", from: { path: "^src/(?!foundation/host|sandbox/|cli/)" }, to: { path: "^(node:)?fs$" } },
    { name: "only-the-host-opens-connections", severity: "error", from: { path: "^src/(?!foundation/host)" }, to: { path: "^(node:)?(https?|http2|net|tls|dgram)$" } },
    { name: "no-dev-dependencies-in-src", severity: "error", from: { path: "^src/" }, to: { dependencyTypes: ["npm-dev"] } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".mjs", ".cjs", ".json"] },
  },
};
