"""What a helpdesk is: no I/O, no clock, no await."""
