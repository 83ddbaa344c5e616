"""`python -m data_access.report`: see `command`."""

import sys

from data_access.report.command import main

sys.exit(main(sys.argv[1:]))
