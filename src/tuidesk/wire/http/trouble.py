"""What went wrong on the wire → the tree of `tuidesk.errors`, in one place.

Whether a request that got no answer was carried out decides what an agent is asked. Only where the connection was
never made is it certain that it was not; of a request that may be repeated (`unsafe=False`) it does not matter.
"""

import os
import ssl
from http import HTTPStatus

import httpx

from tuidesk.errors import (
    AuthFailed,
    ChannelError,
    RateLimited,
    Rejected,
    Unavailable,
    Unconfirmed,
    Unsupported,
)
from tuidesk.words import say

WIRE = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict, OSError, TimeoutError)
"""All that `of_exception` knows: what a request may end in besides an answer."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""No byte of the request has left."""
_OUR_FAULT = (
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.RequestNotRead,
)
"""The request could not even be written down."""


def of_exception(error: Exception, host: str, *, unsafe: bool) -> ChannelError:
    """One of `WIRE` as ours.

    Its own text is not passed on, since it may hold the address with its token, or a header. For the same reason
    it is raised outside of the `except`: whoever prints a chain of exceptions prints those as well.
    """
    if isinstance(error, _OUR_FAULT):
        return unwritable(error)
    if isinstance(error, _NOT_SENT):
        return Unavailable(_why_no_connection(error, host))
    slow = isinstance(error, TimeoutError | httpx.TimeoutException)
    reason = say("http.slow" if slow else "http.broken", host=host, what=type(error).__name__)
    return Unconfirmed(reason) if unsafe else Unavailable(reason)


def unwritable(error: Exception) -> ChannelError:
    """No other try will help: the address or a header holds what cannot be sent."""
    return Rejected(say("http.unwritable", what=type(error).__name__))


def _why_no_connection(error: Exception, host: str) -> str:
    """What the system said; a certificate is named, since no other try will help."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return say("http.certificate", host=host, why=cause.verify_message)
        if isinstance(cause, ssl.SSLError):  # an OSError as well, whose number means something else
            return say("http.no_tls", host=host, why=cause.reason or type(cause).__name__)
        if isinstance(cause, OSError) and cause.strerror:
            number = cause.errno or 0  # below 0: the resolver's own, whose words asyncio leaves as they are
            why = os.strerror(number) if number > 0 else cause.strerror
            return say("http.no_connection", host=host, why=why)
        cause = cause.__cause__ or cause.__context__
    return say("http.no_connection", host=host, why=type(error).__name__)


def of_status(
    status: int, reason: str, host: str, *, unsafe: bool, after: float | None = None
) -> ChannelError | None:
    """What a status means; None where it is no error.

    Args:
        reason: the service's own words, "" where it gave none.
        after: seconds it asked us to wait.
    """
    if 200 <= status < 300 or status == HTTPStatus.NOT_MODIFIED:
        return None
    said = reason or say("http.status", host=host, status=status, phrase=_phrase(status))
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return AuthFailed(said)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(said, after)
        case HTTPStatus.TOO_EARLY | HTTPStatus.MISDIRECTED_REQUEST:
            return Unavailable(said)
        case HTTPStatus.METHOD_NOT_ALLOWED | HTTPStatus.NOT_IMPLEMENTED:
            return Unsupported(said)
    if 300 <= status < 400 and status != HTTPStatus.SEE_OTHER:
        return Rejected(say("http.moved", host=host))
    if 400 <= status < 500 and status != HTTPStatus.REQUEST_TIMEOUT:
        return Rejected(said)
    if unsafe:  # "see other" is what is said when it is done, and the rest is no answer to what was asked
        return Unconfirmed(said)
    if status == HTTPStatus.SEE_OTHER:
        return Rejected(say("http.moved", host=host))
    return RateLimited(said, after) if after is not None else Unavailable(said)


def not_understood(host: str, what: str, *, unsafe: bool) -> ChannelError:
    """An answer that is none of the service's: HTML for JSON, half a document, more than we take."""
    reason = say("http.not_understood", host=host, what=what)
    return Unconfirmed(reason) if unsafe else Unavailable(reason)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
