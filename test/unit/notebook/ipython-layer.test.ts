import { expect, it } from "vitest";
import { codesOf, type Dialect, resolve } from "./support.ts";

const quoted = '"';

/** [what, source, Python that is left] */
const cases: readonly (readonly [string, string, string])[] = [
  ["leaves plain Python alone", "x = 1\ny = x % 2\n", "x = 1\ny = x % 2\n"],
  ["takes a common indent off", "    x = 1\n    y = 2\n  z", "x = 1\ny = 2\n  z"],
  ["takes Python prompts off", ">>> x = 1\n... y = 2", "x = 1\ny = 2"],
  ["takes IPython prompts off", "In [1]: x = 1\n   ...: y = 2", "x = 1\ny = 2"],
  ["takes prompts off that start in the second line", "x = 0\n>>> y = 1", "x = 0\ny = 1"],
  ["keeps a block valid", "if x:\n    %timeit f()\ny = 1", "if x:\n    pass\ny = 1"],
  ["keeps a block valid around a timed magic", "if x:\n    %time %who\ny = 1", "if x:\n    pass\ny = 1"],
  ["keeps the indent of a translation", "if x:\n    %env A=b", 'if x:\n    import os\n    os.environ["A"] = "b"'],
  ["does not take modulo for a magic", "z = a \\\n  %b\nw = (a\n%b\n)", "z = a \\\n  %b\nw = (a\n%b\n)"],
  ["leaves strings alone", "s = '''\n%timeit f()\n!ls\n'''", "s = '''\n%timeit f()\n!ls\n'''"],
  ["leaves conversions in f-strings alone", "s = f'{x!r:>{w}}'", "s = f'{x!r:>{w}}'"],
  ["follows nested quotes in f-strings", 's = f"{d["("]}"\n%who', 's = f"{d["("]}"\n'],
  ["knows raw strings", "s = r'\\\\'\n%who", "s = r'\\\\'\n"],
  ["finds magics behind an apostrophe in a magic", "%config a = it's (\n%who\nx = 1", "\n\nx = 1"],
  ["joins a shell command over lines", "!ls \\\n  -la\nx = 1", "\nx = 1"],
  ["keeps the statement of %time", "%time x = f(\\\n  1)", "x = f(\\\n  1)"],
  ["leaves a %time that IPython cannot read", "%time x = f(\n1)", "%time x = f(\n1)"],
  ["knows help", "obj?\n?obj\nobj??\nx.y[0].z?\n%time?\n", "\n\n\n\n\n"],
  ["does not take a comment for help", "x = 1 # why?", "x = 1 # why?"],
  ["keeps a trailing semicolon", "plt.plot(x);", "plt.plot(x);"],
  ["drops a line of nothing but a semicolon", "plt.plot(x)\n;", "plt.plot(x)\n"],
  ["drops such a line in a block", "if x:\n    f(x)\n    ; \ny = 1", "if x:\n    f(x)\n    pass\ny = 1"],
  ["resolves a cell magic inside another", "%%capture\n%%time\nx = 1", "\n\nx = 1"],
  ["resolves magics below a cell magic", "%%time\nx = 1\n%who\n", "\nx = 1\n\n"],
  ["dedents below a cell magic", "%%time\n  x = 1\n  y = 2", "\nx = 1\ny = 2"],
  ["knows a cell magic below blank lines", "\n\n%%time\nx = 1", "\n\n\nx = 1"],
  ["knows a shell cell", "%%!\nls", ""],
  ["reads nbconvert's line magics", "get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1", "\nx = 1"],
  ["reads nbconvert's old magics", "get_ipython().magic(u'time x = 1')", "x = 1"],
  ["reads nbconvert's shell lines", "get_ipython().system('ls')", ""],
  [
    "reads nbconvert's cell magics",
    "get_ipython().run_cell_magic('time', '', 'x = 1\\n%who\\ny = 2\\n')",
    "x = 1\n\ny = 2",
  ],
  ["knows a name for get_ipython()", "ip = get_ipython()\nip.run_line_magic('who', '')", "ip = get_ipython()\n"],
  ["leaves other methods of that name alone", "model.run_line_magic('who', '')", "model.run_line_magic('who', '')"],
  [
    "leaves a test for IPython alone",
    "if 'colab' in str(get_ipython()):\n    x = 1",
    "if 'colab' in str(get_ipython()):\n    x = 1",
  ],
  ["survives a form feed", "\f%who\nx = 1", "\f\nx = 1"],
  ["knows magics with blanks behind the mark", "! ls\nx = 1", "\nx = 1"],
  ["knows !!", "!!ls", ""],
  [
    "gives %%capture's name a value nobody knows",
    "%%capture out\nx = 1",
    `\nx = 1\nout = get_ipython().run_cell_magic("capture", "out", ${quoted}${quoted})`,
  ],
];
it.each(cases)("%s", (_, source, python) => {
  const resolved = resolve(source);
  expect(resolved.python).toBe(python);
  expect(codesOf(resolved).filter((code) => code !== "CW1040")).toEqual([]);
});

const assigned: readonly (readonly [string, string])[] = [
  ["x = !ls -l", 'x = get_ipython().getoutput("ls -l")'],
  ["d['a'] = !ls", "d['a'] = get_ipython().getoutput(\"ls\")"],
  ["if y:\n    x = %pwd\n", 'if y:\n    x = get_ipython().run_line_magic("pwd", "")\n'],
  ["x = %sql SELECT 'a' \\\n  FROM b", 'x = get_ipython().run_line_magic("sql", "SELECT \'a\'    FROM b")'],
  ["x = get_ipython().getoutput('ls')", "x = get_ipython().getoutput('ls')"],
];
it.each(assigned)("keeps the name of %s", (source, python) => {
  const resolved = resolve(source);
  expect(resolved.python).toBe(python);
  expect(codesOf(resolved)).toEqual(["CW1044"]);
  expect(resolved.magics[0]?.policy.kind).toBe("opaque");
});

/** [source, code, dialect] */
const refused: readonly (readonly [string, string] | readonly [string, string, Dialect])[] = [
  ["%matplotlb inline", "CW1042"],
  ["%%tme\nx = 1", "CW1042"],
  ["%%\nx = 1", "CW1042"],
  ["x = 1\n%%time\ny = 2", "CW1041"],
  ["%%time x = 1\ny = 2", "CW1041"],
  ["%memit -r 3 x.append(1)", "CW1041"],
  ["%lprun -f f f({1: 2})", "CW1041"],
  ["%env A={x}", "CW1041"],
  ["%store -r", "CW1041"],
  [",f a b", "CW1041"],
  ["x = 1\n; a", "CW1041"],
  ["/f a", "CW1041"],
  ["ip = get_ipython()\nip.magic(command)", "CW1041"],
  ["if x:\n    get_ipython().run_cell_magic('time', '', 'x = 1')", "CW1041"],
  ["%run", "CW1047"],
  ["%run {name}", "CW1047"],
  ["%run -m module", "CW1047"],
  ["%run a.py --fast", "CW1047"],
  ["%run ./setup $reset=true", "CW1047", "databricks"],
  ["if x:\n    %run a.py", "CW1047"],
  ["import a\npip install pandas", "CW1046"],
  ["# comment\n%%time\nx = 1", "CW1045"],
  ["!wget a", "CW1043"],
  ["!ls > files.txt", "CW1043"],
  ["!ls && rm -r a", "CW1043"],
  ["!cat $(find .)", "CW1043"],
  ["!echo 'open", "CW1043"],
  ["!find . -delete", "CW1043"],
  ["!env A=1 python a.py", "CW1043"],
  ["!pip uninstall pandas", "CW1043"],
  ["!pip install {name}", "CW1048"],
  ["%pip install $name", "CW1048"],
  ["!pip install pandas>=2", "CW1049"],
];
it.each(refused.map(([source, code, dialect]) => ({ source, code, dialect })))("has something to say about $source", ({
  source,
  code,
  dialect,
}) => {
  const resolved = resolve(source, dialect);
  expect(codesOf(resolved)).toEqual([code]);
});

it("names the nearest magic, and the other form where that is known", () => {
  const text = (source: string): string => {
    const place = { file: "f", line: 1, column: 1, endLine: 1, endColumn: 1, fileLine: 1 };
    const found = resolve(source).findings[0]?.report(place);
    return `${found?.message} ${found?.fix}`;
  };
  expect(text("%matplotlb")).toContain("the nearest one is `%matplotlib`");
  expect(text("%%tiem\nx")).toContain("the nearest one is `%%time`");
  expect(text("%html <b>")).toContain("`%%html` is known");
});

const readOnly = [
  "!ls -la data | head -n 3",
  "!cat a.txt 2>/dev/null",
  "!head -5 a.csv; wc -l a.csv",
  "!nvidia-smi",
  "!python --version",
  "!pip list | grep pandas",
  "!find . -name '*.csv'",
  "!git log --oneline",
  "!cd data && ls",
  "!echo {x} $HOME",
];
it.each(readOnly)("drops %s", (source) => {
  const resolved = resolve(source);
  expect(resolved.magics[0]?.policy.kind).toBe("drop");
  expect(codesOf(resolved)).toEqual([]);
});

it("takes a magic without % only where it is alone and no name of the notebook", () => {
  expect(resolve("ls").python).toBe("");
  expect(resolve("ls -la data").magics[0]?.name).toBe("%ls");
  expect(resolve("pip install pandas").magics[0]?.policy.kind).toBe("requirement");
  expect(codesOf(resolve("cd data"))).toEqual(["CW1041"]);
  expect(resolve("ls", "jupyter", ["ls = [1]\nls"]).python).toBe("ls");
  expect(resolve("config = 3").python).toBe("config = 3");
  expect(resolve("who(1)").python).toBe("who(1)");
  expect(resolve("time.time()").python).toBe("time.time()");
  expect(resolve("ls\nx = 1").python).toBe("ls\nx = 1");
  expect(resolve("watermark").python).toBe("watermark");
});

it("reads magics that jupytext wrote as comments, in notebook scripts only", () => {
  const source = "# %matplotlib inline\n# !ls\n#%who\n# x = !ls\n# %% \n# 50 % of it\n# # %who\n# really?\n#!important";
  const resolved = resolve(source, "percent");
  expect(resolved.magics.map((magic) => magic.name)).toEqual(["%matplotlib", "!", "%who", "!"]);
  expect(resolved.python).toBe(
    '\n\n\nx = get_ipython().getoutput("ls")\n# %% \n# 50 % of it\n# # %who\n# really?\n#!important',
  );
  expect(resolve(source, "jupyter").python).toBe(source);
});

it("reads a commented cell magic of a notebook script", () => {
  expect(resolve("# %%time\nx = 1", "percent").python).toBe("\nx = 1");
  expect(resolve("# %%bash\n# ls", "percent").python).toBe("");
});

it("takes a Databricks cell that only lists files or installs for what it is", () => {
  expect(resolve("%sh ls /dbfs", "databricks").magics[0]?.policy.kind).toBe("drop");
  expect(resolve("%fs ls /mnt", "databricks").magics[0]?.policy.kind).toBe("drop");
  expect(resolve("%sh\npip install a", "databricks").magics[0]?.policy).toEqual({
    kind: "requirement",
    requirements: ["a"],
  });
  expect(resolve("# Databricks: count\n%sql\nSELECT 1", "databricks").python).toBe(
    '# Databricks: count\n_sqldf = get_ipython().run_cell_magic("sql", "", "")',
  );
});

it("does not look for languages of cells outside Databricks", () => {
  expect(codesOf(resolve("%md\n# x"))).toEqual(["CW1042"]);
});
