"""Chatwoot: the contract on a strict fake, and who and what a team has there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.chatwooting import ChatwootRig
from tests.channels.contract import (
    CANARY,
    Contract,
    do,
    run,
)
from tests.fakes.chatwoot import PAGE, FakeChatwoot
from tuidesk.channels.chatwoot import people
from tuidesk.channels.chatwoot.options import Options
from tuidesk.domain.model import Person
from tuidesk.errors import (
    ConfigError,
)


@pytest.fixture
def server() -> Iterator[FakeChatwoot]:
    with FakeChatwoot(CANARY) as server:
        yield server


@pytest.fixture
def rig(server: FakeChatwoot, tmp_path: Path) -> ChatwootRig:
    return ChatwootRig(server, tmp_path / "account")


class TestContract(Contract):
    """Chatwoot's."""


def test_canned_replies_macros_and_templates_are_read_in(rig: ChatwootRig, server: FakeChatwoot) -> None:
    server.macros = [
        {
            "id": 1,
            "name": "Close kindly",
            "actions": [
                {"action_name": "send_message", "action_params": ["Glad to help."]},
                {"action_name": "resolve_conversation", "action_params": []},
            ],
        }
    ]
    checked = do(rig, lambda channel: channel.check())
    assert [(one.name, one.text) for one in checked.canned] == [
        ("thanks", "Thank you, {{contact.name}}!"),
        ("Close kindly", "Glad to help."),
        ("parcel_ready-en", "Hello {{1}}, your parcel {{2}} is ready."),
    ]
    assert any("resolve conversation" in finding for finding in checked.findings)
    assert any("Ana" in finding and "Online" in finding for finding in checked.findings)
    assert checked.identity.handle == "ana@acme.example"
    assert [(one.handle, one.me) for one in checked.agents] == [
        ("ana@acme.example", True),
        ("sam@acme.example", False),
    ]
    assert checked.troubles == ()


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Hi {{contact.name}}, {{ agent.email }}", "Hi {{contact.name}}, {{agent.address}}"),
        (
            "{{ contact.phone_number }} {{contact.custom_attribute.plan}}",
            "{{contact.phone}} {{contact.plan}}",
        ),
        ("{{conversation.display_id}}", "{{conversation.display_id}}"),
    ],
)
def test_a_value_is_called_in_a_canned_reply_as_it_is_here(theirs: str, ours: str) -> None:
    assert people.canned(theirs) == ours


def test_what_an_administrator_has_to_do_is_said(rig: ChatwootRig, server: FakeChatwoot) -> None:
    server.inboxes = {}
    assert "Collaborators" in do(rig, lambda channel: channel.check()).troubles[0]
    server.inboxes = {PAGE: ("Our page", "Channel::FacebookPage")}
    server.broken = {PAGE}
    assert "Our page" in do(rig, lambda channel: channel.check()).troubles[0]


def test_a_server_without_macros_is_read_all_the_same(rig: ChatwootRig, server: FakeChatwoot) -> None:
    server.fail("status", r"GET .*/macros", status=404)
    assert do(rig, lambda channel: channel.check()).canned


def test_which_account_has_to_be_said_where_there_are_several(rig: ChatwootRig) -> None:
    async def check(account: int) -> Person:
        channel = rig.open(account=account)
        try:
            return (await channel.check()).identity
        finally:
            await channel.aclose()

    assert run(lambda: check(3)).name == "Ana"
    with pytest.raises(ConfigError, match="Acme"):
        run(lambda: check(4))


@pytest.mark.parametrize(
    ("server", "base", "number"),
    [
        ("app.chatwoot.com", "https://app.chatwoot.com", 0),
        ("https://chat.acme.example/", "https://chat.acme.example/", 0),
        ("https://chat.acme.example/app/accounts/3/dashboard", "https://chat.acme.example", 3),
        ("http://127.0.0.1:3000/app", "http://127.0.0.1:3000", 0),
        ("apps.acme.example/chat", "https://apps.acme.example/chat", 0),
    ],
)
def test_the_address_may_be_the_browsers(server: str, base: str, number: int) -> None:
    assert (Options(server=server).base, Options(server=server).number) == (base, number)
    assert Options(server=server, account=7).number == 7


def test_a_first_sync_goes_back_a_day_at_least() -> None:
    with pytest.raises(ValueError, match="days"):
        Options(server="app.chatwoot.com", days=0)
