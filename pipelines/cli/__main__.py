"""``python -m pipelines.cli``: the command where the script is not on the path."""

import sys

from pipelines.cli import main

if __name__ == "__main__":
    sys.exit(main())
