"""`python -m viewer.cli`: the `cassette` command from a checkout."""

from viewer.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
