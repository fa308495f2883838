"""What every object that a name reaches looks like, so that a change of it is seen.

Each object has a digest of its own: its type, the values it holds itself, and the identities of the objects it refers to. An object
was changed when it is still the same object and its digest is another one. Tables, arrays and indexes are digested by what they
hold, whatever blocks and caches they keep it in. Not followed: modules, definitions of libraries, and objects that only draw.
"""

import collections
import ctypes
import datetime
import decimal
import fractions
import functools
import inspect
import io
import itertools
import marshal
import pathlib
import pickle
import re
import sys
import time
import types
import uuid
import weakref
import zlib

ATOMS = (
    bool, int, float, complex, str, bytes, type(None), type(Ellipsis), type(NotImplemented), range, slice,
    datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo, decimal.Decimal, fractions.Fraction,
    pathlib.PurePath, re.Pattern, re.Match, uuid.UUID, types.CodeType,
)  # fmt: skip
DRAWING = {
    "matplotlib", "mpl_toolkits", "seaborn", "plotly", "_plotly_utils", "bokeh", "altair", "IPython", "ipykernel", "ipywidgets",
    "graphviz", "PIL", "traitlets", "comm",
}  # fmt: skip
CACHES = {"_cache", "_item_cache", "_cacher", "_mgr", "_flags", "_attrs", "_typ", "__weakref__", "_is_copy", "__dict__"}
NOTES = {
    "statsmodels": {
        "_summary_statistics_cache", "_cached_in_sample", "_retain_cols", "_obs_intercept", "predict_start", "predict_end",
        "predict_dates",
    },
}  # fmt: skip
"""What a library notes in its objects for itself: answers, and what each call sets anew before it reads it."""
ITERATORS = tuple(
    type(made)
    for made in (
        iter([]), iter(()), iter(""), iter({}), iter(set()), iter({}.values()), iter({}.items()), iter(range(0)), reversed([]),
        enumerate([]), zip(), map(abs, []), filter(None, []), itertools.count(), itertools.cycle([]), itertools.repeat(0),
        itertools.chain(), itertools.product([]), itertools.islice([], 0),
    )
)  # fmt: skip
VIEWS = (type({}.keys()), type({}.values()), type({}.items()), types.MappingProxyType)
LARGE = 32 << 20
"""Arrays of more bytes are digested by sums over all of them and the bytes of a part."""
SLOW = 1.0
"""Seconds that pickling one foreign object may take before it is no longer looked at."""


class Looker:
    """Digests objects; what it could not look at, or not wholly, stands in `capped`."""

    def __init__(self):
        self.capped = {}
        self.opaque = set()
        self.indexes = {}

    def cap(self, what, why):
        self.capped[what] = why

    def pass_over(self, values):
        """Every object that the values reach: id → (object, digest, ids of what it refers to). No digest: nobody knows."""
        seen = {}
        todo = [value for value in values if not is_atom(value)]
        while todo:
            value = todo.pop()
            key = id(value)
            if key in seen:
                continue
            try:
                token, children = self.look(value)
            except Exception as error:
                self.cap(name_of(type(value)), f"could not be looked at: {type(error).__name__}")
                token, children = None, ()
            children = [child for child in children if not is_atom(child)]
            seen[key] = (value, token, tuple(id(child) for child in children))
            todo.extend(child for child in children if id(child) not in seen)
        return seen

    def look(self, value):
        """Digest of one object, and the objects it refers to."""
        kind = type(value)
        if kind in (list, tuple, set, frozenset, collections.deque):
            return self.sequence(kind, value)
        if kind is dict:
            return self.mapping(value)
        module = (kind.__module__ or "").split(".")[0]
        if module in DRAWING or isinstance(value, (types.ModuleType, weakref.ref, types.FrameType, types.TracebackType)):
            return None, ()
        if isinstance(value, type):
            return self.definition(value)
        if isinstance(value, (types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial)):
            return self.function(value)
        if isinstance(value, (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)):
            return self.generator(value)
        if isinstance(value, ITERATORS):
            return self.iterator(value)
        if isinstance(value, VIEWS):
            return (kind.__name__, self.values(list(value), children := [])), children
        if isinstance(value, io.IOBase):
            return self.file(value)
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy and isinstance(value, numpy.ndarray):
            token, children = self.array(value)
            return self.with_attributes(value, token, children)
        if pandas and hasattr(pandas, "DataFrame"):
            if isinstance(value, (pandas.DataFrame, pandas.Series)):
                token, children = self.table(value, pandas)
                return self.with_attributes(value, token, children)
            if isinstance(value, pandas.Index):
                return self.index(value, pandas), ()
            if isinstance(value, pandas.api.extensions.ExtensionArray):
                return self.column(value, [])
        return self.instance(value)

    def values(self, values, children):
        """A token for values in order: atoms by what they are, others by identity, with themselves among the children."""
        try:
            return zlib.crc32(marshal.dumps(values, 2))
        except ValueError:
            pass
        tokens = []
        for value in values:
            if is_atom(value):
                tokens.append((type(value).__name__, atom(value)))
            else:
                tokens.append(id(value))
                children.append(value)
        return hash(tuple(tokens))

    def sequence(self, kind, value):
        children = []
        return (kind.__name__, len(value), self.values(list(value), children)), children

    def mapping(self, value):
        children = []
        return ("dict", self.values(list(dict.keys(value)), children), self.values(list(dict.values(value)), children)), children

    def array(self, value):
        children = []
        head = (str(value.dtype), value.shape)
        if value.dtype.hasobject:
            return (head, self.values(value.ravel().tolist(), children)), children
        return (head, self.bytes_of(value)), children

    def bytes_of(self, value):
        import numpy

        flat = numpy.ascontiguousarray(value)
        if flat.dtype.kind in "mM":
            flat = flat.view("i8")
        try:
            raw = flat.reshape(-1).view("u1")
        except (TypeError, ValueError):
            return zlib.crc32(flat.tobytes())
        if raw.nbytes <= LARGE:
            return zlib.crc32(raw)
        self.cap(f"an array of {raw.nbytes >> 20} MB", "digested by sums of all and the bytes of a part")
        words = raw[: raw.size // 8 * 8].view("u8")
        return (
            int(numpy.add.reduce(words, dtype="u8")),
            int(numpy.bitwise_xor.reduce(words)),
            zlib.crc32(numpy.ascontiguousarray(words[:: max(1, words.size // 1_000_000)])),
            zlib.crc32(raw[-4096:]),
        )

    def index(self, value, pandas):
        """Labels never change, names may."""
        known = self.indexes.get(id(value))
        if known is None or known[0] is not value:
            if isinstance(value, pandas.MultiIndex):
                token = tuple(self.bytes_of(codes) for codes in value.codes) + tuple(self.index(level, pandas)[1] for level in value.levels)
            elif isinstance(value, pandas.RangeIndex):
                token = (value.start, value.stop, value.step)
            else:
                token = self.column(value.array, [])[0]
            known = (value, token)
            self.indexes[id(value)] = known
        return (tuple(map(repr, value.names)), known[1])

    def table(self, value, pandas):
        children = []
        if isinstance(value, pandas.Series):
            head = (repr(value.name), self.index(value.index, pandas))
            columns = (self.column(value._values, children)[0],)
        else:
            head = (self.index(value.index, pandas), self.index(value.columns, pandas))
            columns = tuple(self.column(value._get_column_array(i), children)[0] for i in range(value.shape[1]))
        children.append(value.attrs)
        return (head, columns), children

    def column(self, value, children):
        import numpy

        if isinstance(value, numpy.ndarray):
            token, inner = self.array(value)
            children.extend(inner)
            return token, children
        head = (type(value).__name__, str(value.dtype))
        for parts in (("_ndarray",), ("_data", "_mask"), ("_codes",)):
            held = [getattr(value, part, None) for part in parts]
            if all(isinstance(part, numpy.ndarray) for part in held):
                more = (self.index(value.categories, sys.modules["pandas"]),) if hasattr(value, "categories") else ()
                return (head, *(self.array(part)[0] for part in held), *more), children
        # What a column gives out is made when it is asked for: it has no identity.
        return (head, zlib.crc32(pickle.dumps(list(value), 4))), children

    def definition(self, value):
        """A class of the notebook: its attributes. One of a library: nothing."""
        if value.__module__ != "__main__":
            return None, ()
        children = []
        names = {key: part for key, part in vars(value).items() if not key.startswith("__") and not key.startswith("_abc_")}
        return ("class", self.values(list(names), children), self.values(list(names.values()), children)), children

    def function(self, value):
        children = []
        if isinstance(value, functools.partial):
            parts = [value.func, *value.args, *value.keywords.values()]
        elif isinstance(value, types.MethodType):
            parts = [value.__func__] if is_global_generator(value.__self__) else [value.__self__, value.__func__]
        elif isinstance(value, types.BuiltinFunctionType):
            parts = [] if isinstance(value.__self__, types.ModuleType) or is_global_generator(value.__self__) else [value.__self__]
        elif value.__module__ != "__main__":
            return None, ()
        else:
            cells = [cell.cell_contents for cell in value.__closure__ or () if filled(cell)]
            parts = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values(), *cells, *vars(value).values()]
            parts.append(id(value.__code__))
        return (type(value).__name__, self.values(parts, children)), children

    def generator(self, value):
        frame = getattr(value, "gi_frame", None) or getattr(value, "cr_frame", None) or getattr(value, "ag_frame", None)
        if frame is None:
            return ("generator", "done"), ()
        children = []
        return ("generator", frame.f_lasti, self.values(list(frame.f_locals.values()), children)), children

    def iterator(self, value):
        """Iterators tell how far they are by how they are copied."""
        made = value.__reduce__()
        children = []
        parts = flatten(made[1:], 3)
        return (type(value).__name__, self.values(parts, children)), children

    def file(self, value):
        if value.closed:
            return ("file", "closed"), ()
        if isinstance(value, (io.StringIO, io.BytesIO)):
            return ("buffer", value.tell(), hash(value.getvalue())), ()
        try:
            return ("file", value.tell()), ()
        except (OSError, ValueError):
            return ("file", "open"), ()

    def with_attributes(self, value, token, children):
        held = attributes(value)
        if not held:
            return token, children
        more = list(children)
        return (token, self.values(list(held), more), self.values(list(held.values()), more)), more

    def instance(self, value):
        kind = type(value)
        children = []
        token = (name_of(kind),)
        for base in (dict, list, set, tuple, collections.deque):
            if isinstance(value, base):
                inside, more = self.mapping(value) if base is dict else self.sequence(base, list(base.__iter__(value)))
                token = (*token, inside)
                children.extend(more)
        if isinstance(value, collections.defaultdict):
            children.append(value.default_factory)
        held = attributes(value)
        foreign = any(isinstance(part, ctypes._SimpleCData) for part in held.values())
        if held and not foreign:
            return (*token, self.values(list(held), children), self.values(list(held.values()), children)), children
        if len(token) > 1 or has_dict(value) and not foreign and not made_in_c(kind):
            return token, children
        state = self.pickled(value)
        return None if state is None else (*token, state), children

    def pickled(self, value):
        """An object of a compiled type: what pickle keeps of it."""
        kind = type(value)
        if kind in self.opaque:
            return None
        began = time.perf_counter()
        try:
            # The search trees of scikit-learn count how often they are asked: counters, behind what they search in.
            state = value.__getstate__()[:7] if kind.__name__ in ("KDTree", "BallTree") else value
            token = zlib.crc32(pickle.dumps(state, 4))
        except Exception as error:
            token = None
            self.opaque.add(kind)
            self.cap(name_of(kind), f"cannot be looked at: {type(error).__name__}")
        if time.perf_counter() - began > SLOW:
            self.opaque.add(kind)
            self.cap(name_of(kind), "takes too long to look at; its first state only")
        return token


def is_global_generator(value):
    """The generators behind `random` and `numpy.random` are hidden state, whatever functions of theirs have a name."""
    numpy_random, python_random = sys.modules.get("numpy.random.mtrand"), sys.modules.get("random")
    return (numpy_random and value is numpy_random._rand) or (python_random and value is python_random._inst)


def is_atom(value):
    if isinstance(value, ATOMS):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, (numpy.generic, numpy.dtype)) and not isinstance(value, numpy.void)


def atom(value):
    if isinstance(value, float):
        return value.hex() if type(value) is float else repr(value)
    if isinstance(value, (str, bytes, int, type(None))):
        return value
    if isinstance(value, (re.Pattern, re.Match, types.CodeType)):
        return id(value)
    return repr(value)


def attributes(value):
    """Attributes of an instance, without what only remembers an answer."""
    kind = type(value)
    skipped = CACHES | NOTES.get((kind.__module__ or "").split(".")[0], set())
    out = {}
    for key, part in (vars(value) if has_dict(value) else {}).items():
        if key in skipped or type(inspect.getattr_static(kind, key, None)).__name__ in ("cached_property", "CachedAccessor"):
            continue
        out[key] = part
    for base in kind.__mro__:
        slots = base.__dict__.get("__slots__", ())
        for key in (slots,) if isinstance(slots, str) else slots:
            if key not in skipped and key not in out:
                try:
                    out[key] = object.__getattribute__(value, key)
                except AttributeError:
                    pass
    return out


def has_dict(value):
    return isinstance(getattr(value, "__dict__", None), dict)


def made_in_c(kind):
    """Whether some base that holds data of its own is compiled."""
    return any(not base.__flags__ & 1 << 9 and base is not object for base in kind.__mro__)


def filled(cell):
    try:
        cell.cell_contents
    except ValueError:
        return False
    return True


def flatten(value, depth):
    if depth > 0 and isinstance(value, tuple):
        return [part for inner in value for part in flatten(inner, depth - 1)]
    return [value]


def name_of(kind):
    return f"{kind.__module__}.{kind.__qualname__}"
