"""A Twilio of the tests' own, in the shape of its specifications, with what each phone has got."""

import itertools
import json
import time
from base64 import b64encode
from collections.abc import Callable
from email.utils import formatdate, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from tests.fakes.service import Asked, Reply, Service, route
from tuidesk.domain import instants

ACCOUNT = "AC" + "a" * 32
OURS, DANA = "+15550001", "+821055500117"
CORE = "/2010-04-01/Accounts/" + ACCOUNT


def _stamp(ago_s: float = 0.0) -> str:
    return formatdate(time.time() - ago_s).replace("-0000", "+0000")


def _of_days(asked: Asked, name: str, stamp: str) -> bool:
    """Whether a time is within the days of a list's filter, both of them included."""
    day = parsedate_to_datetime(stamp).strftime("%Y-%m-%d")
    return asked.get(f"{name}>", day) <= day <= asked.get(f"{name}<", day)


class FakeTwilio(Service):
    """One account with one number, which also is a WhatsApp sender; all four of Twilio's hosts in one."""

    def __init__(self, secret: str, user: str = ACCOUNT) -> None:
        super().__init__()
        self.secret = secret
        self._login = "Basic " + b64encode(f"{user}:{secret}".encode()).decode()
        self.messages: list[dict[str, Any]] = []
        self.media: dict[str, list[tuple[dict[str, Any], bytes]]] = {}
        self.calls: list[dict[str, Any]] = []
        self.recordings: list[dict[str, Any]] = []
        self.transcripts: dict[str, str] = {}
        self.sentences: dict[str, list[str]] = {}
        self.talks: dict[str, dict[str, Any]] = {}
        self.talk_messages: dict[str, list[dict[str, Any]]] = {}
        self.talk_files: dict[str, bytes] = {}
        self.sms = True
        self.absolute = False
        """Lists name their pages whole, as the specification has it; the real ones leave the host out."""
        self.received: list[tuple[str, str]] = []
        """What phones have got: (address, text or template)."""
        self.most = 1000
        """Of a list of the core API a page, whatever is asked for."""
        self._numbers = itertools.count(1)

    def sid(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):032x}"

    # --- people ---

    def text(
        self, body: str, *, of: str = DANA, whatsapp: bool = False, ago_s: float = 0.0, files: int = 0
    ) -> str:
        """A customer's message; its sid."""
        prefix = "whatsapp:" if whatsapp else ""
        made = self._message(prefix + of, prefix + OURS, body, "inbound", "received", ago_s)
        self.media[made["sid"]] = []
        made["num_media"] = str(files)
        return str(made["sid"])

    def send_file(self, content: bytes, kind: str = "application/octet-stream") -> None:
        """A picture message."""
        sid = self.text("look", files=1)
        media = self.sid("ME")
        uri = f"{CORE}/Messages/{sid}/Media/{media}.json"
        stamp = _stamp()
        made: dict[str, Any] = {
            "sid": media, "account_sid": ACCOUNT, "parent_sid": sid, "content_type": kind, "uri": uri,
            "date_created": stamp, "date_updated": stamp,
        }  # fmt: skip
        self.media[sid] = [(made, content)]

    def _message(
        self, sender: str | None, to: str, body: str, direction: str, status: str, ago_s: float = 0.0
    ) -> dict[str, Any]:
        with self.lock:
            sid, stamp = self.sid("SM"), _stamp(ago_s)
            made = {
                "sid": sid, "account_sid": ACCOUNT, "from": sender, "to": to, "body": body, "direction": direction,
                "status": status, "date_created": stamp, "date_sent": stamp, "date_updated": stamp, "num_media": "0",
                "num_segments": "1", "error_code": None, "error_message": None, "price": None, "price_unit": "USD",
                "api_version": "2010-04-01", "messaging_service_sid": None, "uri": f"{CORE}/Messages/{sid}.json",
                "subresource_uris": {"media": f"{CORE}/Messages/{sid}/Media.json"},
            }  # fmt: skip
            self.messages.append(made)
            return made

    def fare(self, sid: str, status: str, code: int | None = None) -> None:
        """The network's word on one of ours."""
        with self.lock:
            found = next(one for one in self.messages if one["sid"] == sid)
            found.update(status=status, error_code=code, date_updated=_stamp())

    def ring(
        self,
        status: str = "no-answer",
        *,
        name: str = "",
        direction: str = "inbound",
        ago_s: float = 0.0,
        of: str = DANA,
    ) -> str:
        """A call; its sid."""
        with self.lock:
            sid, stamp = self.sid("CA"), _stamp(ago_s)
            self.calls.append(
                {"sid": sid, "account_sid": ACCOUNT, "from": of, "to": OURS, "status": status,
                 "direction": direction, "start_time": stamp, "end_time": stamp, "date_created": stamp,
                 "date_updated": stamp, "duration": "0", "caller_name": name or None, "price": None,
                 "price_unit": "USD", "parent_call_sid": None, "phone_number_sid": None, "answered_by": None,
                 "api_version": "2010-04-01", "forwarded_from": None, "group_sid": None, "trunk_sid": None,
                 "queue_time": "0", "to_formatted": OURS, "from_formatted": DANA, "uri": f"{CORE}/Calls/{sid}.json",
                 "subresource_uris": {}}
            )  # fmt: skip
            return sid

    def leave(
        self, call: str, seconds: int = 42, source: str = "RecordVerb", status: str = "completed"
    ) -> str:
        """Voicemail; the recording's sid."""
        with self.lock:
            sid, stamp = self.sid("RE"), _stamp()
            self.recordings.append(
                {"sid": sid, "account_sid": ACCOUNT, "call_sid": call, "conference_sid": None, "status": status,
                 "duration": str(seconds), "date_created": stamp, "date_updated": stamp, "start_time": stamp,
                 "api_version": "2010-04-01", "channels": 1, "source": source, "error_code": None, "price": None,
                 "price_unit": "USD", "uri": f"{CORE}/Recordings/{sid}.json", "encryption_details": None,
                 "subresource_uris": {}, "media_url": f"{self.base}{CORE}/Recordings/{sid}"}
            )  # fmt: skip
            return sid

    def begin_talk(self, *, whatsapp: bool = False, ago_s: float = 0.0) -> str:
        """A conversation with one customer; its sid."""
        with self.lock:
            sid, stamp = self.sid("CH"), instants.rfc3339(int((time.time() - ago_s) * 1000))
            self.talks[sid] = {
                "sid": sid, "account_sid": ACCOUNT, "chat_service_sid": "IS" + "b" * 32, "state": "active",
                "messaging_service_sid": "MG" + "c" * 32, "friendly_name": None, "unique_name": None,
                "attributes": "{}", "date_created": stamp, "date_updated": stamp, "timers": {}, "bindings": None,
                "url": f"https://conversations.twilio.com/v1/Conversations/{sid}", "links": {},
                "address": ("whatsapp:" if whatsapp else "") + DANA,
            }  # fmt: skip
            self.talk_messages[sid] = []
            return sid

    def say_in(
        self, talk: str, body: str, author: str | None = None, ago_s: float = 0.0, attributes: str = "{}"
    ) -> dict[str, Any]:
        """A message there; the customer's, unless it has another author."""
        with self.lock:
            sid = self.sid("IM")
            stamp = instants.rfc3339(int((time.time() - ago_s) * 1000))
            made: dict[str, Any] = {
                "sid": sid, "account_sid": ACCOUNT, "conversation_sid": talk, "index": len(self.talk_messages[talk]),
                "author": author or self.talks[talk]["address"], "body": body, "media": None, "attributes": attributes,
                "participant_sid": None, "date_created": stamp, "date_updated": stamp, "delivery": None,
                "url": f"https://conversations.twilio.com/v1/Conversations/{talk}/Messages/{sid}", "links": {},
                "content_sid": None,
            }  # fmt: skip
            self.talk_messages[talk].append(made)
            if author is None:
                self.talks[talk]["state"] = "active"
            return made

    def send_file_in(self, talk: str, name: str, content: bytes) -> None:
        """A picture message there."""
        with self.lock:
            media = self.sid("ME")
            self.talk_files[media] = content
            kept = {
                "sid": media,
                "size": len(content),
                "content_type": "application/octet-stream",
                "filename": name,
            }
            self.say_in(talk, "")["media"] = [kept]

    # --- the APIs ---

    def allowed(self, asked: Asked) -> Reply | None:
        if asked.path.startswith(
            "/temporary/"
        ):  # whoever has the address may read, and logins are refused there
            return Reply(status=400) if "authorization" in asked.headers else None
        good = asked.headers.get("authorization") == self._login
        refused = {"code": 20003, "message": "Authenticate", "more_info": "", "status": 401}
        return None if good else Reply(refused, 401)

    def _listed(self, asked: Asked, name: str, found: list[dict[str, Any]], list_: str) -> Any:
        size, page = min(int(asked.get("PageSize", "50")), self.most), int(asked.get("Page", "0"))
        items = found[::-1][page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        kept = "&".join(
            f"{quote(name)}={quote(value)}"
            for name in asked.query
            if name != "Page"
            for value in asked.query[name]
        )
        uri = f"{self.base if self.absolute else ''}{CORE}/{list_}.json?{kept}&Page={{}}"
        return {
            name: items, "page": page, "page_size": size, "start": page * size, "end": page * size + len(items),
            "uri": uri.format(page), "first_page_uri": uri.format(0), "previous_page_uri": None,
            "next_page_uri": uri.format(page + 1) if more else None,
        }  # fmt: skip

    @route("GET", CORE + r"/IncomingPhoneNumbers\.json")
    def numbers(self, asked: Asked) -> Any:
        stamp = _stamp()
        number = {
            "sid": "PN" + "d" * 32, "account_sid": ACCOUNT, "phone_number": OURS, "friendly_name": OURS,
            "capabilities": {"sms": self.sms, "mms": True, "voice": True, "fax": False}, "date_created": stamp,
            "date_updated": stamp, "api_version": "2010-04-01", "beta": False, "origin": "twilio",
        }  # fmt: skip
        return self._listed(asked, "incoming_phone_numbers", [number], "IncomingPhoneNumbers")

    @route("GET", CORE + r"/Messages\.json")
    def list_messages(self, asked: Asked) -> Any:
        def fits(one: dict[str, Any]) -> bool:
            named = one["to"] == asked.get("To", one["to"]) and one["from"] == asked.get("From", one["from"])
            return bool(named and _of_days(asked, "DateSent", one["date_sent"]))

        with self.lock:
            return self._listed(asked, "messages", list(filter(fits, self.messages)), "Messages")

    @route("GET", CORE + r"/Messages/(\w+)\.json")
    def one_message(self, asked: Asked) -> Any:
        """A messaging service has chosen its number by now."""
        with self.lock:
            found = next((one for one in self.messages if one["sid"] == asked.parts[0]), None)
            if found is None:
                return self._missing()
            found["from"] = found["from"] or OURS
            return found

    @route("GET", CORE + r"/Messages/(\w+)/Media\.json")
    def list_media(self, asked: Asked) -> Any:
        found = [one for one, _ in self.media.get(asked.parts[0], [])]
        return self._listed(asked, "media_list", found, f"Messages/{asked.parts[0]}/Media")

    @route("GET", CORE + r"/Messages/(\w+)/Media/(\w+)")
    def media_file(self, asked: Asked) -> Any:
        found = [
            content for one, content in self.media.get(asked.parts[0], []) if one["sid"] == asked.parts[1]
        ]
        return Reply(body=found[0]) if found else self._missing()

    def _missing(self) -> Reply:
        return Reply(
            {
                "code": 20404,
                "message": "The requested resource was not found",
                "more_info": "",
                "status": 404,
            },
            404,
        )

    @route("POST", CORE + r"/Messages\.json")
    def send(self, asked: Asked) -> Any:
        form = asked.form
        if (
            not form.get("To")
            or not (form.get("Body") or form.get("ContentSid"))
            or not (form.get("From") or form.get("MessagingServiceSid"))
        ):
            return Reply(
                {"code": 21604, "message": "A parameter is missing", "more_info": "", "status": 400}, 400
            )
        if len(form.get("Body", "")) > 1600:
            return Reply(
                {"code": 21617, "message": "The message is too long", "more_info": "", "status": 400}, 400
            )
        with self.lock:
            said = form.get("Body") or f"{form['ContentSid']} {form.get('ContentVariables', '')}"
            made = self._message(form.get("From"), form["To"], said, "outbound-api", "queued")
            self.received.append((form["To"], said))
            return Reply(made, 201)

    @route("GET", CORE + r"/Calls\.json")
    def list_calls(self, asked: Asked) -> Any:
        with self.lock:
            found = [
                one
                for one in self.calls
                if asked.get("Status", one["status"]) == one["status"]
                and _of_days(asked, "StartTime", one["start_time"])
            ]
            return self._listed(asked, "calls", found, "Calls")

    @route("GET", CORE + r"/Calls/(\w+)\.json")
    def call(self, asked: Asked) -> Any:
        return next((one for one in self.calls if one["sid"] == asked.parts[0]), None) or self._missing()

    @route("GET", CORE + r"/Recordings\.json")
    def list_recordings(self, asked: Asked) -> Any:
        with self.lock:
            found = [one for one in self.recordings if _of_days(asked, "DateCreated", one["date_created"])]
            return self._listed(asked, "recordings", found, "Recordings")

    @route("GET", CORE + r"/Recordings/(\w+)\.mp3")
    def sound(self, asked: Asked) -> Any:
        return Reply(body=b"mp3 of " + asked.parts[0].encode())

    @route("GET", CORE + r"/Recordings/(\w+)/Transcriptions\.json")
    def transcriptions(self, asked: Asked) -> Any:
        words, stamp = self.transcripts.get(asked.parts[0]), _stamp()
        found = [] if words is None else [
            {"sid": "TR" + "e" * 32, "account_sid": ACCOUNT, "recording_sid": asked.parts[0], "status": "completed",
             "transcription_text": words, "date_created": stamp, "date_updated": stamp, "duration": "42",
             "type": "fast", "api_version": "2010-04-01", "price": None, "price_unit": "USD", "uri": ""}
        ]  # fmt: skip
        return self._listed(asked, "transcriptions", found, f"Recordings/{asked.parts[0]}/Transcriptions")

    @route("GET", "/v2/Transcripts")
    def intelligence(self, asked: Asked) -> Any:
        found = self.sentences.get(asked.get("SourceSid"))
        ready = [] if found is None else [{"sid": "GT" + asked.get("SourceSid")[2:], "status": "completed"}]
        return {"transcripts": ready, "meta": {"next_page_url": None}}

    @route("GET", r"/v2/Transcripts/GT(\w+)/Sentences")
    def sentences_of(self, asked: Asked) -> Any:
        said = [{"transcript": one} for one in self.sentences["RE" + asked.parts[0]]]
        return {"sentences": said, "meta": {"next_page_url": None}}

    @route("GET", "/v1/Content")
    def content(self, asked: Asked) -> Any:
        template = {"sid": "HX" + "f" * 32, "friendly_name": "order_ready", "language": "en",
                    "variables": {"1": "number"},
                    "types": {"twilio/text": {"body": "Your order {{1}} is ready."}}}  # fmt: skip
        return {"contents": [template], "meta": {"next_page_url": None}}

    def _meta(self, asked: Asked, found: list[dict[str, Any]], name: str) -> Any:
        size, page = int(asked.get("PageSize", "50")), int(asked.get("Page", "0"))
        more = len(found) > (page + 1) * size
        query = "&".join(f"{key}={asked.get(key)}" for key in asked.query if key != "Page")
        url = f"{self.base}{asked.path}?{query}&Page={page + 1}"
        meta = {"page": page, "page_size": size, "next_page_url": url if more else None, "key": name,
                "first_page_url": url, "previous_page_url": None, "url": url}  # fmt: skip
        return {name: found[page * size : (page + 1) * size], "meta": meta}

    @route("GET", "/v1/Conversations")
    def list_talks(self, asked: Asked) -> Any:
        with self.lock:
            shown = [
                {name: value for name, value in one.items() if name != "address"}
                for one in self.talks.values()
                if asked.get("State", one["state"]) == one["state"]
                and one["date_created"] >= asked.get("StartDate", "")
            ]
            return self._meta(asked, shown, "conversations")

    @route("GET", r"/v1/Conversations/(\w+)")
    def one_talk(self, asked: Asked) -> Any:
        found = self.talks.get(asked.parts[0])
        if found is None:
            return self._missing()
        return {name: value for name, value in found.items() if name != "address"}

    @route("GET", r"/v1/Services/(\w+)/Media/(\w+)")
    def talk_file(self, asked: Asked) -> Any:
        if asked.parts[0] != "IS" + "b" * 32 or asked.parts[1] not in self.talk_files:
            return self._missing()
        there = f"http://localhost:{self.port}/temporary/{asked.parts[1]}"
        return {"sid": asked.parts[1], "links": {"content_direct_temporary": there}}

    @route("GET", r"/temporary/(\w+)")
    def temporary(self, asked: Asked) -> Any:
        return Reply(body=self.talk_files[asked.parts[0]])

    @route("GET", r"/v1/Conversations/(\w+)/Messages")
    def list_talk(self, asked: Asked) -> Any:
        with self.lock:
            found = list(self.talk_messages.get(asked.parts[0], []))
            return self._meta(asked, found[::-1] if asked.get("Order") == "desc" else found, "messages")

    @route("GET", r"/v1/Conversations/(\w+)/Participants")
    def participants(self, asked: Asked) -> Any:
        address = self.talks[asked.parts[0]]["address"]
        stamp = self.talks[asked.parts[0]]["date_created"]
        bound = {"sid": "MB" + "a" * 32, "account_sid": ACCOUNT, "conversation_sid": asked.parts[0], "identity": None,
                 "attributes": "{}", "role_sid": None, "date_created": stamp, "date_updated": stamp, "url": self.base,
                 "messaging_binding": {"type": "sms", "address": address, "proxy_address": OURS}}  # fmt: skip
        return self._meta(asked, [bound], "participants")

    @route("POST", r"/v1/Conversations/(\w+)/Messages")
    def talk(self, asked: Asked) -> Any:
        form, sid = asked.form, asked.parts[0]
        with self.lock:
            if sid not in self.talks:
                return self._missing()
            json.loads(form.get("Attributes", "{}"))
            said = form.get("Body") or f"{form['ContentSid']} {form.get('ContentVariables', '')}"
            made = self.say_in(
                sid, said, form.get("Author") or "system", attributes=form.get("Attributes", "{}")
            )
            self.received.append((self.talks[sid]["address"], said))
            return Reply(made, 201)

    @route("POST", r"/v1/Conversations/(\w+)")
    def set_talk(self, asked: Asked) -> Any:
        with self.lock:
            found = self.talks[asked.parts[0]]
            found.update(state=asked.form["State"], date_updated=instants.rfc3339(int(time.time() * 1000)))
            return {name: value for name, value in found.items() if name != "address"}


def servers(base: str) -> str:
    """The account file's table for a fake that is all four hosts."""
    hosts: Callable[[str], str] = lambda name: f'{name} = "{base}"\n'  # noqa: E731 - a line a host
    return "[servers]\n" + "".join(map(hosts, ("api", "conversations", "content", "intelligence", "media")))
