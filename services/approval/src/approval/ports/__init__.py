"""What the handlers need from outside: the directory's replica, and a way to wake those who wait for a line."""
