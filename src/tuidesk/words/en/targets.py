"""What is said about `[[targets]]`."""

TEXTS = {
    "table": 'must be a table: [[targets]] on a line, and below it first_response = "1h"',
    "no_aim": 'says nothing to aim at: add first_response, reply or resolution, as in reply = "4h"',
    "length": 'must be a length of time such as "90m", "4h" or "2d"',
    "near_account": "there is no such account; did you mean {near}?",
    "no_account": "there is no such account (there are: {known})",
}
