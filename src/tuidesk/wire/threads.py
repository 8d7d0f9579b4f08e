"""Blocking work off the event loop, in a thread that nobody has to wait for."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def in_thread(do: Callable[[], T]) -> T:
    """The result of `do()`. Unlike `asyncio.to_thread`, a thread that hangs does not hold up the program's end."""
    result: Future[T] = Future()

    def work() -> None:
        try:
            done = do()
        except BaseException as error:  # noqa: BLE001 - it belongs to who asked
            with suppress(InvalidStateError):
                result.set_exception(error)
        else:
            with suppress(InvalidStateError):
                result.set_result(done)

    threading.Thread(target=work, name="tuidesk-work", daemon=True).start()
    return await asyncio.wrap_future(result)
