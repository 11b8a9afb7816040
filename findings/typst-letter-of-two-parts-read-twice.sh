#!/bin/sh
# typst 0.15.2 (Python wheel): a letter that its font draws of two parts, a base and a mark, stands twice in the text of the PDF.
#
# Expected: what is read out of a tagged PDF (copied, searched, read aloud) is what was written: "m̃" is one letter. With
#   `pdf_standards=["ua-1"]` typst refuses a character that no font has, so one may trust that letters arrive.
# Seen: the base and the mark are two glyphs of one cluster, and each of them is mapped to the whole letter, so "am̃z" is
#   read as "am̃m̃z" by readers that have nothing in common (pypdf, PDFium). It depends on the font: "ễ" is one glyph in
#   Libertinus Serif and is right there; in DejaVu Sans Mono, which puts it together, pypdf reads it twice and PDFium once.
#   Nothing is warned of.
#   Whoever needs Vietnamese names picks a font with whole letters for them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install typst==0.15.2 pypdf==7.1.1 pypdfium2==5.15.2
"$folder/venv/bin/python" - <<'PYTHON'
import io
import unicodedata

import pypdf
import pypdfium2
import typst


def read(letter: str, font: str) -> list[str]:
    source = f'#set document(title: "x")\n#set text(font: "{font}", fallback: false, size: 40pt)\n= T\n#"a{letter}z"'
    fonts = typst.Fonts(include_system_fonts=False)
    pdf, warnings = typst.compile_with_warnings(
        source.encode(), format="pdf", pdf_standards=["ua-1"], font_paths=fonts
    )
    assert warnings == []
    texts = (
        pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text(),
        pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range(),
    )
    return [unicodedata.normalize("NFC", "".join(text.split())).removeprefix("T") for text in texts]


right = read("å", "Libertinus Serif"), read("ễ", "Libertinus Serif")
doubled = read("m̃", "Libertinus Serif"), read("ễ", "DejaVu Sans Mono")
print(f"one part: {right}\ntwo parts: {doubled}")
assert right == (["aåz"] * 2, ["aễz"] * 2)
assert all(text == "am̃m̃z" for text in doubled[0]), "the behaviour has changed"
assert doubled[1][0] == "aễễz", "the behaviour has changed"
PYTHON
