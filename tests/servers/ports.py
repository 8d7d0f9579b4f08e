"""Ports on loopback: free ones, and whether somebody listens."""

import socket
import time


def free(*hosts: str) -> int:
    """A TCP port that is free on every one of `hosts`. Nothing holds it until a server takes it."""
    for _ in range(100):
        with socket.socket() as first:
            first.bind((hosts[0], 0))
            port: int = first.getsockname()[1]
            if all(_is_free(host, port) for host in hosts[1:]):
                return port
    raise OSError(f"no port is free on all of {hosts}")


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def is_open(host: str, port: int) -> bool:
    """Somebody accepts a connection there."""
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


def wait_open(host: str, port: int, within: float = 20.0) -> None:
    """Return when somebody listens at `host`, `port`.

    Raises:
        TimeoutError: nobody did within so many seconds.
    """
    end = time.monotonic() + within
    while not is_open(host, port):
        if time.monotonic() > end:
            raise TimeoutError(f"nobody listens at {host}:{port}")
        time.sleep(0.05)
