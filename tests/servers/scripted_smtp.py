"""A submission server that does as it is told, for the ends no real server comes to on request.

It keeps a ledger of what it took, which is the judge in every test: not what the client believes.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Action = Callable[["Talk"], None]
"""What to do instead of the usual answer."""


@dataclass(slots=True)
class Talk:
    """One connection as the server sees it."""

    sock: socket.socket
    said: list[bytes] = field(default_factory=list)
    """Lines of the client's, the mail excepted."""

    def say(self, line: str) -> None:
        """One line of an answer."""
        self.sock.sendall(line.encode() + b"\r\n")

    def hang_up(self) -> None:
        """Close without a word."""
        self.sock.shutdown(socket.SHUT_RDWR)
        raise ConnectionError


def answer(*lines: str) -> Action:
    """These lines."""

    def act(talk: Talk) -> None:
        for line in lines:
            talk.say(line)

    return act


def hang_up(talk: Talk) -> None:
    """Nothing any more."""
    talk.hang_up()


def silence(talk: Talk) -> None:
    """Nothing until the client goes."""
    while talk.sock.recv(1000):
        pass
    raise ConnectionError


def trickle(talk: Talk) -> None:
    """A byte now and then, so that no time-out for one read ever strikes."""
    while True:
        talk.sock.sendall(b"2")
        time.sleep(0.05)


class ScriptedSmtp:
    """Listens on loopback, inside TLS unless its features offer STARTTLS.

    `script` maps a moment to what happens there instead of the usual: `greeting`, `EHLO` (its last line), `STARTTLS`,
    `AUTH`, `MAIL`, `RCPT`, `RCPT address`, `DATA`, `body` (before reading the mail), `dot` (instead of the answer to
    a mail that is in the ledger).
    """

    def __init__(
        self,
        script: dict[str, Action] | None = None,
        *,
        context: ssl.SSLContext,
        features: tuple[str, ...] = ("AUTH PLAIN LOGIN", "SIZE 1000000", "8BITMIME"),
        takes: bool = True,
        host: str = "127.0.0.1",
    ) -> None:
        self.script = script or {}
        self.features = features
        self.ledger: list[bytes] = []
        """Mails taken, dots unstuffed."""
        self.talks: list[Talk] = []
        self._context = context
        self._takes = takes
        """Whether what is followed by a `dot` action was taken all the same."""
        self._listener = socket.create_server((host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def __enter__(self) -> "ScriptedSmtp":
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(20)
        talk = Talk(sock)
        self.talks.append(talk)
        try:
            if "STARTTLS" not in self.features:
                self._encrypt(talk)
            self._do("greeting", talk, "220 hello")
            while line := _line(talk.sock):
                talk.said.append(line)
                self._command(line, talk)
        except OSError:
            pass  # the client went, or the script says so
        finally:
            talk.sock.close()

    def _command(self, line: bytes, talk: Talk) -> None:
        words = line.decode("utf-8").split()
        verb = words[0].upper()
        if verb == "EHLO":
            lines = ["hello", *self.features]
            for one in lines[:-1]:
                talk.say(f"250-{one}")
            self._do(verb, talk, f"250 {lines[-1]}")
        elif verb == "STARTTLS":
            self._do(verb, talk, "220 go")
            self._encrypt(talk)
        elif verb == "RCPT":
            address = line.decode().partition("<")[2].partition(">")[0]
            self._do(f"RCPT {address}" if f"RCPT {address}" in self.script else verb, talk, "250 ok")
        elif verb == "DATA":
            self._do(verb, talk, "354 go on")
            self._mail(talk)
        elif verb == "QUIT":
            talk.hang_up()
        else:
            self._do(verb, talk, "235 in" if verb == "AUTH" else "250 ok")

    def _encrypt(self, talk: Talk) -> None:
        talk.sock = self._context.wrap_socket(talk.sock, server_side=True)

    def _mail(self, talk: Talk) -> None:
        if "body" in self.script:
            self.script["body"](talk)
        lines = []
        while (line := _line(talk.sock)) != b".\r\n":
            if not line:
                raise ConnectionError
            lines.append(line.removeprefix(b"."))
        if self._takes or "dot" not in self.script:
            self.ledger.append(b"".join(lines))
        self._do("dot", talk, "250 taken")

    def _do(self, moment: str, talk: Talk, usual: str) -> None:
        action = self.script.get(moment)
        if action is None:
            talk.say(usual)
        else:
            action(talk)


def _line(sock: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        sign = sock.recv(1)
        if not sign:
            return b""
        line += sign
    return line
