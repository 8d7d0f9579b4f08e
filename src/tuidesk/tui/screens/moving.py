"""Going about: the mark, the panes, the views. Methods are named after the actions (`domain.actions`)."""

from typing import TYPE_CHECKING

from tuidesk.desk import read
from tuidesk.domain import actions
from tuidesk.domain.actions import Place
from tuidesk.domain.text import clean
from tuidesk.tui.query_guide import QueryGuide
from tuidesk.words import say

if TYPE_CHECKING:
    from tuidesk.tui.screens.desk import DeskScreen


class Moving:
    """What changes nothing but the screen."""

    def __init__(self, screen: "DeskScreen") -> None:
        self._screen = screen
        self._came_from: list[tuple[int, int]] = []
        """(conversation before, the one that was opened from its customer), for every step back to the pane."""

    # In a pane

    def next(self) -> None:
        self._step(1)

    def previous(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        match self._screen.at:
            case "thread":
                self._screen.thread.move(step)
            case "customer":
                self._screen.customer.move(step)
            case _:
                self._screen.queue.move(step)

    def next_conversation(self) -> None:
        self.other_conversation(1)

    def previous_conversation(self) -> None:
        self.other_conversation(-1)

    def other_conversation(self, step: int) -> None:
        """The one after, or before, the one that is on the screen."""
        screen = self._screen
        shown = screen.thread.conversation
        if screen.at != "queue" and shown is not None:
            screen.queue.go_to(shown)
        screen.queue.move(step)
        n = screen.queue.current
        if screen.at != "queue" and n is not None and n != shown:
            screen.showing.open_thread(n, looked_at=True)

    def page_down(self) -> None:
        self._scroll(1)

    def page_up(self) -> None:
        self._scroll(-1)

    def half_down(self) -> None:
        self._scroll(0.5)

    def half_up(self) -> None:
        self._scroll(-0.5)

    def _scroll(self, pages: float) -> None:
        screen = self._screen
        if screen.at == "customer":
            screen.customer.scroll_pages(pages)
        elif screen.thread_in_view:
            screen.thread.scroll_pages(pages)
        else:
            screen.queue.page(pages)

    def start(self) -> None:
        screen = self._screen
        if screen.at == "customer":
            screen.customer.to_start()
        elif screen.thread_in_view:
            screen.thread.to_start()
        else:
            screen.queue.go(0)

    def end(self) -> None:
        screen = self._screen
        if screen.at == "customer":
            screen.customer.to_end()
        elif screen.thread_in_view:
            screen.thread.to_end()
        elif screen.queue.picture is not None:
            screen.queue.go(len(screen.queue.picture) - 1)

    # Among panes

    def open(self) -> None:
        screen = self._screen
        match screen.at:
            case "thread":
                if not screen.thread.act():
                    screen.tell(say("tui.nothing_here"))
            case "customer":
                if not screen.customer.act():
                    screen.tell(say("tui.nothing_here"))
            case _:
                if screen.queue.draft is not None and screen.queue.current is not None:
                    screen.composing.open_again(screen.queue.current, screen.queue.draft)
                elif screen.queue.current is not None:
                    self.open_conversation(screen.queue.current)

    def open_row(self) -> None:
        self.open()

    def open_conversation(self, n: int) -> None:
        """A conversation into the thread pane, and the keys with it."""
        screen = self._screen
        screen.go("thread")
        screen.queue.go_to(n)
        screen.showing.open_thread(n, looked_at=True)

    def open_past(self, n: int) -> None:
        """Another conversation of the customer's; `back` leads to the pane again, as it was."""
        shown = self._screen.thread.conversation
        if shown is not None and shown != n:
            self._came_from.append((shown, n))
        self.open_conversation(n)

    def _back_to_customer(self) -> bool:
        """Where the thread on the screen was opened from a customer's history."""
        screen = self._screen
        before, opened = self._came_from.pop() if self._came_from else (0, 0)
        if screen.at != "thread" or opened != screen.thread.conversation:
            self._came_from.clear()
            return False
        screen.queue.go_to(before)
        screen.showing.open_thread(before)
        screen.go("customer")
        return True

    def back(self) -> None:
        screen = self._screen
        match screen.at:
            case "thread" if self._back_to_customer():
                pass
            case "customer" if screen.thread.conversation is not None:
                screen.go("thread")
            case "customer" | "thread":
                screen.go("queue")
            case _ if screen.showing.view == "search":
                screen.showing.open_view(screen.showing.before_search)
            case _:
                screen.tell(say("tui.at_the_top", key=screen.key("quit")))

    def quit(self) -> None:
        if self._screen.at == "queue":
            self._screen.leaving.ask_to_quit()
        else:
            self.back()

    def next_pane(self) -> None:
        self._turn(1)

    def previous_pane(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        screen = self._screen
        ring: list[Place] = ["queue", "thread"]
        if screen.panes != "three" or screen.customer_in_view:
            ring.append("customer")
        if screen.thread.conversation is None:
            if screen.queue.current is None:
                return
            screen.showing.open_thread(screen.queue.current, looked_at=True)
        screen.go(ring[(ring.index(screen.at) + step) % len(ring)])

    def history(self) -> None:
        """The customer's history in and out."""
        screen = self._screen
        if screen.panes == "three":
            screen.toggle_class("-no-customer")
            if screen.at == "customer":
                screen.go("thread")
        elif screen.at == "customer":
            self.back()
        elif (n := screen.target) is not None:
            if n != screen.thread.conversation:
                screen.showing.open_thread(n, looked_at=True)
            screen.go("customer")

    # Views

    def view_open(self) -> None:
        self._view("open")

    def view_mine(self) -> None:
        self._view("mine")

    def view_unassigned(self) -> None:
        self._view("unassigned")

    def view_late(self) -> None:
        self._view("late")

    def view_soon(self) -> None:
        self._view("soon")

    def view_window(self) -> None:
        self._view("window")

    def view_handled(self) -> None:
        self._view("handled")

    def view_own(self) -> None:
        """The view of the digit that was pressed; from the palette, which pressed none: which there are."""
        screen = self._screen
        views, digit = screen.showing.views, screen.pressed[-1:]
        own = views.on_key(digit) if digit.isdecimal() else None
        if own is not None:
            self._view(own.name)
        elif digit.isdecimal():
            screen.tell(say("tui.no_own_view", key=digit), wrong=True)
        else:
            known = [say("tui.own_view", key=view.key, name=view.name) for view in views.own if view.key]
            screen.tell(say("tui.own_views", views=", ".join(known)) if known else say("tui.no_own_views"))

    def view_pending(self) -> None:
        self._view("pending")

    def view_snoozed(self) -> None:
        self._view("snoozed")

    def view_complete(self) -> None:
        self._view("complete")

    def view_check(self) -> None:
        self._view("check")

    def view_drafts(self) -> None:
        self._view("drafts")

    def view_all(self) -> None:
        self._view("all")

    def _view(self, view: str) -> None:
        self._screen.go("queue")
        self._screen.showing.open_view(view)

    def refresh(self) -> None:
        self._screen.showing.refresh_view()

    def search(self) -> None:
        screen = self._screen
        before = screen.showing.typed
        hint = say("tui.ask_search_empty", words=clean(before, lines=False)) if before else ""
        guide = QueryGuide()
        screen.put_question("search", say("tui.ask_search"), placeholder=hint, guide=guide)
        screen.work(self._teach(guide), "guide", exclusive=True)

    async def _teach(self, guide: QueryGuide) -> None:
        guide.known = await self._screen.ask(read.known_values)

    # The terminal

    def redraw(self) -> None:
        self._screen.app.refresh(layout=True)

    def quit_hint(self) -> None:
        self._screen.tell(say("tui.quit_hint", key=self._screen.key("quit")))

    def send_hint(self) -> None:
        send = actions.key_of("send", "composer", self._screen.keymap)
        self._screen.tell(say("tui.send_hint", key=self._screen.key("reply"), send=send))
