"""What is wrong with recipients as they were typed. `who` is clean."""

TEXTS: dict[str, str] = {
    "nobody": '"{who}" names nobody',
    "no_at": '"{who}" is no mail address: it has no @',
    "parts": '"{who}" is no mail address',
    "long": '"{who}" is too long for an address',
    "control": '"{who}" holds a character that no address can have',
    "quote": 'the quote in "{who}" does not end',
    "bracket": 'the < in "{who}" does not end',
    "after": 'after "{who}" a comma is missing',
    "no_number": '"{who}" is no telephone number with + and its country\'s code',
    "blank": '"{who}" has a blank in it: separate people by commas',
}
