"""What a fetched message becomes: what is left on the server can be fetched wherever the mail lies by then."""

import asyncio

from tuidesk.channels.mail import refs
from tuidesk.channels.mail.arriving import Arriving
from tuidesk.channels.mail.fetch import Fetched
from tuidesk.channels.mail.refs import Ref
from tuidesk.domain.events import Received
from tuidesk.wire import arrivals, mime
from tuidesk.wire.mime.parse import MAX_TEXT

US = arrivals.Us(*(frozenset({"support@acme.example"}) for _ in range(3)))
HEAD = (
    b"From: dana@ortiz.example\r\nTo: support@acme.example\r\nMessage-ID: <long@ortiz.example>\r\n"
    b"Content-Type: text/plain\r\n\r\n"
)


def test_the_whole_of_a_long_text_is_found_by_its_id_once_the_mail_has_moved() -> None:
    raw = HEAD + b"a line of a very long text\r\n" * (MAX_TEXT // 20)
    fetched = Fetched(8, 0, len(raw), frozenset(), raw)
    told, _ = asyncio.run(Arriving(mime.parse, US).events(fetched, Ref("INBOX", 7, 8), in_sent=False))
    (arrived,) = (event for event in told if isinstance(event, Received))
    assert arrived.body is not None
    ref = refs.parse(arrived.body.ref)
    assert ref == Ref("INBOX", 7, 8, "", "<long@ortiz.example>")
