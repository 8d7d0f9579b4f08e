"""Mail as it came → what a person reads. RFC 5322, 2045-2049, 2231, 3464, 3834, and what passes for it."""

from tuidesk.wire.mime.mail import Bounce, Mail, Part
from tuidesk.wire.mime.parse import parse, part
from tuidesk.wire.mime.subject import thread_subject

__all__ = ["Bounce", "Mail", "Part", "parse", "part", "thread_subject"]
