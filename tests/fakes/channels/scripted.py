"""The kind `scripted`: found by the registry as any other, where a test has put this folder on its path."""

from tests.desk.scripted import Scripted

ADAPTER = Scripted
