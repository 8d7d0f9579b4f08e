"""What an adapter stands on: protocols, mail and HTML, processes."""
