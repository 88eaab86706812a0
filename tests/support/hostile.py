"""What a file can do to whoever reads it, for tests of the sandbox. The file's bytes say which."""

import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from adapters.formats.findings import FormatError, reject


def read(data: bytes) -> Any:
    what, _, rest = data.partition(b" ")
    if what == b"sleep":
        time.sleep(60)
    elif what == b"spin":
        while True:
            pass
    elif what == b"memory":
        return bytearray(4 * 1024**3)
    elif what == b"die":
        os._exit(3)
    elif what == b"raise":
        raise ValueError("not to be seen")
    elif what == b"refuse":
        raise FormatError([reject("hwp-kind-unknown")])
    elif what == b"write":
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
    elif what == b"fork":
        return os.fork()
    elif what == b"code":
        return Reducing()
    elif what == b"much":
        return b"x" * 3_000_000
    return os.getpid(), rest


def die_often(marks: str, times: int) -> str:
    """Dies so often; each death leaves an empty file in a folder, for a worker may write nothing."""
    died = len(list(Path(marks).iterdir()))
    if died < times:
        os.close(os.open(f"{marks}/{died}", os.O_CREAT))
        os.kill(os.getpid(), signal.SIGKILL)
    return "read"


class Reducing:
    """Would run a command where it is unpacked."""

    def __reduce__(self):
        return os.system, ("true",)
