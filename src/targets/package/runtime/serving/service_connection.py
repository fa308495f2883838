"""A connection of the service: what has come in before a stop is read and answered."""

from __future__ import annotations

from uvicorn.protocols.http.h11_impl import H11Protocol

# The server waits a tenth of a second anyway before it looks who is still there.
_LAST_LOOK_SECONDS = 0.02


class Connection(H11Protocol):
    """Speaks HTTP with one client; closed at a stop, but not over an unread request.

    While a row is answered nothing is read. A request may have come in meanwhile that
    the server does not know of when it is stopped: it would close the connection, and
    the client would never hear of its request.
    """

    def shutdown(self) -> None:
        """Close after the next look at what has come in."""
        self.loop.call_later(_LAST_LOOK_SECONDS, self._close)

    def _close(self) -> None:
        """Close now, or after the answer that is under way."""
        if not self.transport.is_closing():
            super().shutdown()
