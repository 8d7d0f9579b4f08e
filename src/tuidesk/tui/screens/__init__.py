"""What the screen shows at one time; screens decide."""
