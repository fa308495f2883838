"""What stands around every run: limits, a network of its own, and the libraries."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import platform
import socket
import struct
import sys
from typing import Any

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


def limit_memory(most: int) -> bool:
    """Hold this process, and all that it starts, to so many bytes of data each."""
    if most <= 0:
        return False
    try:
        import resource

        kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        _, hard = resource.getrlimit(kind)
        top = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (top, top))
    except (ImportError, OSError, ValueError):
        return False
    return True


def raise_loopback() -> None:
    """Bring up 127.0.0.1: in a network of its own a process finds it down."""
    if sys.platform != "linux":
        return
    import fcntl

    with contextlib.suppress(OSError), socket.socket() as one:
        asked = struct.pack("16sH14x", b"lo", 0)
        (flags,) = struct.unpack_from("H", fcntl.ioctl(one, _SIOCGIFFLAGS, asked), 16)
        if not flags & _IFF_UP:
            fcntl.ioctl(one, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def reaches_out() -> bool:
    """Tell whether anything but this machine can be reached: a route out is enough."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.connect(("192.0.2.1", 9))
    except OSError:
        return False
    return True


def describe(job: dict[str, Any]) -> dict[str, Any]:
    """Say which Python this is, which libraries it has, and whether it has a network."""
    wanted: list[str] = job["modules"]
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    versions = {}
    for name in job["distributions"]:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": f"{platform.system()} {platform.machine()}".lower(),
        "missing": missing,
        "versions": versions,
        "sha256": installed(),
        "network": reaches_out(),
    }


def installed() -> str:
    """Return the digest of every installed distribution with its version."""
    import hashlib

    names = sorted(
        f"{one.metadata['Name']}=={one.version}" for one in importlib.metadata.distributions()
    )
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
