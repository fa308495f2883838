import { type Provocation, provoke } from "../compiler-core/provoke.ts";
import { fixtures } from "./fixtures.ts";

const load = (path: string): string => `import pandas as pd\nrows = pd.read_csv(${path})\n# %%\nx = rows['a'].sum()\n`;

const table: readonly Provocation[] = [
  {
    says: "CW4001 1:2:11",
    bad: "import os\napi_key = 'a1b2c3d4'\nx = len(api_key)\n",
    good: "import os\napi_key = os.environ['API_KEY']\nx = len(api_key)\n",
    message: "'API_KEY'",
  },
  {
    says: "CW4001 1:1:9",
    bad: "where = 'postgresql://me:secret@db/main'\nx = len(where)\n",
    good: "where = 'postgresql://db/main'\nx = len(where)\n",
  },
  {
    // A credential counts wherever it stands, in code that production drops too.
    says: "CW4001 1:1:7",
    bad: "print('AKIAABCDEFGHIJKLMNOP')\nx = 1\ny = x + 1\n",
    good: "print('AKIA')\nx = 1\ny = x + 1\n",
  },
  { says: "CW4002 1:2:8", bad: load("'/data/rows.csv'"), good: load("'data/rows.csv'"), message: "'/data/rows.csv'" },
  { says: "CW4002 1:2:8", bad: load("'C:/data/rows.csv'"), good: load("'C.csv'") },
  {
    says: "CW4003 1:1:1",
    bad: '# cw: ignore CW4002 because "share"\nx = 1\ny = x + 1\n',
    good: "import pandas as pd\n# cw: ignore CW4002 because \"share\"\nrows = pd.read_csv('/data/rows.csv')\nx = rows['a'].sum()\n",
    message: "'ignore CW4002'",
  },
  {
    says: "CW4004 1:1:22",
    bad: "def sign(text, token='a1b2c3d4'):\n    return len(text + token)\nx = sign('a')\n",
    good: "import os\ndef sign(text, token):\n    return len(text + token)\nx = sign('a', os.environ['TOKEN'])\n",
    message: "'token'",
  },
  {
    says: "CW4004 1:1:20",
    bad: "cfg = {'password': 'a1b2c3d4'}\nx = len(cfg)\n",
    good: "password = 'a1b2c3d4'\ncfg = {'password': password}\nx = len(cfg)\n",
    message: "'password'",
  },
];

provoke(
  "CW40",
  table,
  fixtures("caught").map((f) => f.code),
);
