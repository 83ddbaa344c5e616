"""`python -m data_access.judgements`: see `command`."""

import sys

from data_access.judgements.command import main

sys.exit(main(sys.argv[1:]))
