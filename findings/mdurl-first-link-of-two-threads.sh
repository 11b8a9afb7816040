#!/bin/sh
# mdurl 0.1.2 (under markdown-it-py 4.3.0): the first link of a process, rendered by two threads at once, is a fault or a
#   wrong address in one of them.
#
# Expected: rendering has no state of its own, so two threads of a web server may each render a text at any moment.
# Seen: mdurl makes its table of letters at the first link and puts it where all find it before it is filled. A second
#   thread that comes while it is empty gets an IndexError; one that comes a moment later, before the signs that stay as
#   they are have been put in, gets a link whose ":" and "/" are encoded, without a word: it leads nowhere.
#   A tracing function holds the first thread at these two lines, so that it is so every time.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install markdown-it-py==4.3.0 mdurl==0.1.2
"$folder/venv/bin/python" - <<'PYTHON'
import inspect
import sys
import threading

from markdown_it import MarkdownIt
from mdurl import _encode

TEXT = "[Skolen](https://skole.example/klub)"


def link() -> str:
    return MarkdownIt().renderInline(TEXT).split('"')[1]


def seen_while_the_first_thread_is_at(words: str) -> str:
    lines, start = inspect.getsourcelines(_encode.get_encode_cache)
    held_at = start + next(place for place, line in enumerate(lines) if words in line)
    reached, go_on = threading.Event(), threading.Event()

    def in_function(frame, event, _):
        if event == "line" and frame.f_lineno == held_at and not reached.is_set():
            reached.set()
            go_on.wait(10)
        return in_function

    def first() -> None:
        sys.settrace(lambda frame, *_: in_function if frame.f_code.co_name == "get_encode_cache" else None)
        link()

    _encode.encode_cache.clear()  # as in a process that has just started
    thread = threading.Thread(target=first)
    thread.start()
    assert reached.wait(10)
    try:
        return link()
    except IndexError as fault:
        return f"IndexError: {fault}"
    finally:
        go_on.set()
        thread.join()


alone = link()
empty = seen_while_the_first_thread_is_at("for i in range(128)")
nearly = seen_while_the_first_thread_is_at("for i in range(len(exclude))")
print(f"alone: {alone}\nwhile the table is empty: {empty}\na moment later: {nearly}")
assert alone == "https://skole.example/klub"
assert empty.startswith("IndexError"), "the behaviour has changed"
assert nearly == "https%3A%2F%2Fskole%2Eexample%2Fklub", "the behaviour has changed"
PYTHON
