"""`python -m local.cli`: what ./dev starts."""

import sys

from local.cli.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
