"""`python -m data_access.training_data`: see `command`."""

import sys

from data_access.training_data.command import main

sys.exit(main(sys.argv[1:]))
