"""Files the user writes, and where secrets live."""
