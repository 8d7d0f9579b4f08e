"""Chatwoot's websocket, as its agents' browsers have it: Action Cable on a connection that HTTP has handed over."""

import json
import socket
from contextlib import suppress
from typing import Any, cast

from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from tests.fakes.service import Asked

Json = dict[str, Any]


class Room:
    """One agent's websocket."""

    def __init__(self, connection: socket.socket, asked: Asked) -> None:
        self._socket = connection
        self._protocol = ServerProtocol(subprotocols=[Subprotocol("actioncable-v1-json")])
        self.said: list[Json] = []
        self.is_subscribed = False
        head = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items())
        self._protocol.receive_data(f"GET {asked.path} HTTP/1.1\r\n{head}\r\n".encode())
        request = cast(Request, self._protocol.events_received()[0])
        self._protocol.send_response(self._protocol.accept(request))
        self._flush()

    def tell(self, frame: Json) -> None:
        with suppress(Exception):  # the agent has gone
            self._protocol.send_text(json.dumps(frame).encode())
            self._flush()

    def hear(self) -> list[Json] | None:
        """What the agent has said; None where they are gone."""
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return []
        except OSError:
            return None
        if not data:
            return None
        self._protocol.receive_data(data)
        self._flush()
        frames = [
            one for one in self._protocol.events_received() if getattr(one, "opcode", None) is Opcode.TEXT
        ]
        self.said += (made := [json.loads(cast(Any, one).data) for one in frames])
        return made

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._socket.sendall(data)
            else:  # the protocol's word for the end
                self.cut()

    def cut(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
