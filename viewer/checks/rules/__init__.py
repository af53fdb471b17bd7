"""What each recorder's loader and matcher need, one file a family; replayability.py runs them."""
