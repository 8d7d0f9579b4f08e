"""Colours: dark, light, of high contrast, and the terminal's own. No widget names one; they take what stands here."""

from collections.abc import Mapping
from typing import NamedTuple

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="tuidesk-dark",
    primary="#7aa2d6",
    secondary="#5f7a99",
    accent="#7fb4e6",
    warning="#d9a860",
    error="#e07a7a",
    success="#86b98f",
    foreground="#d4d9df",
    background="#14171b",
    surface="#191d22",
    panel="#1f242b",
    dark=True,
)
LIGHT = Theme(
    name="tuidesk-light",
    primary="#1f5a99",
    secondary="#5b7089",
    accent="#155f9e",
    warning="#8a5a00",
    error="#a8323a",
    success="#2f6b3c",
    foreground="#23282e",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#e9e6df",
    dark=False,
)
CONTRAST = Theme(
    name="tuidesk-contrast",
    primary="#9fd0ff",
    secondary="#c0d8f0",
    accent="#ffe45c",
    warning="#ffc04d",
    error="#ff9c9c",
    success="#8dff9f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
)
ANSI = BUILTIN_THEMES["ansi-dark"].name
"""The terminal's own colours, on its own background."""


class Look(NamedTuple):
    """How a word is drawn."""

    colour: str
    """A variable of the theme."""
    share: float = 1.0
    """How much of the colour there is, on the ground below it."""
    how: str = ""
    """Rich's words for what is not a colour."""


PLAIN = Look("foreground")
STRONG = Look("foreground", how="bold")
SOFT = Look("foreground", 0.75)
MUTED = Look("foreground", 0.68)
MUTED_STRONG = Look("foreground", 0.68, "bold")
MUTED_ITALIC = Look("foreground", 0.68, "italic")
STRUCK = Look("foreground", 0.68, "strike")
FAINT = Look("foreground", 0.35)
REVERSED = Look("foreground", how="reverse")
ACCENT = Look("text-accent")
ACCENT_STRONG = Look("text-accent", how="bold")
PRIMARY_STRONG = Look("primary", how="bold")
WARNING = Look("text-warning")
WARNING_STRONG = Look("text-warning", how="bold")
WARNING_ITALIC = Look("text-warning", how="italic")
ERROR = Look("text-error", how="bold")
ERROR_REVERSED = Look("text-error", how="bold reverse")
SUCCESS = Look("text-success")

_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
OURS = (DARK, LIGHT, CONTRAST)
_NAMED = {"dark": DARK.name, "light": LIGHT.name, "contrast": CONTRAST.name, "16": ANSI, "none": ANSI}


def choose(environ: Mapping[str, str], wanted: str = "auto") -> str:
    """The name of the theme that is `wanted` (`theme` in the config), or of the one that fits a terminal.

    `COLORFGBG` (rxvt and those after it) says whether the background is light; a terminal of sixteen colours
    keeps its own, and so does one that is to have none.
    """
    if without_colour(environ, wanted):
        return ANSI
    if wanted in _NAMED:
        return _NAMED[wanted]
    term = environ.get("TERM", "")
    if "256" not in term and "direct" not in term and not environ.get("COLORTERM"):
        return ANSI
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in ("7", "15") else DARK.name


def without_colour(environ: Mapping[str, str], wanted: str = "auto") -> bool:
    """Whether the agent wants no colours at all (no-color.org). Textual takes an empty value for a yes."""
    return wanted == "none" or "NO_COLOR" in environ


def fitting(name: str, *, dark: bool) -> str:
    """The theme for a ground that turned out to be dark, or light; the terminal's own colours fit any."""
    return name if name == ANSI else DARK.name if dark else LIGHT.name


def in_ascii(environ: Mapping[str, str], wanted: bool | None = None) -> bool:
    """Whether only ASCII's signs are drawn: `ascii` in the config, else what locale and terminal can."""
    if wanted is not None:
        return wanted
    return not is_utf8(environ) or environ.get("TERM", "") in ("linux", "dumb")


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale says that lines may be drawn with other signs than ASCII's.

    Python itself sets `LC_CTYPE=C.UTF-8` where the locale is C (PEP 538): that says nothing about the terminal.
    """
    named = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if not environ.get("LC_ALL") and named in _COERCED and environ.get("LANG", "C") in ("", "C", "POSIX"):
        return False
    return "utf-8" in named.casefold() or "utf8" in named.casefold()
