/** One thing a text must fulfil: `pattern` is the same for our validator, the JSON schema and an editor. */
export interface TextTest {
  readonly pattern: string;
  readonly code: "CW0014" | "CW0019" | "CW0035";
  /** Continues "is not …" (CW0014) or stands for {why} (CW0019). */
  readonly expected: string;
  readonly fix: string;
  /** A text that fails here may hold a secret: it is not shown. */
  readonly hidden?: boolean;
}

/** A text with a form is short: no pattern is ever tried on more. */
export const longestText = 500;

/** A named form of text. The first test that fails is the one reported. */
export interface TextRule {
  /** What a text of this form is, where it is a name: "the name of a model". */
  readonly called?: string;
  /** What stands here by mistake may be a secret: it is never shown. */
  readonly hidden?: boolean;
  /** May be of any length (a query). */
  readonly long?: boolean;
  readonly tests: readonly TextTest[];
}

// PEP 440, written out. Epoch, release, pre, post, dev, local.
const release = String.raw`v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*`;
const suffixes =
  "(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?[0-9]*)?(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?(?:[-_.]?dev[-_.]?[0-9]*)?";
const local = String.raw`(?:\+[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*)?`;
const compatible = String.raw`v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)+`;
const clause = [
  String.raw`(?:==|!=)\s*(?:${release}(?:\.\*|${suffixes}${local}))`,
  String.raw`~=\s*${compatible}${suffixes}`,
  String.raw`(?:<=|>=|<|>)\s*${release}${suffixes}`,
  String.raw`===\s*[^\s,;()]+`,
].join("|");
const specifiers = String.raw`(?:${clause})(?:\s*,\s*(?:${clause}))*`;
const extras = String.raw`(?:\s*\[\s*[A-Za-z0-9][-_.A-Za-z0-9]*(?:\s*,\s*[A-Za-z0-9][-_.A-Za-z0-9]*)*\s*\])?`;
const marker = String.raw`(?:\s*;\s*\S.*)?`;
const requirement = String.raw`^[A-Za-z0-9](?:[-_.A-Za-z0-9]*[A-Za-z0-9])?${extras}\s*(?:(?:${specifiers}|\(\s*${specifiers}\s*\))?${marker}|@\s*[a-z][a-z0-9+]*://\S+(?:\s+;\s*\S.*)?)$`;

const pythonKeywords =
  "False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield";
const identifier = String.raw`[A-Za-z_\u0080-\uffff][0-9A-Za-z_\u0080-\uffff]*`;

const notBlank: TextTest = {
  pattern: String.raw`^\S(?:.*\S)?$`,
  code: "CW0014",
  expected: "one line of text without blanks around it",
  fix: "write it in one line, without blanks before and after",
};
const notAbsolute = (fix: string): TextTest => ({
  pattern: String.raw`^(?![/~]|\\|[A-Za-z]:[/\\]|file:)`,
  code: "CW0035",
  expected: "a relative path",
  fix,
});
const forwardSlashes: TextTest = {
  pattern: String.raw`^[^\\]*$`,
  code: "CW0014",
  expected: "a path with forward slashes",
  fix: "write `/` instead of `\\`; it works on every system",
};
const notAnAddress: TextTest = {
  pattern: "^(?![A-Za-z][A-Za-z0-9+.-]*:)",
  code: "CW0014",
  expected: "a path in this repository",
  fix: "write a path relative to the folder of this file",
};
const noWildcard: TextTest = {
  pattern: String.raw`^[^*?\[\]{}]*$`,
  code: "CW0014",
  expected: "the path of one file",
  fix: "name each notebook, in the order in which they run",
};
const notKeyword: TextTest = {
  pattern: `^(?!(?:${pythonKeywords})$)`,
  code: "CW0019",
  expected: "it is a word of the Python language",
  fix: `choose another name, for example with an underscore after it`,
};

/** Every form of text in crosswalk.yaml. */
export const rules = {
  line: { tests: [notBlank] },
  text: {
    long: true,
    tests: [
      { pattern: String.raw`\S`, code: "CW0014", expected: "a text with something in it", fix: "write the text" },
    ],
  },
  modelName: {
    called: "the name of a model",
    tests: [
      {
        pattern: "^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$",
        code: "CW0019",
        expected: "it must be lower-case letters and digits, joined by single `-` or `_`, and begin with a letter",
        fix: "write a name such as `credit-risk`",
      },
      notKeyword,
    ],
  },
  environmentName: {
    tests: [
      {
        pattern: "^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$",
        code: "CW0019",
        expected: "it must be lower-case letters and digits, joined by single `-` or `_`, and begin with a letter",
        fix: "write a name such as `prod`",
      },
    ],
  },
  effect: {
    tests: [
      {
        pattern: String.raw`^(?!\s*$)(?:[a-z][\w:=|-]*)?(?: [a-z][\w:=|-]*)* ?(?:-> [A-Za-z_][\w-]*(?: of [A-Za-z_][\w-]*)?)?$`,
        code: "CW0014",
        expected: "an effect: words, an arrow and a type",
        fix: 'write for example `"-> DataFrame"` or `"mutates0 -> None"`',
      },
    ],
  },
  namesOfLibrary: {
    tests: [
      {
        pattern: String.raw`^[\w.*\[\]-]+(?: [\w.*\[\]-]+)*$`,
        code: "CW0019",
        expected: "it must be names with one blank between",
        fix: "write names such as `score_claims` or `fit predict`",
      },
    ],
  },
  typeName: {
    tests: [
      {
        pattern: String.raw`^[A-Za-z_][\w-]*$`,
        code: "CW0019",
        expected: "it must be one word of letters, digits, `_` and `-`",
        fix: "write a name such as `Policy`",
      },
    ],
  },
  dataName: {
    tests: [
      {
        pattern: `^${identifier}(?:\\.${identifier})*$`,
        code: "CW0019",
        expected: "it must be letters, digits and `_`, with dots between parts, and no part may begin with a digit",
        fix: "write a name such as `applications` or `risk.applications`",
      },
      {
        pattern: `^(?!(?:.*\\.)?(?:${pythonKeywords})(?:\\.|$))`,
        code: "CW0019",
        expected: "it has a word of the Python language as a part",
        fix: "choose another name, for example with an underscore after it",
      },
    ],
  },
  pythonName: {
    tests: [
      {
        pattern: `^${identifier}$`,
        code: "CW0019",
        expected: "it must be letters, digits and `_`, and not begin with a digit",
        fix: "write the name as the notebook has it, such as `test_size`",
      },
      notKeyword,
    ],
  },
  variable: {
    hidden: true,
    tests: [
      {
        pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
        code: "CW0014",
        expected: "the name of an environment variable",
        fix: "write a name such as `WAREHOUSE_PASSWORD`; never the secret itself",
      },
    ],
  },
  connection: {
    hidden: true,
    tests: [
      {
        pattern: "^[A-Za-z_][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*$",
        code: "CW0014",
        expected: "the name of a connection",
        fix: "write a name such as `warehouse`; where it leads is a secret of the environment and does not belong here",
      },
    ],
  },
  checkName: {
    tests: [
      {
        pattern: "^(?:[Cc][Ww][0-9]{4}|[a-z][a-z0-9]*(?:-[a-z0-9]+)*)$",
        code: "CW0019",
        expected: "it must be a code such as CW4007, or a slug such as label-leak",
        fix: "write the code that the report shows",
      },
    ],
  },
  targetName: {
    tests: [
      {
        pattern: "^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$",
        code: "CW0014",
        expected: "the name of a target",
        fix: "write a name such as `package`",
      },
    ],
  },
  notebookPath: {
    tests: [
      notBlank,
      notAbsolute("write the path relative to the folder of this file"),
      forwardSlashes,
      notAnAddress,
      noWildcard,
    ],
  },
  folderPath: {
    tests: [notBlank, notAbsolute("write the folder relative to this file"), forwardSlashes, notAnAddress, noWildcard],
  },
  dataPath: {
    tests: [
      {
        pattern: "^(?![A-Za-z][A-Za-z0-9+.-]*://[^/]*@)",
        hidden: true,
        code: "CW0014",
        expected: "an address without a user and a password",
        fix: "remove them from the address; credentials come from the environment in which the product runs",
      },
      notBlank,
      notAbsolute("write it relative to the folder of this file, or give the place when it runs: `--data NAME=/place`"),
      forwardSlashes,
      {
        pattern: "^(?![A-Za-z][A-Za-z0-9+.-]*:(?!//))",
        code: "CW0014",
        expected: "a path or an address such as `s3://bucket/data.parquet`",
        fix: "write a relative path, or an address with `://`",
      },
    ],
  },
  workspacePattern: {
    tests: [
      notBlank,
      notAbsolute("write the folder relative to this file"),
      forwardSlashes,
      notAnAddress,
      {
        pattern: String.raw`^(?!(?:.*/)?\.\.(?:/|$))`,
        code: "CW0014",
        expected: "a folder below this one",
        fix: "put the root crosswalk.yaml above all of its models",
      },
      {
        pattern: String.raw`^[^?\[\]{}!]*$`,
        code: "CW0014",
        expected: "a pattern of names, `*` (one folder) and `**` (any depth)",
        fix: "write for example `models/*`, or several patterns",
      },
      {
        pattern: String.raw`^(?!.*\.ya?ml$)`,
        code: "CW0014",
        expected: "the folder of a model",
        fix: "name the folder, without the file",
      },
    ],
  },
  cacheAddress: {
    tests: [
      {
        pattern: "^(?![A-Za-z][A-Za-z0-9+.-]*://[^/]*@)",
        hidden: true,
        code: "CW0014",
        expected: "an address without a user and a password",
        fix: "remove them from the address; the token comes from the environment",
      },
      notBlank,
      {
        pattern: "^(?:https?://[^/?#]+|s3://[a-z0-9][a-z0-9.-]+|file:///)[^?#]*$",
        code: "CW0014",
        expected: "the address of a cache",
        fix: "write for example `https://cache.example.com`, `s3://bucket/prefix` or `file:///mnt/cache`",
      },
    ],
  },
  endpoint: {
    tests: [
      {
        pattern: "^https?://[^/?#@]+$",
        code: "CW0014",
        expected: "the address of an S3 server, without a path",
        fix: "write for example `https://minio.example.com`",
      },
    ],
  },
  region: {
    tests: [
      {
        pattern: "^[a-z0-9]+(?:-[a-z0-9]+)*$",
        code: "CW0014",
        expected: "a region",
        fix: "write for example `eu-central-1`",
      },
    ],
  },
  cacheSpace: {
    tests: [
      {
        pattern: "^(?!pr-)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$",
        code: "CW0014",
        expected: "the name of a space",
        fix: "write lower-case letters and digits such as `main`; names that begin with `pr-` belong to pull requests",
      },
    ],
  },
  publicKey: {
    hidden: true,
    tests: [
      {
        pattern: "^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$",
        code: "CW0014",
        expected: "an Ed25519 public key",
        fix: "write the public key in base64 (DER, 60 characters, it begins with `MCowBQYDK2VwAyEA`); never the private one",
      },
    ],
  },
  pythonVersions: {
    tests: [
      {
        pattern: String.raw`^\s*${specifiers}\s*$`,
        code: "CW0014",
        expected: "a range of Python versions (PEP 440)",
        fix: 'write for example `">=3.11"`, `">=3.11,<3.14"` or `"==3.12.*"`',
      },
    ],
  },
  requirement: {
    tests: [
      {
        pattern: requirement,
        code: "CW0014",
        expected: "a requirement (PEP 508)",
        fix: 'write for example `"pandas>=2.2,<3"` or `"pyarrow"`',
      },
    ],
  },
} as const satisfies Readonly<Record<string, TextRule>>;

/** The first test of a rule that a text does not pass; undefined when it passes all. */
export function failedTest(rule: TextRule, text: string): TextTest | undefined {
  return rule.tests.find((test) => !new RegExp(test.pattern, "u").test(text));
}
