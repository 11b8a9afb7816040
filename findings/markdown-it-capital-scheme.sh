#!/bin/sh
# markdown-it-py 4.3.0: behind "Https://", as a phone writes it at the start of a line, a Danish domain is not encoded.
#
# Expected: schemes know no capitals (RFC 3986, section 3.1), so <Https://skolebænken.example> leads where
#   <https://skolebænken.example> leads: to xn--skolebnken-i6a.example.
# Seen: only a scheme in small letters has its host encoded; otherwise the letters of the host are escaped as if they
#   were of a path, as in Https://skoleb%C3%A6nken.example.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install markdown-it-py==4.3.0
"$folder/venv/bin/python" - <<'PYTHON'
from markdown_it import MarkdownIt

seen = {scheme: MarkdownIt().renderInline(f"<{scheme}://skolebænken.example>").split('"')[1] for scheme in ("https", "Https")}
for scheme, href in seen.items():
    print(f"{scheme}: {href}")
host = "skolebænken".encode("idna").decode()
assert seen == {
    "https": f"https://{host}.example",
    "Https": "Https://skoleb%C3%A6nken.example",
}, "the behaviour has changed"
print(f"(expected both at {host}.example)")
PYTHON
