"""The demo: one shop's support desk, embedded, with nothing to configure and nobody outside to reach."""

from tuidesk.channels.demo.adapter import Demo as ADAPTER

__all__ = ["ADAPTER"]
