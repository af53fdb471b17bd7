"""Programs that record and replay with one recorder each, in its own language; see `tests/recorders/judge.py`."""
