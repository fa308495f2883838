"""A stop of the service: what has come in before it is answered."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

uvicorn = pytest.importorskip("uvicorn")

from loan_serving.service_connection import Connection

ANSWER_SECONDS = 0.4
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def compute() -> None:
    """Take long, in the way of a notebook's code."""
    time.sleep(ANSWER_SECONDS)


async def slow(scope, receive, send) -> None:
    """Answer, and let nothing else go on meanwhile."""
    assert scope["type"] == "http"
    if scope["path"] == "/":
        compute()
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


def listen() -> tuple[uvicorn.Server, threading.Thread, int]:
    """Serve in a thread, and say where."""
    config = uvicorn.Config(
        slow, port=0, loop="asyncio", http=Connection, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    place = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[place])), daemon=True
    )
    thread.start()
    return server, thread, place.getsockname()[1]


def reply(connection: socket.socket) -> bytes:
    """Read an answer whole, and give its first line; nothing where it was hung up."""
    text = b""
    while not text.endswith(b"\r\nok"):
        try:
            part = connection.recv(1000)
        except ConnectionResetError:
            return b""
        if not part:
            return b""
        text += part
    return text.split(b"\r\n")[0]


def test_a_request_that_came_while_another_was_answered_is_not_lost_by_a_stop():
    server, thread, port = listen()
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
    for client in clients:
        client.settimeout(20)
        client.sendall(REQUEST.replace(b"/ ", b"/soon ", 1))
        assert reply(client) == b"HTTP/1.1 200 OK"
    first, second, third = clients
    # The second is answered in the same pass of the loop in which the server wakes up
    # to look whether it shall stop; the third comes in meanwhile and is not read yet.
    first.sendall(REQUEST)
    time.sleep(ANSWER_SECONDS / 2)
    second.sendall(REQUEST)
    time.sleep(ANSWER_SECONDS)
    third.sendall(REQUEST)
    server.should_exit = True
    assert [reply(client) for client in clients] == [b"HTTP/1.1 200 OK"] * 3
    # Each is told that this was the last answer, and nobody waits for the others.
    thread.join(20)
    assert not thread.is_alive()
    for client in clients:
        assert client.recv(1) == b""
        client.close()


def test_who_asks_nothing_is_hung_up_on_at_once():
    server, thread, port = listen()
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(20)
        client.sendall(REQUEST)
        assert reply(client) == b"HTTP/1.1 200 OK"
        began = time.perf_counter()
        server.should_exit = True
        assert client.recv(1) == b""
        thread.join(20)
        assert not thread.is_alive()
        # Well before the time for which an idle connection is kept.
        assert time.perf_counter() - began < server.config.timeout_keep_alive / 2
