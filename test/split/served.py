"""Starts a product's own server on this machine and asks it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path


class Server:
    """The server of the product `m`, as long as it is needed."""

    def __init__(self, source: Path, place: Path) -> None:
        """Take a free port."""
        self._source, self._place = source, place
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self._port = int(one.getsockname()[1])

    def __enter__(self) -> Server:
        """Start it, and wait until it is ready."""
        words = ["serve", "--workdir", str(self._place / "W"), "--port", str(self._port)]
        words += ["--max-body", str(1 << 24), "--max-rows", "10000"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "m", *words],
            cwd=self._place,
            env={**os.environ, "PYTHONPATH": str(self._source)},
            stderr=(self._place / "server.log").open("w"),
        )
        end = time.monotonic() + 300
        while self._process.poll() is None and time.monotonic() < end:
            try:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
                self._connection.request("GET", "/health/ready")
                with self._connection.getresponse() as response:
                    response.read()
                    if response.status == 200:
                        return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError((self._place / "server.log").read_text(errors="replace")[-2000:])

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._process.terminate()
        try:
            self._process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, answer: str, records: list[dict[str, object]]) -> list[dict[str, object]]:
        """Send one request over the connection that stays open."""
        body = json.dumps({"records": records})
        self._connection.request(
            "POST", f"/v1/{answer}", body, {"content-type": "application/json"}
        )
        with self._connection.getresponse() as response:
            text = response.read()
            if response.status != 200:
                said = text.decode(errors="replace")[:400]
                raise RuntimeError(f"the server answers {response.status}: {said}")
        found: list[dict[str, object]] = json.loads(text)["predictions"]
        return found
