"""A small school's files to vary: Alma and Otto in 3.A, Ella in 6.A.

Otto and Ella are siblings with two homes, Jonas's and Sofie's.
"""

from __future__ import annotations

from datetime import date

TODAY = date(2026, 11, 23)

CLASSES = """
class_id;label;grade
k3;3.A;3
k6;6.A;6
"""
PUPILS = """
pupil_id;first_name;last_name;class_id
alma;Alma;Holm;k3
otto;Otto;Juul;k3
ella;Ella;Juul;k6
"""
GUARDIANS = """
guardian_id;pupil_id;kind;first_name;last_name;email
mette;alma;custody;Mette;Holm;mette@example.org
jonas;otto;custody;Jonas;Juul;jonas@example.org
jonas;ella;custody;Jonas;Juul;jonas@example.org
sofie;otto;custody;Sofie;Lund;sofie@example.org
sofie;ella;custody;Sofie;Lund;sofie@example.org
"""
STAFF = """
staff_id;first_name;last_name;email;class_id;function
karen;Karen;Bruun;karen@example.org;k3;class_teacher
lars;Lars;Krogh;lars@example.org;k6;class_teacher
"""


def files(
    classes: str = CLASSES, pupils: str = PUPILS, guardians: str = GUARDIANS, staff: str = STAFF
) -> dict[str, bytes]:
    """The four files; line 1 of each is its headings."""
    texts = {"classes.csv": classes, "pupils.csv": pupils, "guardians.csv": guardians, "staff.csv": staff}
    return {name: text.lstrip("\n").encode() for name, text in texts.items()}


def without(text: str, *starts: str) -> str:
    """The file without the rows that begin so."""
    return "\n".join(line for line in text.strip().split("\n") if not line.startswith(starts)) + "\n"
