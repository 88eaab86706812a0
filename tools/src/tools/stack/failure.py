"""The one way the stack says no: a sentence for the person at the terminal, with what to do next."""


class StackError(Exception):
    """A server could not be found or started; the text is shown as it stands."""
