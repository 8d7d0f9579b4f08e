from textual.widget import Widget


class CustomerPane(Widget, can_focus=True):
    def show(self, *a): ...
    def shows(self, *a):
        return False

    def move(self, step): ...
    def act(self):
        return False

    def tick(self, now): ...
