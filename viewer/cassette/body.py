"""The three levels of a body: raw (as recorded), content (after content-encoding), text (after charset).

This file is a contract in the making; see model.py.
"""
