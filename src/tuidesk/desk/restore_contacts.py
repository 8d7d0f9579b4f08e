"""Customers of an export: contacts under their old numbers where those are free, their links, the notes about them."""

from tuidesk.desk.exported import Line, Numbers
from tuidesk.desk.intake import Intake
from tuidesk.domain import events, forms, vocabulary
from tuidesk.domain.forms import needed, part
from tuidesk.domain.instants import Instant
from tuidesk.errors import BadEvent
from tuidesk.store import contacts, exchange
from tuidesk.store.accounts import person_json
from tuidesk.store.sql import Connection, scalar, update
from tuidesk.words import say


class Contacts:
    """Old number → contact, for one import."""

    def __init__(self, *, fresh: bool) -> None:
        self._fresh = fresh
        self._known = Numbers()
        self._nobodies: dict[int, int] = {}
        """As `_known`, for those without a handle."""

    def _wanted(self, desk: Line) -> int | None:
        return part(forms.read_count, desk, "n", "desk") if self._fresh else None

    def whose(
        self, connection: Connection, account: str, medium: str, handle: str, desk: Line, at: Instant
    ) -> int:
        """The customer of a conversation's line."""
        known = self._known.get(part(forms.read_count, desk, "contact", "desk"))
        if known is not None:
            return known
        if handle:
            return contacts.find_or_make(connection, account, medium, handle, "", at)
        return self._nobody(connection, desk, at)

    def put(self, intake: Intake, obj: Line) -> None:
        connection, desk = intake.connection, obj["desk"]
        event = vocabulary.parse({name: value for name, value in obj.items() if name != "desk"})
        assert isinstance(event, events.ContactSeen)
        since = part(forms.read_when, desk, "since", "desk") or intake.now
        number = contacts.find(connection, intake.account, event.medium, event.handle)
        if number is None:
            number = exchange.put(
                connection, "contact", self._wanted(desk), name=event.name or "", since=since
            )
            update(connection, "contact", number, root=number)
            contacts.add_identity(connection, intake.account, event.medium, event.handle, number)
        if event.fields:
            contacts.set_fields(connection, number, event.fields)
        self._known.add(needed(forms.read_count, desk, "n", "desk"), number)

    def _of(self, old: int | None) -> int | None:
        """The contact that had this number."""
        found = self._known.get(old)
        return found if found is not None or old is None else self._nobodies.get(old)

    def link(self, connection: Connection, obj: Line) -> None:
        desk = obj["desk"]
        a = self._of(part(forms.read_count, desk, "a", "desk"))
        b = self._of(part(forms.read_count, desk, "b", "desk"))
        if a is None or b is None:
            raise BadEvent(say("exchange.stray", type="contacts_merged"))
        apart = int(bool(part(forms.read_flag, desk, "apart", "desk")))
        if self._fresh or contacts.said(connection, a, b) is None:
            why = part(forms.read_text, obj, "why", "contacts_merged") or ""
            contacts.say_of(connection, a, b, (why, apart))

    def note(self, connection: Connection, obj: Line) -> None:
        desk = obj["desk"]
        contact = self._of(part(forms.read_count, desk, "contact", "desk"))
        if contact is None:
            raise BadEvent(say("exchange.stray", type="contact_note"))
        at = needed(forms.read_when, obj, "at", "contact_note")
        text = needed(forms.read_text, obj, "text", "contact_note")
        if not self._fresh and exchange.contact_note(connection, contact, at, text) is not None:
            return
        exchange.put(
            connection,
            "contact_note",
            self._wanted(desk),
            contact=contact,
            at=at,
            by=person_json(part(forms.read_person, obj, "by", "contact_note")),
            text=text,
            archived_at=part(forms.read_when, desk, "archived_at", "desk"),
        )

    def _nobody(self, connection: Connection, desk: Line, at: Instant) -> int:
        """A customer without a handle: known by this conversation alone."""
        wanted = part(forms.read_count, desk, "contact", "desk") if self._fresh else None
        name = part(forms.read_text, desk, "name", "desk") or ""
        number = exchange.put(connection, "contact", wanted, name=name, since=at)
        update(connection, "contact", number, root=number)
        return number

    def learn_nobody(self, connection: Connection, head: Line, desk: Line, number: int) -> None:
        """Whose conversation it is, where no handle says so."""
        old = part(forms.read_count, desk, "contact", "desk")
        if old is not None and not head.get("handle"):
            found = scalar(connection, "SELECT contact FROM conversation WHERE id = ?", number)
            self._nobodies[old] = int(found)
