"""What can be mailed and what can be called: as people type and paste it, and as servers know it."""

from __future__ import annotations

import pytest

from portal.text.addresses import dialled, host_on_the_wire, mailed_address, read_address, read_number

ADDRESSES = {
    "mette@example.dk": "mette@example.dk",
    " Mette.Holm@Example.DK ": "mette.holm@example.dk",
    "mailto:mette@example.dk": "mette@example.dk",
    "MAILTO:Mette@example.dk?subject=Hej%20Mette": "mette@example.dk",
    "mailto:mette%2bskole@example.dk": "mette+skole@example.dk",
    "Mette Holm <mette@example.dk>": "mette@example.dk",
    '"Holm, Mette" <mette@example.dk>;': "mette@example.dk",
    "mette@example.dk <mailto:mette@example.dk>": "mette@example.dk",
    "<mette@example.dk>": "mette@example.dk",
    "<mette@example.dk": "mette@example.dk",
    "mette@example.dk.": "mette@example.dk",
    "mette@example.dk,": "mette@example.dk",
    "'mette@example.dk'": "mette@example.dk",
    "mette @ example.dk": "mette@example.dk",
    "mette@example.dk\u00a0": "mette@example.dk",
    "\u200bmette@exam\u00adple.dk": "mette@example.dk",
    "o'neil+skole@example.co.uk": "o'neil+skole@example.co.uk",
    "mette@østerskov.dk": "mette@østerskov.dk",
    "mette@ØSTERSKOV.DK": "mette@østerskov.dk",
    "mette@xn--sterskov-44a.dk": "mette@østerskov.dk",
    "mette@A\u030alborg-skole.dk": "mette@ålborg-skole.dk",
    "mette@post.ærø.dk": "mette@post.ærø.dk",
}


@pytest.mark.parametrize("typed", ADDRESSES, ids=ascii)
def test_an_address_is_read_out_of_what_people_type_and_paste(typed: str) -> None:
    assert read_address(typed) == ADDRESSES[typed]
    assert read_address(ADDRESSES[typed]) == ADDRESSES[typed], "and read again it is the same"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "<>",
        "mailto:",
        "mette",
        "mette@",
        "@example.dk",
        "mette@example",
        "mette@localhost",
        "mette@192.168.1.1",
        "mette holm@example.dk",
        "mette@exam ple.dk",
        "mette@example.dk, jonas@example.dk",
        "mette@example.dk; jonas@example.dk",
        "Mette <mette@example.dk> Jonas <jonas@example.dk>",
        "mette@@example.dk",
        "mette@jonas@example.dk",
        ".mette@example.dk@",
        "mette..holm@example.dk",
        "mette.@example.dk",
        "mette@example..dk",
        "mette@-example.dk",
        "mette@example-.dk",
        "mette@exam_ple.dk",
        "mette@xn--abc.dk",
        "mette@xn--zzzzzz99.dk",
        "søren@example.dk",
        '"mette holm"@example.dk',
        "a@hjem.example\nBcc: alle@hjem.example",
        "a\x00@hjem.example",
        "a" * 65 + "@example.dk",
        "mette@" + "a" * 64 + ".dk",
        "mette@" + "ø" * 63 + ".dk",
        "mette@" + "a.b" * 90 + ".dk",
        "a" * 100_000,
        "<" * 100_000,
        "@" * 100_000,
        " " * 100_000 + "@",
    ],
    ids=lambda typed: ascii(typed)[:40],
)
def test_what_nothing_can_be_mailed_to_is_no_address(typed: str) -> None:
    assert read_address(typed) is None


@pytest.mark.parametrize(
    ("domain", "wire"),
    [
        ("østerskov.dk", "xn--sterskov-44a.dk"),
        ("blåbærgrød.dk", "xn--blbrgrd-fxak7p.dk"),
        ("ærø.dk", "xn--r-3fa9c.dk"),
        ("smørrebrød.dk", "xn--smrrebrd-64af.dk"),
        ("møllehøj-skole.dk", "xn--mllehj-skole-vjbe.dk"),
        ("ålborg.dk", "xn--lborg-lra.dk"),
        ("rødgrød.med.fløde.dk", "xn--rdgrd-vuad.med.xn--flde-hra.dk"),
        ("café.dk", "xn--caf-dma.dk"),
        ("faß.de", "xn--fa-hia.de"),
        ("example.dk", "example.dk"),
    ],
)
def test_a_domain_with_other_letters_is_mailed_as_servers_know_it(domain: str, wire: str) -> None:
    """The right values are those of the `idna` library 3.20 (IDNA2008, UTS 46 without its transition)."""
    assert host_on_the_wire(domain) == wire
    assert mailed_address(f"mette@{domain}") == f"mette@{wire}"
    assert read_address(f"mette@{wire}") == f"mette@{domain}"


@pytest.mark.parametrize(
    "kept", ["Mette <a@hjem.example>", "<a@hjem.example>", "a@hjem.example\r\n", "a b@hjem.example", "mailto:a@b.dk"]
)
def test_what_is_kept_is_mailed_as_it_stands_or_not_at_all(kept: str) -> None:
    assert mailed_address(kept) is None


@pytest.mark.parametrize("host", ["", ".", "a..dk", "a b.dk", "-a.dk", "ø-.dk", "a/b.dk", "\u0301a.dk", "a\u2014.dk"])
def test_a_name_that_no_host_can_have_is_none(host: str) -> None:
    assert host_on_the_wire(host) is None


@pytest.mark.parametrize(
    ("typed", "shortest", "number"),
    [
        ("12345678", 8, "12345678"),
        (" 12  34 56\u00a078 ", 8, "12 34 56 78"),
        ("+45 12 34 56 78", 8, "+45 12 34 56 78"),
        ("12-34-56-78", 8, "12-34-56-78"),
        ("12.34.56.78", 8, "12.34.56.78"),
        ("116 111", 3, "116 111"),
        ("112", 3, "112"),
        ("116 111", 8, None),
        ("12", 3, None),
        ("1234567", 8, None),
        ("+", 3, None),
        ("", 3, None),
        ("45+12345678", 8, None),
        ("12--34", 3, None),
        ("-12345678", 8, None),
        ("12345678-", 8, None),
        ("ring 12345678", 8, None),
        ("12345678\n12345678", 8, None),
        ("1234\n5678", 8, None),
        ("1" * 16, 3, None),
        ("١٢٣٤٥٦٧٨", 8, None),
        ("1 " * 100_000, 3, None),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_number_is_one_that_somebody_can_call(typed: str, shortest: int, number: str | None) -> None:
    assert read_number(typed, shortest=shortest) == number


def test_a_telephone_dials_digits_alone() -> None:
    assert [dialled(n) for n in ("+45 12-34.56 78", "116 111")] == ["+4512345678", "116111"]
