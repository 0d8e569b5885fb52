import sys

from dycc.compare import main

sys.exit(main())
