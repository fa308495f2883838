/** Import name → PyPI distribution, where the two differ. Every other top-level import is its own distribution. */
const renamed: Readonly<Record<string, string>> = {
  sklearn: "scikit-learn",
  cv2: "opencv-python",
  PIL: "pillow",
  yaml: "PyYAML",
  bs4: "beautifulsoup4",
  skimage: "scikit-image",
  imblearn: "imbalanced-learn",
  dateutil: "python-dateutil",
  dotenv: "python-dotenv",
  mpl_toolkits: "matplotlib",
  pylab: "matplotlib",
  attr: "attrs",
  docx: "python-docx",
  pptx: "python-pptx",
  Crypto: "pycryptodome",
  serial: "pyserial",
  psycopg2: "psycopg2-binary",
  MySQLdb: "mysqlclient",
  IPython: "ipython",
  google: "google-cloud-core",
  pkg_resources: "setuptools",
  sentence_transformers: "sentence-transformers",
  category_encoders: "category-encoders",
  sklearn_pandas: "sklearn-pandas",
  fitz: "PyMuPDF",
  umap: "umap-learn",
  hdbscan: "hdbscan",
  lightgbm: "lightgbm",
  jwt: "PyJWT",
  zmq: "pyzmq",
  win32com: "pywin32",
  OpenSSL: "pyOpenSSL",
  tensorflow_hub: "tensorflow-hub",
  vega_datasets: "vega-datasets",
};

/** Top-level modules of Python 3.11's standard library. */
const standard = new Set(
  (
    "__future__ _thread abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall " +
    "concurrent configparser contextlib contextvars copy copyreg cProfile crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp " +
    "fileinput fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache " +
    "locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib numbers operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform " +
    "plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd " +
    "smtplib sndhdr socket socketserver spwd sqlite3 ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap threading time timeit " +
    "tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp " +
    "zipfile zipimport zlib zoneinfo"
  ).split(" "),
);

/** The distribution that provides a top-level import; undefined for the standard library. */
export function distributionOf(module: string): string | undefined {
  const top = module.split(".")[0] ?? module;
  if (standard.has(top)) return undefined;
  return (Object.hasOwn(renamed, top) ? renamed[top] : undefined) ?? top.replaceAll("_", "-").toLowerCase();
}

export function isStandardLibrary(module: string): boolean {
  return standard.has(module.split(".")[0] ?? module);
}
