"""What formats of one family share: recorders that write the same tree under other names.

A format (one file in `formats/`) imports its family, never another format.
"""
