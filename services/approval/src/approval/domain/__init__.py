"""The rules of approval lines, pure: who may act when, what comes of it, what makes a line impossible."""
