"""The recorders themselves as judges: real packages replay cassettes that the program edited.

The Python recorders come with the `test` extra, the others with Debian's packages of
`packaging/linux/recorder-packages.txt`; what is missing is skipped, or fails where RECORDERS=required says so.
"""
