#!/bin/sh
# markdown-it-py 4.3.0: a Danish domain typed with a capital letter becomes another domain.
#
# Expected: host names know no capitals, so <https://ÅRHUS.example> and <https://århus.example> lead to one host. IDNA
#   maps to lower case before it encodes (UTS 46, section 4; Python's own codec "idna" does): xn--rhus-poa.example.
# Seen: the letters are encoded as they were typed, and the link leads to xn--RHUS-4ja.example, a name nobody can
#   register. "Århus" with one capital, as in a sentence, gives xn--rhus-4ja.example and fails alike.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install markdown-it-py==4.3.0
"$folder/venv/bin/python" - <<'PYTHON'
from markdown_it import MarkdownIt

seen = {host: MarkdownIt().renderInline(f"<https://{host}.example>").split('"')[1] for host in ("århus", "ÅRHUS", "Århus")}
for host, href in seen.items():
    print(f"{host}: {href} (expected https://{host.lower().encode('idna').decode()}.example)")
assert seen == {
    "århus": "https://xn--rhus-poa.example",
    "ÅRHUS": "https://xn--RHUS-4ja.example",
    "Århus": "https://xn--rhus-4ja.example",
}, "the behaviour has changed"
PYTHON
