"""The register's files as they are written: their names, columns and fixed words, in English and in Danish.

docs/import.md describes every one of them; a test holds the two together.
"""

from __future__ import annotations

from portal.accounts.models import Role
from portal.accounts.protection import Protection
from portal.school.models import GuardianshipKind, TeamFunction

CLASSES, PUPILS, GUARDIANS, STAFF = "classes.csv", "pupils.csv", "guardians.csv", "staff.csv"

#: The columns each file must have, and those it may have.
REQUIRED = {
    CLASSES: ("class_id", "label", "grade"),
    PUPILS: ("pupil_id", "first_name", "last_name", "class_id"),
    GUARDIANS: ("guardian_id", "pupil_id", "kind", "first_name", "last_name", "email"),
    STAFF: ("staff_id", "first_name", "last_name", "email", "class_id", "function"),
}
OPTIONAL = {
    CLASSES: ("school_year",),
    PUPILS: ("starts_on", "protection", "alias"),
    GUARDIANS: ("language", "protection", "alias", "home_id"),
    STAFF: ("starts_on", "ends_on", "roles"),
}
FILES = tuple(REQUIRED)

#: The Danish headings, and the Danish words, that are read beside the English ones.
HEADINGS = {
    "class_id": ("klasse_id",),
    "label": ("klasse", "betegnelse"),
    "grade": ("trin", "klassetrin", "årgang"),
    "school_year": ("skoleår",),
    "pupil_id": ("elev_id",),
    "guardian_id": ("voksen_id", "forælder_id"),
    "staff_id": ("medarbejder_id", "ansat_id"),
    "first_name": ("fornavn",),
    "last_name": ("efternavn",),
    "email": ("mail",),
    "language": ("sprog",),
    "kind": ("tilknytning",),
    "function": ("funktion",),
    "roles": ("roller",),
    "starts_on": ("startdato",),
    "ends_on": ("slutdato",),
    "protection": ("beskyttelse",),
    "alias": ("dæknavn",),
    "home_id": ("hjem_id",),
}
PROTECTIONS = {
    "": Protection.NONE,
    "none": Protection.NONE,
    "ingen": Protection.NONE,
    "address": Protection.ADDRESS,
    "adresse": Protection.ADDRESS,
    "adressebeskyttelse": Protection.ADDRESS,
    "name": Protection.NAME,
    "navn": Protection.NAME,
    "navnebeskyttelse": Protection.NAME,
    "navne- og adressebeskyttelse": Protection.NAME,
}
KINDS = {
    "custody": GuardianshipKind.CUSTODY,
    "forældremyndighed": GuardianshipKind.CUSTODY,
    "foster": GuardianshipKind.FOSTER,
    "pleje": GuardianshipKind.FOSTER,
    "plejeforælder": GuardianshipKind.FOSTER,
}
HELPERS = {"helper", "hjælper"}
FUNCTIONS = {
    "class_teacher": TeamFunction.CLASS_TEACHER,
    "klasselærer": TeamFunction.CLASS_TEACHER,
    "teacher": TeamFunction.TEACHER,
    "lærer": TeamFunction.TEACHER,
    "pedagogue": TeamFunction.PEDAGOGUE,
    "pædagog": TeamFunction.PEDAGOGUE,
    "substitute": TeamFunction.SUBSTITUTE,
    "vikar": TeamFunction.SUBSTITUTE,
}
ROLES = {
    "office": Role.OFFICE,
    "kontor": Role.OFFICE,
    "leadership": Role.LEADERSHIP,
    "ledelse": Role.LEADERSHIP,
    "akt": Role.AKT,
    "board_secretary": Role.BOARD_SECRETARY,
    "bestyrelsessekretær": Role.BOARD_SECRETARY,
}
LANGUAGES = {"": "", "da": "da", "dansk": "da", "en": "en", "engelsk": "en"}
