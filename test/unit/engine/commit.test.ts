import { expect, it } from "vitest";
import { checkProduct } from "../../../src/engine/check.ts";
import { applyPlan, commitProduct, removeProduct } from "../../../src/engine/commit.ts";
import { parseManifest } from "../../../src/engine/manifest.ts";
import { planCommit } from "../../../src/engine/plan.ts";
import { sha256 } from "../../../src/foundation/hash.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";
import { build, caseless, codes, folder, request, root, tree } from "./kit.ts";

const one = { "README.md": "# credit\n", "src/a.py": "a = 1\n", "src/b.py": "b = 1\n" };
const two = { "README.md": "# credit\n", "src/a.py": "a = 2\n", "src/c.py": "c = 1\n" };
const at = (path: string): string => `${folder}/${path}`;

it("writes a product, and the second time nothing", () => {
  const host = memoryHost();
  const first = build(host, one);
  expect([first.outcome, codes(first)]).toEqual(["written", []]);
  expect(Object.keys(tree(host))).toEqual([
    at("README.md"),
    at("crosswalk.manifest.json"),
    at("src/a.py"),
    at("src/b.py"),
  ]);
  host.touched.length = 0;
  const files = new Map(host.files);
  expect(build(host, one).outcome).toBe("unchanged");
  expect(host.touched).toEqual([]);
  expect(host.files).toEqual(files);
});

it("touches only what differs, and leaves nothing but the product, its manifest and an ignored state folder", () => {
  const host = memoryHost();
  build(host, one);
  host.touched.length = 0;
  build(host, two);
  const places = new Set(host.touched.filter((path) => !/\.crosswalk|cw-tmp/.test(path)));
  expect([...places].sort()).toEqual(
    ["crosswalk.manifest.json", "src/a.py", "src/b.py", "src/c.py"].map((p) => `/repo/${at(p)}`),
  );
  expect([...host.files.keys()].filter((path) => /\.crosswalk|cw-tmp/.test(path))).toEqual([
    "/repo/.crosswalk/.gitignore",
  ]);
});

it("writes a manifest that names every file with digest, origin and state, and no machine or time", () => {
  const host = memoryHost();
  commitProduct(host, request(one, { owner: "credit" }));
  const text = host.text(at("crosswalk.manifest.json")) ?? "";
  expect(JSON.parse(text)).toEqual({
    manifest: 1,
    tool: "crosswalk 0.1.0",
    owner: "credit",
    files: Object.fromEntries(
      Object.entries(one).map(([path, content]) => [
        path,
        { state: "generated", sha256: sha256(content), origin: [{ notebook: "train.ipynb", cells: ["c1"] }] },
      ]),
    ),
  });
  expect(text).not.toContain("/repo");
  expect(text.indexOf('"README.md"')).toBeLessThan(text.indexOf('"src/a.py"'));
});

it("gives the same bytes whatever the order of the files", () => {
  const [a, b] = [memoryHost(), memoryHost()];
  commitProduct(a, request(one));
  const turned = request(one);
  commitProduct(b, { ...turned, files: [...turned.files].reverse() });
  expect(tree(a)).toEqual(tree(b));
});

it.each([
  ["a file edited by hand", { [at("src/a.py")]: "a = 9\n" }, "CW6001", at("src/a.py")],
  ["a file in the place of a new one", { [at("src/c.py")]: "mine\n" }, "CW6002", at("src/c.py")],
])("writes nothing of the product over %s", (_, edits, code, path) => {
  const host = memoryHost();
  build(host, one);
  for (const [file, content] of Object.entries(edits)) host.writeAtomic(file, content);
  host.touched.length = 0;
  const result = build(host, two);
  expect([result.outcome, codes(result), result.plan.drift]).toEqual(["drift", [code], [path]]);
  for (const option of ["--adopt", "--overwrite", "--eject"])
    expect(result.diagnostics[0]?.fix).toContain(`${option} ${path}`);
  expect(host.touched).toEqual([]);
});

it("names the first line that differs", () => {
  const host = memoryHost();
  build(host, { "a.py": "1\n2\n3\n" });
  host.writeAtomic(at("a.py"), "1\r\n2\r\n4\r\n");
  expect(build(host, { "a.py": "1\n2\n3\n" }).diagnostics[0]?.place).toMatchObject({ file: at("a.py"), line: 3 });
});

it("sees an edit also where the new output is the same, and accepts one that equals the new output", () => {
  const host = memoryHost();
  build(host, one);
  host.writeAtomic(at("src/a.py"), "a = 2\n");
  expect(build(host, one).outcome).toBe("drift");
  expect(build(host, two).outcome).toBe("written");
});

it("writes a missing file anew", () => {
  const host = memoryHost();
  build(host, one);
  const whole = tree(host);
  host.remove(at("src/a.py"));
  expect(build(host, one).outcome).toBe("written");
  expect(tree(host)).toEqual(whole);
});

it("counts line ends of a checkout as equal, in files and in the manifest", () => {
  const host = memoryHost();
  build(host, one);
  for (const [path, text] of Object.entries(tree(host))) host.writeAtomic(path, text.replaceAll("\n", "\r\n"));
  host.touched.length = 0;
  expect(build(host, one).outcome).toBe("unchanged");
  expect(host.touched).toEqual([]);
  expect(build(host, two).outcome).toBe("written");
  expect(host.text(at("src/a.py"))).toBe("a = 2\n");
  expect(host.text(at("src/b.py"))).toBeUndefined();
});

it("takes bytes for bytes: in what is not text a line end is an edit", () => {
  for (const last of [255, 65]) {
    const host = memoryHost();
    const files = { "state.bin": new Uint8Array([0, 10, last]) };
    commitProduct(host, request(files));
    host.writeAtomic(at("state.bin"), new Uint8Array([0, 13, 10, last]));
    expect(commitProduct(host, request(files)).outcome).toBe("drift");
  }
});

it("adopts an edit: keeps it, says so, and says when the output has moved on", () => {
  const host = memoryHost();
  build(host, one);
  host.writeAtomic(at("src/a.py"), "a = 9\n");
  expect(build(host, one, { adopt: [at("src/a.py")] })).toMatchObject({ outcome: "written" });
  host.touched.length = 0;
  const again = build(host, one);
  expect([again.outcome, codes(again), host.touched]).toEqual(["unchanged", ["CW6006"], []]);
  const moved = build(host, two);
  expect([moved.outcome, codes(moved)]).toEqual(["written", ["CW6007"]]);
  expect(host.text(at("src/a.py"))).toBe("a = 9\n");
  expect(codes(build(host, two))).toEqual(["CW6007"]);
  expect(codes(build(host, two, { adopt: [at("src/a.py")] }))).toEqual(["CW6006"]);
  expect(codes(build(host, two))).toEqual(["CW6006"]);
  host.writeAtomic(at("src/a.py"), "a = 10\n");
  expect(codes(build(host, two))).toEqual(["CW6001"]);
  host.writeAtomic(at("src/a.py"), "a = 2\n");
  expect(codes(build(host, two))).toEqual([]);
  const clean = memoryHost();
  build(clean, two);
  expect(tree(host)).toEqual(tree(clean));
});

it("overwrites when told, and keeps a copy", () => {
  const host = memoryHost();
  build(host, one);
  host.writeAtomic(at("src/a.py"), "a = 9\n");
  const result = build(host, two, { overwrite: [at("src/a.py")] });
  const trash = `.crosswalk/trash/${sha256("a = 9\n")}-a.py`;
  expect([result.outcome, codes(result)]).toEqual(["written", ["CW6027"]]);
  expect(result.diagnostics[0]?.message).toContain(trash);
  expect([host.text(trash), host.text(at("src/a.py"))]).toEqual(["a = 9\n", "a = 2\n"]);
});

it("ejects a file for good, until it is named again", () => {
  const host = memoryHost();
  build(host, one);
  host.writeAtomic(at("src/a.py"), "a = 9\n");
  expect(build(host, one, { eject: [at("src/a.py")] }).outcome).toBe("written");
  expect(codes(build(host, two))).toEqual([]);
  expect(host.text(at("src/a.py"))).toBe("a = 9\n");
  host.remove(at("src/a.py"));
  build(host, two, { overwrite: [folder] });
  expect(host.text(at("src/a.py"))).toBeUndefined();
  build(host, { "README.md": "# credit\n" });
  expect(build(host, two).outcome).toBe("written");
  expect(host.text(at("src/a.py"))).toBeUndefined();
  build(host, two, { overwrite: [at("src/a.py")] });
  const clean = memoryHost();
  build(clean, two);
  expect(tree(host)).toEqual(tree(clean));
});

it("decides about a whole folder, and about a file in it otherwise", () => {
  const host = memoryHost();
  build(host, one);
  host.writeAtomic(at("src/a.py"), "a = 9\n");
  host.writeAtomic(at("README.md"), "mine\n");
  build(host, one, { overwrite: [folder], adopt: [at("src/a.py")] });
  expect([host.text(at("src/a.py")), host.text(at("README.md"))]).toEqual(["a = 9\n", "# credit\n"]);
});

it("writes nothing while one of two edits is undecided", () => {
  const host = memoryHost();
  build(host, one);
  host.writeAtomic(at("src/a.py"), "a = 9\n");
  host.writeAtomic(at("README.md"), "mine\n");
  host.touched.length = 0;
  expect(codes(build(host, one, { overwrite: [at("src/a.py")] }))).toEqual(["CW6001"]);
  expect(host.touched).toEqual([]);
});

it("refuses to adopt what is not there", () => {
  const host = memoryHost();
  expect(codes(build(host, one, { adopt: [at("src/a.py")] }))).toEqual(["CW6012"]);
  expect(tree(host)).toEqual({});
});

it("removes an old file only while it is as we wrote it", () => {
  const host = memoryHost();
  build(host, { ...one, "docs/x.md": "x\n", "docs/y.md": "y\n" });
  host.writeAtomic(at("docs/y.md"), "mine\n");
  const result = build(host, one);
  expect([result.outcome, codes(result)]).toEqual(["written", ["CW6003"]]);
  expect([host.text(at("docs/x.md")), host.text(at("docs/y.md"))]).toEqual([undefined, "mine\n"]);
  expect(codes(build(host, one))).toEqual(["CW6003"]);
  build(host, one, { overwrite: [at("docs/y.md")] });
  const clean = memoryHost();
  build(clean, one);
  expect(tree(host)).toEqual(tree(clean));
  expect([...host.files.keys()].filter((path) => path.includes("/trash/"))).toHaveLength(1);
});

it("leaves only its own difference when a model is renamed or given up", () => {
  const host = memoryHost({ "notebooks/train.ipynb": "{}", [at("notes.txt")]: "mine" });
  build(host, one);
  host.writeAtomic(at("src/b.py"), "mine\n");
  build(host, one, { adopt: [at("src/b.py")] });
  commitProduct(host, request(one, { folder: "production/risk" }));
  const result = removeProduct(host, { root, folder, tool: "crosswalk 0.1.0" });
  expect([result.outcome, codes(result)]).toEqual(["written", ["CW6003"]]);
  expect(Object.keys(tree(host))).toEqual([
    "notebooks/train.ipynb",
    at("notes.txt"),
    at("src/b.py"),
    "production/risk/README.md",
    "production/risk/crosswalk.manifest.json",
    "production/risk/src/a.py",
    "production/risk/src/b.py",
  ]);
  expect(removeProduct(host, { root, folder, tool: "crosswalk 0.1.0" }).outcome).toBe("unchanged");
});

it("changes one line when the tool is upgraded", () => {
  const host = memoryHost();
  build(host, one);
  const before = tree(host);
  const upgraded = { ...request(one), tool: "crosswalk 0.2.0" };
  expect(codes(checkProduct(host, upgraded))).toEqual(["CW6024"]);
  expect(checkProduct(host, upgraded).outcome).toBe("fresh");
  commitProduct(host, upgraded);
  const manifest = at("crosswalk.manifest.json");
  expect(tree(host)).toEqual({ ...before, [manifest]: before[manifest]?.replace("0.1.0", "0.2.0") });
});

it.each([
  ["garbage", () => "not a manifest"],
  ["an empty file", () => ""],
  ["another JSON", () => '{"files": []}'],
  ["version 0", (text: string) => text.replace('"manifest": 1', '"manifest": 0')],
])("heals a manifest that is %s: equal files are accepted, others are drift", (_, spoil) => {
  const host = memoryHost();
  build(host, one);
  const whole = tree(host);
  const path = at("crosswalk.manifest.json");
  host.writeAtomic(path, spoil(host.text(path) ?? ""));
  const drifted = build(host, two);
  expect([drifted.outcome, codes(drifted)]).toEqual(["drift", ["CW6004", "CW6002"]]);
  const healed = build(host, one);
  expect([healed.outcome, codes(healed)]).toEqual(["written", ["CW6004"]]);
  expect(tree(host)).toEqual(whole);
});

it("heals a manifest with conflict markers: what either side wrote is ours, a decision of either side holds", () => {
  const host = memoryHost();
  const path = at("crosswalk.manifest.json");
  build(host, { "a.py": "ours\n", "b.py": "b\n", "c.py": "c\n" });
  host.writeAtomic(at("b.py"), "mine\n");
  build(host, { "a.py": "ours\n", "b.py": "b\n", "c.py": "c\n" }, { adopt: [at("b.py")] });
  const ours = host.text(path);
  const other = memoryHost();
  build(other, { "a.py": "theirs\n", "b.py": "b\n", "c.py": "c\n" });
  const theirs = other.text(path);
  host.writeAtomic(path, `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> branch\n`);
  host.writeAtomic(at("a.py"), "theirs\n");
  const result = build(host, { "a.py": "merged\n", "b.py": "b\n", "c.py": "c\n" });
  expect([result.outcome, codes(result)]).toEqual(["written", ["CW6004", "CW6006"]]);
  expect([host.text(at("a.py")), host.text(at("b.py"))]).toEqual(["merged\n", "mine\n"]);
});

it("refuses a manifest of a newer version", () => {
  const host = memoryHost({ [at("crosswalk.manifest.json")]: '{"manifest": 2, "files": {}}' });
  expect(codes(build(host, one))).toEqual(["CW6005"]);
  expect(Object.keys(tree(host))).toHaveLength(1);
});

it("believes no manifest that names a file outside the product", () => {
  const digest = sha256("precious\n");
  const entry = { state: "generated", sha256: digest, origin: [] };
  const files = { "../../precious.txt": entry, "/repo/precious.txt": entry, "x/../../../precious.txt": entry };
  const host = memoryHost({
    "precious.txt": "precious\n",
    [at("crosswalk.manifest.json")]: JSON.stringify({ manifest: 1, tool: "x", files }),
  });
  expect(codes(build(host, one))).toEqual(["CW6004"]);
  removeProduct(host, { root, folder, tool: "x" });
  expect(host.text("precious.txt")).toBe("precious\n");
  expect(parseManifest(JSON.stringify({ manifest: 1, files }))).toMatchObject({ kind: "ok", dropped: 3 });
});

it("plans again under the lock: what changed since the plan counts", () => {
  const host = memoryHost();
  build(host, one);
  const plan = planCommit(host, request(two));
  host.writeAtomic(at("src/a.py"), "a = 9\n");
  const result = applyPlan(host, plan);
  expect([result.outcome, codes(result)]).toEqual(["drift", ["CW6001"]]);
  expect(host.text(at("src/b.py"))).toBe("b = 1\n");
});

it("compares a product once where nothing happens in between, and again where another process has committed", () => {
  const reads = (): { readonly host: typeof host; readonly of: (path: string) => number } => {
    const all: string[] = [];
    const counting = {
      ...host,
      readBytes: (path: string) => {
        all.push(path);
        return host.readBytes(path);
      },
    };
    return { host: counting as typeof host, of: (path) => all.filter((one) => one.endsWith(path)).length };
  };
  const host = memoryHost();
  build(host, one);
  const alone = reads();
  expect(build(alone.host, two).outcome).toBe("written");
  expect(alone.of("README.md")).toBe(1);
  const plan = planCommit(host, request(one));
  build(host, { ...two, "src/d.py": "d = 1\n" });
  const late = reads();
  expect(applyPlan(late.host, plan).outcome).toBe("written");
  expect(late.of("README.md")).toBe(1);
  // What the other process added is known and goes, as if this build had begun after it.
  expect(Object.keys(tree(host))).toEqual([
    at("README.md"),
    at("crosswalk.manifest.json"),
    at("src/a.py"),
    at("src/b.py"),
  ]);
});

it.each([
  ["where case counts", memoryHost],
  ["where case does not count", () => caseless(memoryHost())],
])("renames a file by case only, %s", (_, makeHost) => {
  for (const content of ["same\n", "other\n"]) {
    const host = makeHost();
    build(host, { "A.py": "same\n" });
    const result = build(host, { "a.py": content });
    expect([result.outcome, codes(result)]).toEqual(["written", []]);
    expect(Object.keys(tree(host))).toEqual([at("a.py"), at("crosswalk.manifest.json")]);
    expect(host.text(at("a.py"))).toBe(content);
    expect(build(host, { "a.py": content }).outcome).toBe("unchanged");
  }
});

it("refuses a new file that is, but for case, one of a person's", () => {
  for (const host of [memoryHost(), caseless(memoryHost())]) {
    build(host, { "A.py": "1\n" });
    build(host, { "A.py": "1\n" }, { eject: [at("A.py")] });
    expect(codes(build(host, { "a.py": "2\n" }))).toEqual(["CW6010"]);
    expect(host.text(at("A.py"))).toBe("1\n");
  }
  const host = caseless(memoryHost());
  build(host, one);
  host.writeAtomic(at("src/Extra.py"), "mine\n");
  expect(codes(build(host, { ...one, "src/extra.py": "ours\n" }))).toEqual(["CW6002"]);
});

it("checks without writing: what is missing, stale, obsolete, edited", () => {
  const host = memoryHost();
  expect(codes(checkProduct(host, request(one)))).toEqual(["CW6020"]);
  build(host, one);
  host.touched.length = 0;
  expect(checkProduct(host, request(one))).toMatchObject({ outcome: "fresh", diagnostics: [] });
  const stale = checkProduct(host, request(two));
  expect(stale.outcome).toBe("stale");
  expect(stale.diagnostics.map(({ code, message }) => [code, message.split(" ")[0]])).toEqual([
    ["CW6021", at("src/a.py")],
    ["CW6022", at("src/b.py")],
    ["CW6020", at("src/c.py")],
  ]);
  const moved = request(one);
  const other = { ...moved, files: moved.files.map((file) => ({ ...file, origin: [] })) };
  expect(codes(checkProduct(host, other))).toEqual(["CW6023"]);
  host.writeAtomic(at("src/a.py"), "a = 9\n");
  expect(checkProduct(host, request(one))).toMatchObject({ outcome: "drift" });
  host.remove(at("crosswalk.manifest.json"));
  host.writeAtomic(at("src/a.py"), "a = 1\n");
  expect(codes(checkProduct(host, request(one)))).toEqual(["CW6023"]);
});
