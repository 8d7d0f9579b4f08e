"""What stands in a composer, as data, and who a text goes to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tuidesk.desk.picture import Draft, Recipients, ShownMessage
from tuidesk.desk.routes import Route
from tuidesk.domain import addresses
from tuidesk.domain.commands import Mode, SaveDraft
from tuidesk.domain.model import Inserted, Person, Unit, Watch
from tuidesk.domain.text import clean, cut, width
from tuidesk.domain.visibility import known
from tuidesk.errors import UsageError
from tuidesk.words import say


@dataclass(frozen=True, slots=True)
class Slot:
    """Each mode of a conversation has a text of its own."""

    conversation: int
    """0 for a conversation that is to be started."""
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a composer is opened with. Everything is as it came: nothing is clean."""

    conversation: int
    mode: Mode
    draft: Draft | None = None
    recipients: Recipients | None = None
    """Who a reply goes to unless the agent changes it."""
    accounts: Sequence[tuple[str, str]] = ()
    """(id, label) of those a conversation can be started from, the first is the default."""
    medium: str = "mail"
    """Of what is started or forwarded."""
    chosen_medium: str = ""
    """Of what is started, where the account's first is not meant."""
    max_length: int | None = None
    unit: Unit = "characters"
    hold_s: float = 0
    """Seconds that it is held back after sending."""
    passes_on: ShownMessage | None = None
    """What a forward carries along."""
    visibility: str = ""
    """Of a reply that is seen by others than the conversation, as the agent chose; else ""."""
    routes: tuple[Route, ...] = ()
    """Other ways to the same customer."""
    failed: str = ""
    """Why this text, which was sent before, did not get there; "" where it was not."""
    closed: Literal["", "likely", "templates"] = ""
    """The time for replies is over: the channel will most likely take none, or nothing but its templates."""
    answers: str = "public"
    """Who could read what it answers."""
    newest: int = 0
    """Number of the conversation's newest message: what is written from now on has seen that one."""
    watch: Watch = field(default_factory=Watch)
    """What is asked about before it leaves."""

    @property
    def slot(self) -> Slot:
        return Slot(self.conversation, self.mode)

    @property
    def seen_by(self) -> str:
        """Who can read it (`domain.visibility`)."""
        if self.mode != "reply" or self.recipients is None:
            return "direct"
        return known(self.visibility or self.recipients.visibility)

    @property
    def goes_by(self) -> str:
        """The medium it leaves by."""
        if self.mode == "reply" and self.recipients is not None:
            return self.recipients.medium
        return self.chosen_medium or self.medium

    @property
    def has_fields(self) -> bool:
        """Whether somebody must be named before it can leave."""
        return self.mode in ("start", "forward")

    @property
    def can_change(self) -> bool:
        """Whether its recipients are the agent's to change."""
        return self.has_fields or (self.mode == "reply" and self.goes_by == "mail")

    def default_people(self) -> tuple[str, str]:
        """To and Cc as they would be typed."""
        if self.mode != "reply" or self.recipients is None:
            return "", ""
        return addresses.write(self.recipients.to), addresses.write(self.recipients.cc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The content of a composer at one moment."""

    slot: Slot
    text: str
    to: str = ""
    """As typed; empty in a reply whose recipients were left as the thread gives them."""
    cc: str = ""
    subject: str = ""
    account: str = ""
    bcc: str = ""
    sender: str = ""
    """A From alias of the account."""
    files: tuple[str, ...] = ()
    alts: tuple[tuple[str, str], ...] = ()
    """What pictures among them show, as (path, words)."""
    visibility: str = ""
    """Of a reply that is seen by others than its conversation."""
    medium: str = ""
    """Of a start."""
    canned: tuple[Inserted, ...] = ()
    """The canned replies that were put into the text."""
    began: int = 0
    """Number of the conversation's newest message when the text was begun."""
    over: str | None = field(default=None, compare=False)
    """The words that stood here when this was last on its way to the disk, or came from there."""

    def draft(self) -> SaveDraft:
        """The command that keeps it."""
        return SaveDraft(
            conversation=self.slot.conversation or None,
            mode=self.slot.mode,
            text=self.text,
            to=self.to,
            cc=self.cc,
            subject=self.subject,
            account=self.account,
            bcc=self.bcc,
            sender=self.sender,
            files=self.files,
            alts=self.alts,
            visibility=self.visibility,
            medium=self.medium,
            canned=self.canned,
            began=self.began or None,
            over=self.over,
        )


class Misaddressed(UsageError):
    """A recipient cannot be read. `field` is the one to look at: `to`, `cc` or `bcc`."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(say("composer.wrong", field=say(f"composer.field_{field}"), why=why))
        self.field = field


def addressees(sheet: Sheet, typed: tuple[str, str] | None) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """To and Cc as they stand in the composer: what is on the screen is what is sent.

    `typed`: To and Cc where there are fields for them; None where the thread's own recipients stand there.

    Raises:
        Misaddressed: one of them cannot be read, or nobody is named.
    """
    if sheet.mode == "note":
        return (), ()
    if typed is None:
        return (sheet.recipients.to, sheet.recipients.cc) if sheet.recipients is not None else ((), ())
    to = _people("to", typed[0], sheet.goes_by)
    cc = _people("cc", typed[1], sheet.goes_by)
    if not to:
        raise Misaddressed("to", say("composer.no_people"))
    return to, cc


def hidden(sheet: Sheet, typed: str) -> tuple[Person, ...]:
    """Bcc as it stands in the composer.

    Raises:
        Misaddressed: it cannot be read.
    """
    return _people("bcc", typed, sheet.goes_by)


def _people(field: str, typed: str, medium: str) -> tuple[Person, ...]:
    try:
        return addresses.parse(typed, medium)
    except UsageError as error:
        raise Misaddressed(field, str(error)) from error


def dotless(sheet: Sheet, people: Iterable[Person]) -> Person | None:
    """The first to whom mail goes at a domain without a dot, which is seldom meant; None where there is nobody."""
    if sheet.goes_by != "mail":
        return None
    domains = ((person, person.handle.rpartition("@")[2]) for person in people)
    return next((person for person, domain in domains if "." not in domain), None)


def shown_person(person: Person, most: int = 400) -> str:
    """`Dana Ortiz <dana@ortiz.example>`, clean; the raw address always stands there, a long name gives way to it."""
    name, handle = clean(person.name, lines=False).strip(), clean(person.handle, lines=False)
    if not name or not handle or name == handle:
        return cut(handle or name, max(most, 20))
    return f"{cut(name, max(most - width(handle) - 3, 12))} <{handle}>"


class Keeping:
    """What was reported for saving and what is on disk, for every text that was open."""

    def __init__(self) -> None:
        self._reported: Written | None = None
        """The newest content of the open text that was reported or loaded."""
        self._unsaved: dict[Slot, Written] = {}
        """Reported, and not yet known to be on disk."""

    def load(self, sheet: Sheet) -> Written:
        """What to open with: what is not on disk yet wins over the draft that was read from there."""
        draft = sheet.draft
        if (kept := self._unsaved.get(sheet.slot)) is not None:
            return kept
        if draft is None:
            return Written(slot=sheet.slot, text="", began=sheet.newest)
        # addresses that were typed for a mail name nobody where the answer goes out by another medium
        named = draft if sheet.can_change else draft._replace(to="", cc="", bcc="", sender="")
        return Written(
            slot=sheet.slot,
            text=draft.text,
            to=named.to,
            cc=named.cc,
            subject=draft.subject,
            account=draft.account,
            bcc=named.bcc,
            sender=named.sender,
            files=draft.files,
            alts=draft.alts,
            canned=draft.canned,
            began=draft.began or sheet.newest,
        )

    def loaded(self, now: Written) -> None:
        self._reported = now

    def is_reported(self, now: Written) -> bool:
        return now == self._reported

    def is_saved(self, now: Written) -> bool:
        return now == self._reported and now.slot not in self._unsaved

    def report(self, now: Written) -> tuple[Written, bool]:
        """`now` as it is on its way to the disk; whether its recipients are others than before."""
        now = self._over(now)
        before, self._reported = self._reported, now
        self._unsaved[now.slot] = now
        return now, before is not None and (before.to, before.cc) != (now.to, now.cc)

    def _over(self, now: Written) -> Written:
        return now if self._reported is None else replace(now, over=self._reported.text)

    def saved(self, slot: Slot, text: str) -> bool:
        """This text is on disk; whether it was the newest."""
        kept = self._unsaved.get(slot)
        if kept is None or kept.text != text:
            return False
        del self._unsaved[slot]
        return True

    def not_saved(self) -> None:
        """The open text is to be reported once more."""
        self._reported = None

    def sent(self, slot: Slot) -> None:
        """It is no draft any more."""
        self._unsaved.pop(slot, None)

    def unsaved(self, now: Written | None) -> tuple[Written, ...]:
        """All that may not be on disk, with what stands in the composer `now`."""
        if now is None or now == self._reported:
            return tuple(self._unsaved.values())
        return tuple((self._unsaved | {now.slot: self._over(now)}).values())
