"""python -m data_access.judgements backup FILE"""

import sys

from data_access.judgements.command import main

sys.exit(main())
