#!/bin/sh
# Prints the first Python that is new enough and can make a virtual environment; $PYTHON is tried first.
for candidate in "${PYTHON:-}" python3 python python3.13 python3.12 python3.11 python3.14; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        printf '%s\n' "$candidate"
        exit 0
    fi
done
echo "gradproof needs Python 3.11 or newer with venv (Debian: apt install python3-venv); set PYTHON=/path/to/it" >&2
exit 1
