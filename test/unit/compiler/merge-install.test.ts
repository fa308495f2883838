import { expect, it } from "vitest";
import { installMergeDriver } from "../../../src/compiler/merge/install.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";

const yaml = "models:\n  - {model: alpha, notebooks: [a.py]}\n  - {model: beta, notebooks: [b.py], out: gen}\n";
const files = { "/repo/team/crosswalk.yaml": yaml, "/repo/team/a.py": "", "/repo/team/b.py": "" };

function install(more: Readonly<Record<string, string>>) {
  const host = memoryHost({ ...files, ...more }, {}, "/repo/team");
  const { value } = loadWorkspace(host, "/repo/team");
  return { host, done: () => (value ? installMergeDriver(host, value) : "no workspace") };
}

it("names the driver once, beside what is there", () => {
  const { host, done } = install({
    "/repo/.git/config": "[core]\n\tbare = false",
    "/repo/team/.gitattributes": "*.csv text",
  });
  expect(done()).toBe("installed");
  const attributes = host.text("/repo/team/.gitattributes");
  expect(attributes?.split("\n")).toEqual([
    "*.csv text",
    "/crosswalk.lock merge=crosswalk",
    "/gen/** merge=crosswalk",
    "/production/** merge=crosswalk",
    "",
  ]);
  expect(host.text("/repo/.git/config")).toMatch(
    /^\[core\]\n\tbare = false\n\[merge "crosswalk"\]\n\tname = .+\n\tdriver = crosswalk merge-driver %O %A %B %P \|\| git merge-file .+ %A %O %B\n$/,
  );
  expect(done()).toBe("there");
  expect(host.text("/repo/team/.gitattributes")).toBe(attributes);
});

it("a worktree uses the configuration of its repository", () => {
  const { host, done } = install({
    "/repo/.git": "gitdir: /main/.git/worktrees/w\n",
    "/main/.git/worktrees/w/commondir": "../..\n",
    "/main/.git/config": "",
  });
  expect(done()).toBe("installed");
  expect(host.text("/main/.git/config")).toContain('[merge "crosswalk"]');
});

it("outside of a repository nothing is written", () => {
  const { host, done } = install({});
  expect(done()).toBe("none");
  expect(host.text("/repo/team/.gitattributes")).toBeUndefined();
});

it.each([
  ["on the path", "/usr/bin:/opt/bin", ["/opt/node", "/opt/cw/crosswalk.js"], "crosswalk merge-driver %O"],
  ["an alias", "/usr/bin", ["/opt/node", "/opt/cw/crosswalk.js"], "'/opt/node' '/opt/cw/crosswalk.js' merge-driver %O"],
  [
    "in a folder of odd name",
    "",
    ["/o t/node", "/100%/it's.js"],
    "\"'/o t/node' '/100%%/it'\\\\''s.js' merge-driver %O",
  ],
  ["on Windows", "C:\\bin;D:\\", ["C:\\node.exe", "D:\\cw.js"], "'C:/node.exe' 'D:/cw.js' merge-driver %O"],
])("git is told how crosswalk is started where it is %s", (_, path, program, start) => {
  const host = {
    ...memoryHost({ ...files, "/repo/.git/config": "", "/opt/bin/crosswalk": "" }, { PATH: path }),
    program,
  };
  const { value } = loadWorkspace(host, "/repo/team");
  expect(value && installMergeDriver(host, value)).toBe("installed");
  expect(host.text("/repo/.git/config")).toContain(`\tdriver = ${start}`);
});
