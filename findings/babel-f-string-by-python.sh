#!/bin/sh
# Babel 2.18.0: which texts a catalogue has depends on the Python that collects them.
#
# Expected: `pybabel extract` reads one source alike on every Python that can run it, so two developers, one on 3.11 and
#   one on 3.12, make the same catalogue. A call of the translating function inside an f-string, f"{_('Hello')} Alma",
#   is a call like any other.
# Seen: on Python 3.11 the f-string is one token and the text in it is not collected, without a word; from 3.12 on it
#   is. With `pybabel update --ignore-obsolete` the older Python takes the other's translation out of the catalogue, and
#   the page falls back to the source language.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install babel==2.18.0
cat > "$folder/page.py" <<'PYTHON'
def page(_, name):
    return f"{_('Hello')} {name}", _("Goodbye")
PYTHON
"$folder/venv/bin/pybabel" --quiet extract --no-location --omit-header --output "$folder/messages.pot" "$folder/page.py"
"$folder/venv/bin/python" - "$folder/messages.pot" <<'PYTHON'
import re
import sys

found = re.findall(r'^msgid "(.+)"', open(sys.argv[1]).read(), re.M)
print(f"Python {sys.version.split()[0]} collects {found} (expected ['Hello', 'Goodbye'])")
assert found == (["Hello", "Goodbye"] if sys.version_info >= (3, 12) else ["Goodbye"]), "the behaviour has changed"
PYTHON
