"""``python -m documents``: serves; ``migrate``: provisions and migrates; ``parked``: the operator's desk."""

import sys

from documents.main import main

if __name__ == "__main__":
    main(sys.argv[1:])
