"""Mail on its way out: made once, the same in every try, and handed to a server or a program."""

from tuidesk.wire.smtp.compose import KEY_HEADER, Letter, build
from tuidesk.wire.smtp.sendmail import Sendmail
from tuidesk.wire.smtp.submission import Login, Refusal, Server, Submission
from tuidesk.wire.smtp.validate import one_line

__all__ = [
    "KEY_HEADER",
    "Letter",
    "Login",
    "Refusal",
    "Sendmail",
    "Server",
    "Submission",
    "build",
    "one_line",
]
