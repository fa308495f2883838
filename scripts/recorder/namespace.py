"""The module-level names of a notebook that is being recorded."""

import builtins
import dis

MISSING = object()


class Namespace(dict):
    """Globals that note who is read, bound and deleted.

    CPython takes the slow way of LOAD_NAME and LOAD_GLOBAL where the globals are no plain dict, so code of cells and of functions
    both come by `__getitem__`. What goes around it: STORE_GLOBAL and DELETE_GLOBAL (found by comparing with `before`) and the reads
    of class bodies (see `watch_class_bodies`).
    """

    def __init__(self):
        super().__init__()
        self.begin()

    def begin(self):
        """A new statement starts."""
        self.before = dict(self)
        self.reads = set()
        self.written = set()
        self.touched = set()

    def note_read(self, name):
        """A value from outside the statement is read; what the statement itself bound does not count."""
        if name in self.touched or name.startswith("__"):
            return
        value = dict.get(self, name, MISSING)
        if value is not MISSING and self.before.get(name, MISSING) is value:
            self.touched.add(name)
            self.reads.add(name)

    def __getitem__(self, name):
        value = dict.__getitem__(self, name)
        if name not in self.touched:
            self.note_read(name)
        return value

    def get(self, name, default=None):
        return self[name] if name in self else default

    def copy(self):
        """What pandas and others take of the names around a query: its reads count as well."""
        return Copy(self)

    def __setitem__(self, name, value):
        self.touched.add(name)
        self.written.add(name)
        dict.__setitem__(self, name, value)

    def __delitem__(self, name):
        self.touched.add(name)
        dict.__delitem__(self, name)

    def end(self):
        """Names that the statement read, bound, and left without a value."""
        written = set(self.written)
        for name, value in self.items():
            if self.before.get(name, MISSING) is not value:
                written.add(name)
        return self.reads, written, {name for name in self.before if name not in self}


class Copy(dict):
    """A copy of the names whose reads are reads of the names."""

    def __init__(self, names):
        super().__init__(dict.items(names))
        self.names = names

    def __getitem__(self, name):
        self.names.note_read(name)
        return dict.__getitem__(self, name)

    def copy(self):
        return Copy(self.names)


def watch_class_bodies(names):
    """Class bodies look globals up in the plain dict: their reads are taken from their code when they run."""
    build = builtins.__build_class__

    def watched(body, *args, **kwargs):
        if getattr(body, "__globals__", None) is names:
            bound = set()
            for instruction in dis.get_instructions(body.__code__):
                if instruction.opname == "LOAD_NAME" and instruction.argval not in bound:
                    names.note_read(instruction.argval)
                elif instruction.opname == "STORE_NAME":
                    bound.add(instruction.argval)
        return build(body, *args, **kwargs)

    builtins.__build_class__ = watched
