#!/bin/sh
# Adds Cassette Viewer to the applications menu and to the "Open with" menu of YAML and JSON files, for this
# account only: install.sh [--default] [PROGRAM]
#
# PROGRAM is the installed cassette-viewer (else the one on PATH). With --default it also becomes the program that
# a double click on a YAML file starts. Without, whatever opens YAML and JSON files now keeps doing so.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
yaml_types='application/yaml application/x-yaml text/yaml text/x-yaml'

become_default=no
if [ "${1-}" = --default ]; then
    become_default=yes
    shift
fi

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

# The path as the desktop entry starts it; the menu knows neither this folder nor this shell's PATH.
program=${1-$(command -v cassette-viewer || true)}
[ -n "$program" ] || fail 'no cassette-viewer on PATH; say where it is: install.sh .venv/bin/cassette-viewer'
[ -x "$program" ] || fail "$program is no program"
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
case $program in
*[\"\`\$\\%\|\&]*) fail "a desktop entry cannot name $program: it has one of \" \` \$ \\ % | &" ;;
esac

# A type for which no program is named is opened by that of plain text.
default_of() {
    name=$(xdg-mime query default "$1" 2>/dev/null || true)
    [ -n "$name" ] || name=$(xdg-mime query default text/plain 2>/dev/null || true)
    echo "$name"
}

before=
if command -v xdg-mime >/dev/null; then
    for type in $yaml_types application/json; do before="$before $type=$(default_of "$type")"; done
fi

mkdir -p "$data/applications" "$data/icons/hicolor/scalable/apps"
sed -e "s|^Exec=cassette-viewer|Exec=\"$program\"|" -e "s|^Type=.*|&\\nTryExec=$program|" \
    "$here/cassette-viewer.desktop" >"$data/applications/cassette-viewer.desktop"
cp "$here/../../resources/icons/cassette-viewer.svg" "$data/icons/hicolor/scalable/apps/"
if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications"; fi

# Naming a type in a desktop entry makes its program the default where nothing else names it.
for pair in $before; do
    type=${pair%%=*} name=${pair#*=}
    if [ -n "$name" ] && [ "$name" != "$(default_of "$type")" ]; then xdg-mime default "$name" "$type"; fi
done
if [ $become_default = yes ]; then
    # shellcheck disable=SC2086 # a list
    xdg-mime default cassette-viewer.desktop $yaml_types
fi
echo "Cassette Viewer is in the applications menu, and starts $program"
