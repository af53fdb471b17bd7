#!/bin/sh
# Takes back what install.sh added to this account; files, settings and the program itself stay.
set -eu

data=${XDG_DATA_HOME:-$HOME/.local/share}
rm -f "$data/applications/cassette-viewer.desktop" \
    "$data/icons/hicolor/scalable/apps/cassette-viewer.svg"
if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications"; fi
echo 'Cassette Viewer is no longer in the applications menu'
