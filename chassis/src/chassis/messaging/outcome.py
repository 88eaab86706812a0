"""What a handler answers for each message of a batch."""

from typing import TypeAlias

from chassis.errors import RefusalError, TransientError

# None: done. RefusalError: the domain said no, stored with the inbox row. TransientError: not yet, tried again later.
Outcome: TypeAlias = RefusalError | TransientError | None
