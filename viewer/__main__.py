"""`python -m viewer`: the same program as `cassette-viewer`."""

from viewer.start import main

raise SystemExit(main())
