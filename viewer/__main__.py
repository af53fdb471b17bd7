"""`python -m viewer`: the same program as `cassette-viewer`."""

from viewer.app import main

raise SystemExit(main())
