"""tuidesk: the helpdesk client for people who live in a terminal."""
