import { expect, it } from "vitest";
import { ipynbOf } from "../../../scripts/error-pages.ts";
import { compileModel } from "../../../src/compiler/compile.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import { type Host, HostError } from "../../../src/foundation/host.ts";
import { hostOf } from "../compiler-core/kit.ts";
import { type Provocation, provoke } from "../compiler-core/provoke.ts";

const other = (text: string): Record<string, string> => ({ "notebooks/other.ipynb": ipynbOf(text) });

const table: readonly Provocation[] = [
  { says: "CW2001 2:2:1", bad: "a = 1\n# %%\nb = a\nc = b +* 2\n", good: "a = 1\n# %%\nb = a\nc = b + 2\n" },
  {
    says: "CW2002 1:2:9",
    bad: "a = 1\nlimit = eval('a + 1')\n# %%\ntotal = limit * 2\n",
    good: "a = 1\nlimit = a + 1\n# %%\ntotal = limit * 2\n",
    message: "eval()",
  },
  {
    says: "CW2002 1:1:1",
    bad: "from tabletools import *\nx = sqrt(2.0)\n",
    good: "from math import *\nx = sqrt(2.0)\n",
  },
  {
    says: "CW2002 1:3:5",
    bad: "import numpy as np\na = np.ones(3)\nb = exec('a = 0')\nc = a.sum()\n",
    good: "import numpy as np\na = np.ones(3)\na = 0\nc = a\n",
    message: "exec()",
  },
  {
    says: "CW2002 1:2:4",
    bad: "rate = 1\nif __file__ == 'train.py':\n    rate = 2\ny = rate * 3\n",
    good: "rate = 1\nif __name__ == '__main__':\n    rate = 2\ny = rate * 3\n",
    message: "__file__",
  },
  {
    says: "CW2002 1:3:17",
    bad: "from pathlib import Path\ntry:\n    here = Path(__file__).parent\nexcept NameError:\n    here = Path('.')\ny = str(here)\n",
    good: "from pathlib import Path\nhere = Path('.')\ny = str(here)\n",
    message: "__file__",
  },
  {
    says: "CW2003 2:1:9",
    bad: "a = 1\n# %%\nb = a + missing\n",
    good: "a = 1\n# %%\nb = a + 1\n",
    message: "'missing'",
  },
  {
    says: "CW2003 1:5:5",
    bad: "def f(x):\n    return x * rate\n\n\ny = f(2)\n",
    good: "rate = 3\n\n\ndef f(x):\n    return x * rate\n\n\ny = f(2)\n",
    message: "'rate'",
  },
  { says: "CW2003 1:3:5", bad: "a = 1\ndel a\nb = a\n", good: "a = 1\nb = a\ndel a\n" },
  {
    says: "CW2004 1:1:9",
    bad: "names = !ls data\ntotal = len(names)\n",
    good: "!ls data\ntotal = 1\n",
    message: "'names'",
  },
  {
    says: "CW2005 1:1:1",
    bad: "%run other.ipynb\n",
    good: "%run other.ipynb\n",
    files: other("%run train.ipynb\n"),
    goodFiles: other("x = 1\n"),
  },
  { says: "CW2006 1:1:1", bad: "%run gone.ipynb\n", good: "%run other.ipynb\n", goodFiles: other("x = 1\n") },
  {
    says: "CW2008 1:2:1",
    bad: "a = 1\n%run other.ipynb\nb = a + x\n",
    good: "%run other.ipynb\na = 1\nb = a + x\n",
    files: other("x = 1\n"),
  },
  {
    says: "CW2009 1:1:1",
    bad: "%run other.py\n# %%\nrate = 3\ny = f(1)\n",
    good: "%run -i other.py\n# %%\nrate = 3\ny = f(1)\n",
    files: { "notebooks/other.py": "rate = 2\ndef f(x):\n    return x * rate\n" },
    goodFiles: { "notebooks/other.py": "rate = 2\ndef f(x):\n    return x * rate\n" },
    message: "'rate'",
  },
  {
    says: "CW2010 3:2:14",
    bad: "# cw: step one\ndef f(x):\n    return x + 1\na = list(map(f, [1]))\n# %%\ndef f(x):\n    return x + 2\n# %%\n# cw: step two\nb = list(map(f, a))\n",
    good: "# cw: step one\ndef f(x):\n    return x + 1\na = f(1)\n# %%\ndef f(x):\n    return x + 2\n# %%\n# cw: step two\nb = f(a)\n",
  },
  {
    says: "CW2011 2:3:5",
    bad: "n = 0\n# %%\n# cw: step one\ndef count():\n    global n\n    n = n + 1\n    return n\na = count()\n# %%\n# cw: step two\nb = count() + a\n",
    good: "n = 0\n# %%\ndef count():\n    global n\n    n = n + 1\n    return n\na = count()\n# %%\nb = count() + a\n",
  },
  {
    says: "CW2012 1:2:12",
    bad: "def f(x):\n    return sum(x)\n# %%\na = f([1])\n# %%\nfrom numpy import sum\nb = f([a])\n",
    good: "def f(x):\n    return sum(x)\n# %%\na = f([1])\n# %%\nfrom numpy import sum\nb = sum([a])\n",
  },
  {
    says: "CW2013 2:2:9",
    bad: "import os\nn = len(os.name)\n# %%\n# cw: step one\ndef f(x=n):\n    return x\na = f()\n# %%\n# cw: step two\nb = f() + a\n",
    good: "import os\nn = len(os.name)\n# %%\ndef f(x=n):\n    return x\na = f()\n# %%\nb = f() + a\n",
  },
  {
    says: "CW2014 3:1:5",
    bad: "rate = len('a')\n# %%\n# cw: step one\ndef f(x):\n    return x * rate\n# %%\ng = f\nrate = len('abc')\n# %%\n# cw: step two\ny = g(10)\n",
    good: "rate = len('a')\n# %%\ndef f(x):\n    return x * rate\n# %%\ng = f\nrate = len('abc')\n# %%\ny = g(10)\n",
  },
  {
    says: "CW2020 1:1:9",
    bad: "d = int(dbutils.widgets.get('days'))\n",
    good: "dbutils.widgets.text('days', '7')\nd = int(dbutils.widgets.get('days'))\n",
    message: "its default must stand in the code",
  },
];

provoke("CW20", table, ["CW2007"]);

it("CW2007 -:2:13: a notebook that is there and may not be read", async () => {
  const host = hostOf({ notebook: "x = 1\n" });
  const shut: Host = {
    ...host,
    readBytes(path) {
      if (path.endsWith(".ipynb")) throw new HostError("denied", path, "permission denied");
      return host.readBytes(path);
    },
  };
  const loaded = loadWorkspace(shut, "/repo");
  const [model] = loaded.value?.models ?? [];
  if (!model) throw new Error("no model");
  const { diagnostics, files } = await compileModel({ host: shut, root: "/repo", model, pins: new Map() });
  expect(diagnostics.map((d) => `${d.code} ${d.place?.file}:${d.place?.line}:${d.place?.column}`)).toEqual([
    "CW2007 crosswalk.yaml:2:13",
  ]);
  expect(files).toEqual([]);
});
