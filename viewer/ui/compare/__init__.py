"""The parts of the window that shows two recordings side by side."""
