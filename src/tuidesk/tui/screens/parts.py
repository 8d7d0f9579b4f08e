"""What stands on the desk's screen besides the list, and those who do what its keys say.

It is loaded once the list is painted: it is half of what there is to load, and nobody reads so fast.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidesk.tui.screens.acting import Acting
    from tuidesk.tui.screens.canned import CannedReplies
    from tuidesk.tui.screens.carrying import Carrying
    from tuidesk.tui.screens.choosing import Choosing
    from tuidesk.tui.screens.composing import Composing
    from tuidesk.tui.screens.customers import Customers
    from tuidesk.tui.screens.desk import DeskScreen
    from tuidesk.tui.screens.editing import Editing
    from tuidesk.tui.screens.handling import Handling
    from tuidesk.tui.screens.leaving import Leaving
    from tuidesk.tui.screens.looking import Looking
    from tuidesk.tui.screens.marking import Marking
    from tuidesk.tui.screens.moving import Moving
    from tuidesk.tui.screens.replies import Replies
    from tuidesk.tui.screens.routing import Routing
    from tuidesk.tui.screens.sending import Sending
    from tuidesk.tui.screens.sorting import Sorting
    from tuidesk.tui.widgets.composer import Composer
    from tuidesk.tui.widgets.customer import CustomerPane
    from tuidesk.tui.widgets.prompt import Prompt
    from tuidesk.tui.widgets.thread import ThreadPane


class Parts:
    """Each by what it is about."""

    thread: "ThreadPane"
    composer: "Composer"
    customer: "CustomerPane"
    prompt: "Prompt"
    moving: "Moving"
    acting: "Acting"
    choosing: "Choosing"
    leaving: "Leaving"
    looking: "Looking"
    marking: "Marking"
    sorting: "Sorting"
    carrying: "Carrying"
    composing: "Composing"
    customers: "Customers"
    replies: "Replies"
    canned: "CannedReplies"
    handling: "Handling"
    sending: "Sending"
    editing: "Editing"
    routing: "Routing"
    obeying: tuple[object, ...]
    """Those who do what keys say: methods are named after the actions."""


async def build(screen: "DeskScreen") -> None:
    """Make all of them, and put there what is seen."""
    from tuidesk.tui.screens.acting import Acting
    from tuidesk.tui.screens.canned import CannedReplies
    from tuidesk.tui.screens.carrying import Carrying
    from tuidesk.tui.screens.choosing import Choosing
    from tuidesk.tui.screens.composing import Composing
    from tuidesk.tui.screens.customers import Customers
    from tuidesk.tui.screens.editing import Editing
    from tuidesk.tui.screens.handling import Handling
    from tuidesk.tui.screens.leaving import Leaving
    from tuidesk.tui.screens.looking import Looking
    from tuidesk.tui.screens.marking import Marking
    from tuidesk.tui.screens.moving import Moving
    from tuidesk.tui.screens.replies import Replies
    from tuidesk.tui.screens.routing import Routing
    from tuidesk.tui.screens.sending import Sending
    from tuidesk.tui.screens.sorting import Sorting
    from tuidesk.tui.widgets.composer import Composer
    from tuidesk.tui.widgets.customer import CustomerPane
    from tuidesk.tui.widgets.prompt import Prompt
    from tuidesk.tui.widgets.thread import ThreadPane

    desk = screen.desk
    screen.thread = ThreadPane(desk.settings.agent_names, id="thread")
    screen.composer, screen.customer = Composer(screen.keymap, id="composer"), CustomerPane(id="customer")
    screen.prompt = Prompt(id="prompt")
    screen.moving, screen.acting = Moving(screen), Acting(screen, desk)
    screen.marking, screen.choosing = Marking(screen), Choosing(screen, desk)
    screen.sorting = Sorting(screen, desk)
    screen.looking, screen.leaving = Looking(screen, desk), Leaving(screen, desk)
    screen.customers = Customers(screen, desk)
    screen.carrying = Carrying(screen, desk)
    screen.composing, screen.replies = Composing(screen, desk), Replies(screen, desk)
    screen.canned = CannedReplies(screen, desk)
    screen.sending, screen.editing = Sending(screen, desk), Editing(screen, desk)
    screen.routing = Routing(screen, desk)
    screen.handling = Handling(screen, desk)
    screen.obeying = (
        screen.moving,
        screen.marking,
        screen.acting,
        screen.choosing,
        screen.sorting,
        screen.looking,
        screen.leaving,
        screen.composing,
        screen.customers,
        screen.canned,
        screen.carrying,
        screen.handling,
    )
    await screen.query_one("#middle").mount(screen.thread, screen.composer)
    await screen.query_one("#right").mount(screen.customer)
    await screen.mount(screen.prompt)
