"""Exported customers back into the store: who they are, who is one with whom, and the notes about them."""

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


class RestoredContacts:
    """The customers of one import, under their old numbers."""

    def __init__(self, *, fresh: bool) -> None:
        self._fresh = fresh
        self._numbers = Numbers()
        self._nobodies: dict[int, int] = {}
        """Those without a handle."""

    def known(self, old: int | None) -> int | None:
        """The contact that had this number."""
        found = self._numbers.get(old)
        return found if found is not None or old is None else self._nobodies.get(old)

    def put(self, intake: Intake, obj: Line) -> None:
        """One handle of a customer."""
        connection, desk = intake.connection, obj["desk"]
        event = vocabulary.parse({name: value for name, value in obj.items() if name != "desk"})
        assert isinstance(event, events.ContactSeen)
        since = part(forms.read_when, desk, "since", "desk") or intake.now
        number = contacts.find(connection, intake.account, event.medium, event.handle)
        if number is None:
            wanted = part(forms.read_count, desk, "n", "desk") if self._fresh else None
            number = exchange.put(connection, "contact", wanted, name=event.name or "", since=since)
            update(connection, "contact", number, root=number)
            contacts.add_identity(connection, intake.account, event.medium, event.handle, number)
        if event.fields:
            contacts.set_fields(connection, number, event.fields)
        self._numbers.add(needed(forms.read_count, desk, "n", "desk"), number)

    def nobody(self, connection: Connection, desk: Line, at: Instant) -> int:
        """A customer without a handle: known by this conversation alone."""
        wanted = part(forms.read_count, desk, "contact", "desk") if self._fresh else None
        name = part(forms.read_text, desk, "name", "desk") or ""
        number = exchange.put(connection, "contact", wanted, name=name, since=at)
        update(connection, "contact", number, root=number)
        return number

    def learn_nobody(self, connection: Connection, head: Line, conversation: int) -> None:
        """Whose conversation it is, where no handle says so."""
        old = part(forms.read_count, head["desk"], "contact", "desk")
        if old is not None and not head.get("handle"):
            found = scalar(connection, "SELECT contact FROM conversation WHERE id = ?", conversation)
            self._nobodies[old] = int(found)

    def link(self, connection: Connection, obj: Line) -> None:
        """Two that are one, or that the agent keeps apart; what this desk says of the two already stands."""
        desk = obj["desk"]
        a = self.known(part(forms.read_count, desk, "a", "desk"))
        b = self.known(part(forms.read_count, desk, "b", "desk"))
        if a is None or b is None:
            raise BadEvent(say("exchange.stray", type="contacts_merged"))
        apart = int(bool(part(forms.read_flag, desk, "apart", "desk")))
        if a != b and (self._fresh or contacts.said(connection, a, b) is None):
            why = part(forms.read_text, obj, "why", "contacts_merged") or ""
            contacts.say_of(connection, a, b, (why, apart))

    def note(self, connection: Connection, obj: Line) -> None:
        desk = obj["desk"]
        contact = self.known(part(forms.read_count, desk, "contact", "desk"))
        if contact is None:
            raise BadEvent(say("exchange.stray", type="contact_note"))
        at = needed(forms.read_when, obj, "at", "contact_note")
        text = needed(forms.read_text, obj, "text", "contact_note")
        if not self._fresh and exchange.contact_note(connection, contact, at, text) is not None:
            return
        exchange.put(
            connection,
            "contact_note",
            part(forms.read_count, desk, "n", "desk") if self._fresh else None,
            contact=contact,
            at=at,
            by=person_json(part(forms.read_person, obj, "by", "contact_note")),
            text=text,
            archived_at=part(forms.read_when, desk, "archived_at", "desk"),
        )
