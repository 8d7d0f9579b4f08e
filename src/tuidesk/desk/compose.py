"""What an agent writes: reply, new conversation, forward, note. Made whole for its channel and queued."""

from dataclasses import dataclass, replace

from tuidesk.desk import arrive, canned_use, leaving_text, moves, recipients, surveys, templates
from tuidesk.desk.doing import Doing
from tuidesk.desk.enclosing import NOTHING, Enclosed
from tuidesk.desk.typed import Typed, typed_besides, typed_to
from tuidesk.domain import channel_canned, commands
from tuidesk.domain.model import Attachment, Inserted, Person
from tuidesk.domain.outgoing import Outgoing
from tuidesk.domain.searchable import indexed
from tuidesk.domain.survey import Asked
from tuidesk.domain.visibility import is_shared, is_wider, known
from tuidesk.errors import Moved, NotFound, Refused
from tuidesk.store import changes, drafts, merged, messages, outbox, search
from tuidesk.store.sql import Row, insert
from tuidesk.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """Everything a message of ours says, before it has a row."""

    kind: str
    text: str
    subject: str
    to: tuple[Person, ...]
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    sender: str | None = None
    reply_to: str | None = None
    refs: tuple[str, ...] = ()
    forwards: str | None = None
    hold: bool = False
    last_seen: int | None = None
    visibility: str = ""
    """"": the conversation's."""
    after: str = ""
    """Key of the part before it, without which it does not leave."""
    first: bool = True
    """The first part takes the files along."""
    holding: bool = False
    template: Inserted | None = None
    """The channel's template that the text is: it leaves as such, unsigned."""
    signed: bool = False
    """The signature is in the text already, or in another part."""


def reply(doing: Doing, command: commands.Reply) -> str:
    """Queue an answer; the thread moves on to what comes after a reply."""
    thread = doing.conversation(command.conversation)
    root = int(thread["id"])
    row = doing.row(_goes_out_in(doing, root, command))
    _require_text(command.text)
    canned_use.refuse_holes(command.text, command.canned)
    _require_account(doing, row["account"], "reply")
    if row["refuses"]:
        raise Refused(say("desk.refuses", n=root, why=row["refuses"]))
    templates.refuse_free_text(doing, row, root, command.text, command.canned)
    if command.if_last is not None and thread["last_message"] != command.if_last:
        raise Moved(say("desk.moved", n=root))
    if command.survey is not None:
        surveys.refuse(doing.connection, root, command.survey, doing.now)
    letter = _answer(doing, row, command)
    key = _queue_parts(doing, row, root, letter, command)
    canned_use.of_letter(doing, root, doing.made[0], command.text, command.canned)
    if command.survey is not None:
        _note_survey(doing, int(row["id"]), command.survey)
    if not _moves_nothing(command):
        move_on(doing, thread, key)
    _archive_draft(doing, root, "reply", command.text)
    return say(_did(command, letter), n=root)


def _note_survey(doing: Doing, number: int, asked: Asked) -> None:
    entry = surveys.queued(doing.connection, number, doing.made[0], asked, doing.agent, doing.now)
    doing.prior.append({"what": "entry", "conversation": number, "entry": entry})


def _moves_nothing(command: commands.Reply) -> bool:
    """Whether it leaves the status to what was said, or where it is."""
    moves_itself = commands.Complete | commands.Reopen | commands.Pending
    is_said = any(isinstance(act, moves_itself) for act in command.then)
    return is_said or command.holding or command.survey is not None


def _did(command: commands.Reply, letter: _Letter) -> str:
    if command.holding:
        return "desk.did_holding"
    if command.survey is not None:
        return "desk.did_survey"
    return f"desk.did_reply_{letter.visibility}" if is_shared(letter.visibility) else "desk.did_reply"


def _answer(doing: Doing, row: Row, command: commands.Reply) -> _Letter:
    """What a reply says, and to whom.

    Raises:
        NotFound: the message that it answers is not there.
        Refused: nobody is named, or the channel cannot show it to so many.
    """
    number = int(row["id"])
    thread = recipients.of(
        doing.connection, row, doing.ours(row["account"]), command.answers, doing.settings.agent_addresses
    )
    to = command.to if command.to is not None else thread.to
    if not to and row["medium"] == "mail":
        raise Refused(say("desk.nobody_to_write_to", n=number))
    answered = _answered(doing, number, command.answers)
    visibility = known(command.visibility or thread.visibility)
    if visibility not in (row["visibility"], *doing.caps(row["account"]).visibility):
        raise Refused(say(f"desk.cannot_{visibility}", account=row["account"]))
    if is_wider(visibility, thread.visibility):
        raise Refused(say("desk.widens", n=number))
    return _Letter(
        kind="reply",
        text=command.text,
        subject=_answer_subject(row, answered),
        to=to,
        cc=command.cc if command.cc is not None else thread.cc,
        bcc=command.bcc,
        sender=command.sender or thread.via or None,
        reply_to=answered["remote"] if answered is not None else None,
        refs=_refs(doing, number, answered),
        hold=command.hold,
        last_seen=command.last_seen,
        visibility=visibility,
        holding=command.holding,
        template=channel_canned.left_as(command.text, command.canned),
    )


def _queue_parts(doing: Doing, row: Row, root: int, letter: _Letter, command: commands.Reply) -> str:
    """Queue a reply in as many parts as the channel needs; the key of the last."""
    typed = typed_to(command) | typed_besides(command, command.sender)
    if command.visibility not in (None, row["visibility"]):
        typed["visibility"] = command.visibility
    in_parts = command.parts and command.survey is None and letter.template is None  # those are one letter
    texts = leaving_text.parts(doing, row, command.text) if in_parts else (command.text,)
    key = ""
    for place, text in enumerate(texts):
        # taken back, a part brings those behind it along
        left = command.text if not place else "\n".join(texts[place:])
        part = replace(letter, text=text, after=key, first=not place, signed=len(texts) > 1)
        key = _queue(doing, row, part, Typed("reply", root, left, typed if not place else {}))
    return key


def _goes_out_in(doing: Doing, root: int, command: commands.Reply) -> int:
    """The conversation that a reply leaves by.

    Raises:
        Moved: it is not shown in this thread any more.
    """
    if command.part is None:
        return merged.answering(doing.connection, root, command.answers)
    if command.part not in merged.whole(doing.connection, root):
        raise Moved(say("desk.moved", n=root))
    return command.part


def move_on(doing: Doing, row: Row, key: str) -> None:
    """The conversation goes to what comes after a reply, if that one leaves."""
    after = doing.settings.after_reply
    if after == "complete" and moves.lacks_tag(doing, row):
        after = "pending"
        doing.warnings.append(say("desk.not_completed", why=moves.no_tag(doing, [row])))
    if (row["status"], row["pending_for"]) != (after, None):
        doing.move(row, after, {"why": "reply"}, goes_with=key)


def start(doing: Doing, command: commands.Start) -> str:
    """Open a conversation from our side."""
    _require_text(command.text)
    canned_use.refuse_holes(command.text, command.canned)
    _require_account(doing, command.account, "start")
    if not command.to:
        raise Refused(say("desk.start_nobody"))
    caps = doing.caps(command.account)
    medium = command.medium or next(iter(caps.media), "mail")
    number = _new_conversation(doing, command.account, medium, command.to[0], command.subject)
    letter = _Letter(
        kind="start",
        text=command.text,
        subject=command.subject,
        to=command.to,
        cc=command.cc,
        bcc=command.bcc,
        sender=command.sender,
        hold=command.hold,
        template=channel_canned.left_as(command.text, command.canned),
    )
    typed = typed_to(command) | typed_besides(command, command.sender)
    typed |= {"subject": command.subject, "account": command.account, "medium": command.medium}
    _queue(doing, doing.conversation(number), letter, Typed("start", 0, command.text, typed))
    canned_use.of_letter(doing, number, doing.made[0], command.text, command.canned)
    _archive_draft(doing, 0, "start", command.text)
    return say("desk.did_start", n=number)


def forward(doing: Doing, command: commands.Forward) -> str:
    """Pass a message on: a linked conversation of its own, the original with it."""
    row = doing.conversation(command.conversation)
    number = int(row["id"])
    canned_use.refuse_holes(command.text, command.canned)
    if not command.to:
        raise Refused(say("desk.start_nobody"))
    passed = _answered(doing, number, command.message)
    if passed is None:
        raise Refused(say("desk.forward_nothing", n=number))
    row = doing.row(int(passed["conversation"]))
    _require_account(doing, row["account"], "start")
    subject = f"Fwd: {row['subject']}" if row["subject"] else "Fwd:"
    linked = _new_conversation(doing, row["account"], row["medium"], command.to[0], subject, parent=number)
    letter = _Letter(
        kind="start",
        text=command.text,
        subject=subject,
        to=command.to,
        cc=command.cc,
        bcc=command.bcc,
        forwards=passed["remote"],
        hold=command.hold,
    )
    typed = typed_to(command) | typed_besides(command)
    _queue(doing, doing.conversation(linked), letter, Typed("forward", number, command.text, typed))
    canned_use.of_letter(doing, linked, doing.made[0], command.text, command.canned)
    entry = messages.add_entry(
        doing.connection,
        number,
        doing.now,
        "forwarded",
        doing.agent,
        linked=linked,
        to=[person.handle for person in command.to],
    )
    doing.prior.append({"what": "entry", "conversation": number, "entry": entry})
    doing.touched[number] = None
    _archive_draft(doing, number, "forward", command.text)
    return say("desk.did_forward", n=number, linked=linked)


def note(doing: Doing, command: commands.Note) -> str:
    """Words for the team: on the channel where it keeps notes, else here."""
    row = doing.conversation(command.conversation)
    number = int(row["id"])
    _require_text(command.text)
    out = doing.state_work(row, "note", text=command.text)
    shared = row["account"] in doing.accounts and "note" in doing.caps(row["account"]).performs
    message = insert(
        doing.connection,
        "message",
        conversation=number,
        direction="note",
        at=doing.now,
        name=doing.agent.name,
        handle=doing.agent.handle,
        mine=1,
        text=command.text,
        state="queued" if shared else "",
        key=out.key,
    )
    search.add(doing.connection, [(message, indexed(command.text))])
    doing.made.append(message)
    changes.note(doing.connection, "message", message)
    doing.queue(row, out, message=message)
    doing.prior.append({"what": "message", "conversation": number, "message": message, "mode": "note"})
    doing.touched[number] = None
    _archive_draft(doing, number, "note", command.text)
    return say("desk.did_note", n=number)


def _require_text(text: str) -> None:
    if not text.strip():
        raise Refused(say("desk.empty"))


def _require_account(doing: Doing, account: str, kind: str) -> None:
    if account not in doing.accounts:
        raise Refused(say("desk.account_gone", account=account))
    performs = doing.caps(account).performs
    if performs and kind not in performs:
        raise Refused(say(f"desk.cannot_{kind}", account=account))


def _answered(doing: Doing, number: int, answers: int | None) -> Row | None:
    if answers is None:
        return messages.newest_inbound(doing.connection, number)
    row = messages.get(doing.connection, answers)
    if row is None or row["conversation"] not in merged.whole(doing.connection, number):
        raise NotFound(say("desk.no_message", n=answers))
    return row


def _answer_subject(row: Row, answered: Row | None) -> str:
    subject = str((answered["subject"] if answered is not None else "") or row["subject"])
    if row["medium"] != "mail" or subject.casefold().startswith("re:"):
        return subject
    return f"Re: {subject}"


def _refs(doing: Doing, number: int, answered: Row | None) -> tuple[str, ...]:
    """Ids of the thread's messages up to the one answered, oldest first; the first one and the newest when many."""
    rows = doing.connection.execute(
        "SELECT id, remote FROM message WHERE conversation = ? AND direction <> 'note' AND remote IS NOT NULL "
        "AND state NOT IN ('queued', 'sending', 'failed') ORDER BY at, id",
        (number,),
    ).fetchall()
    ids = [str(row["remote"]) for row in rows if answered is None or row["id"] != answered["id"]]
    if answered is not None and answered["remote"]:
        ids.append(str(answered["remote"]))
    return tuple(ids if len(ids) <= 30 else [ids[0], *ids[-29:]])


def _new_conversation(
    doing: Doing, account: str, medium: str, customer: Person, subject: str, parent: int | None = None
) -> int:
    number = arrive.make(
        doing.connection,
        account,
        medium=medium,
        customer=customer,
        remote=None,
        subject=subject,
        by_subject=medium == "mail",
        visibility="direct",
        at=doing.now,
        status=doing.settings.after_reply,
        settled=True,
        parent=parent,
    )
    doing.touched[number] = None
    return number


def _queue(doing: Doing, row: Row, letter: _Letter, typed: Typed) -> str:
    """The message's row and the outbox's: on disk before the screen says *queued*. The outbox's key."""
    number, account = int(row["id"]), str(row["account"])
    enclosed = doing.enclosed if letter.first else NOTHING
    out = _outgoing(doing, row, letter, enclosed)
    message = _written(doing, number, out, holding=letter.holding)
    messages.add_attachments(doing.connection, message, _listed(enclosed))
    search.add(doing.connection, [(message, indexed(f"{letter.subject}\n{out.text}"))])
    hold = doing.settings.hold(row["medium"], out.visibility) if letter.hold else 0
    outbox.add(
        doing.connection,
        account,
        number,
        out,
        message=message,
        not_before=doing.now + int(hold * 1000),
        waits_for=letter.after or None,
        step=doing.step,
        last_seen=letter.last_seen,
    )
    doing.prior.append(
        {
            "what": "message",
            "conversation": number,
            "message": message,
            "mode": typed.mode,
            "draft": typed.draft,
            "typed": typed.text,
            "recipients": typed.recipients,
        }
    )
    doing.keys.append(out.key)
    doing.made.append(message)
    changes.note(doing.connection, "message", message)
    doing.touched[number] = None
    return out.key


def _outgoing(doing: Doing, row: Row, letter: _Letter, enclosed: Enclosed) -> Outgoing:
    """The letter made whole for its channel."""
    account = str(row["account"])
    keys, own_ones = doing.accounts[account], doing.ours(account)
    if letter.sender and own_ones and letter.sender.casefold() not in own_ones:
        raise Refused(say("desk.foreign_sender", sender=letter.sender))
    own = letter.sender or keys.address
    return Outgoing(
        key=enclosed.key or outbox.new_key(),
        type=letter.kind,
        at=doing.now,
        agent=doing.agent,
        conversation=row["remote"],
        medium=row["medium"],
        text=letter.text
        if letter.signed or letter.template
        else leaving_text.signed(letter.text, keys.signature),
        subject=letter.subject or None,
        reply_to=letter.reply_to,
        refs=letter.refs,
        sender=Person(doing.agent.name, own) if own else None,
        to=letter.to,
        cc=letter.cc,
        bcc=letter.bcc,
        visibility=letter.visibility or row["visibility"],
        files=enclosed.files,
        template=letter.template.template if letter.template else "",
        values=letter.template.values if letter.template else (),
        forwards=letter.forwards,
        targets=doing.targets(int(row["id"])),
    )


def _written(doing: Doing, number: int, out: Outgoing, *, holding: bool) -> int:
    """The row of the message as the thread has it from now on."""
    return insert(
        doing.connection,
        "message",
        conversation=number,
        direction="out",
        at=max(doing.now, doing.basis(number)),
        name=doing.agent.name,
        handle=out.sender.handle if out.sender is not None else "",
        mine=1,
        text=out.text,
        subject=out.subject or "",
        people=messages.people_json(to=out.to, cc=out.cc, bcc=out.bcc),
        reply_to=out.reply_to,
        visibility=out.visibility,
        state="queued",
        key=out.key,
        basis=doing.basis(number),
        holding=int(holding),
    )


def _listed(enclosed: Enclosed) -> list[Attachment]:
    return [
        Attachment(file.name, size, file.type, f"spool:{file.path}", file.alt)
        for file, size in zip(enclosed.files, enclosed.sizes, strict=True)
    ]


def _archive_draft(doing: Doing, number: int, mode: str, text: str) -> None:
    """The draft has become this message. What the shell sends is another text than the one in the composer."""
    row = drafts.get(doing.connection, number, mode)
    if doing.door == "screen" or (row is not None and row["text"].strip() == text.strip()):
        drafts.archive(doing.connection, number, mode, doing.now)
