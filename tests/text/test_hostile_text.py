"""Nothing of what is known to run scripts in pages survives rendering; and no text costs more than it is long."""

import sys
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from portal.text import richtext
from tests.hostile import LEADING_OUT, TEXTS
from tests.text.test_richtext import HERE, Page, leads_out


def assert_harmless(html: str) -> None:
    page = Page(html)
    for tag, attributes in page.elements:
        assert tag in richtext.TAGS
        assert set(attributes) <= richtext.ATTRIBUTES.get(tag, set())
    for link in page.links:
        href = link["href"]
        assert urlsplit(urljoin(HERE, href)).scheme in richtext.SCHEMES
        assert all(char > " " for char in href)
        if leads_out(href) and not href.startswith("mailto:"):
            assert link["rel"] == richtext.EXTERNAL_REL
            assert link["class"] in ("external", "external bare")


@pytest.mark.parametrize("text", TEXTS)
def test_a_known_attack_becomes_harmless_words(text):
    assert_harmless(richtext.render(text))
    assert_harmless(richtext.render(richtext.plain(text)))


@pytest.mark.parametrize(
    "frame", ["{}", "# {}", "> - {}", "**{}**", "[{}](/x)", "![{}](/x)", "|{}|\n|-|\n|{}|", "x{}x"]
)
def test_attacks_are_as_harmless_inside_everything_else(frame):
    for text in TEXTS:
        assert_harmless(richtext.render(frame.replace("{}", text)))


def test_attacks_together_are_as_harmless_as_each():
    for between in ("\n\n", "\n", " ", ""):
        assert_harmless(richtext.render(between.join(TEXTS)))
        assert_harmless(richtext.render(between.join(reversed(TEXTS))))


@pytest.mark.parametrize("cut", range(0, 40, 3))
def test_where_a_long_text_is_cut_nothing_opens(cut):
    for text in ("<script>ran()</script>", "[a](javascript:ran())", '<img src=x onerror="ran()">', "&lt;script&gt;"):
        assert_harmless(richtext.render("x" * (richtext.PIECE - cut) + text + "y" * 40))


def test_rendering_what_was_rendered_mutates_nothing():
    for text in TEXTS:
        html = richtext.render(text)
        cleaned = richtext.nh3.clean(html, tags=set(richtext.TAGS), link_rel=None, attributes=richtext.ATTRIBUTES)
        assert cleaned == html
        assert_harmless(richtext.render(str(html)))


@pytest.mark.parametrize("address", LEADING_OUT)
def test_who_leads_out_in_disguise_is_refused_or_marked(address):
    for link in Page(richtext.render(f"[klik]({address}) <{address}>")).links:
        if leads_out(link["href"]) or leads_out(unquote(link["href"])):
            assert (link["rel"], link["class"].split()[0]) == (richtext.EXTERNAL_REL, "external")


@pytest.mark.parametrize(
    "address",
    [
        "https://skolen.example@evil.example/",
        "//skolen.example@evil.example",
        "https://skolen.example:pw@evil.example",
        "https://skolen.example%40evil.example/",
        "/\\skolen.example@evil.example",
    ],
)
def test_an_address_that_poses_as_another_stays_text(address):
    assert Page(richtext.render(f"[klik]({address})")).links == []


@pytest.mark.parametrize("address", ["https://www.tiktok.com/@skolen", "https://x.dk/?a=@b", "mailto:a@b.dk", "/@a"])
def test_an_at_sign_elsewhere_does_no_harm(address):
    assert [link["href"] for link in Page(richtext.render(f"[klik]({address})")).links] == [address]


COSTLY = {
    "quotes": "> ",
    "quotes that deepen": "".join(">" * depth + " a\n" for depth in range(1, 150)),
    "lists that deepen": "".join("  " * depth + "- a\n" for depth in range(1, 100)),
    "quotes in lists": ">- ",
    "emphasis opened": "*a **b ",
    "emphasis closed": "a** b* ",
    "emphasis mixed": "*_**__",
    "stars": "*",
    "underlines": "_",
    "brackets": "[",
    "brackets closed": "]",
    "brackets inside each other": "[" * 500 + "](/a)" * 500,
    "links opened": "[a](",
    "links with brackets": "[a](<b",
    "links with titles": '[a](/b "',
    "pictures opened": "![a](",
    "pictures in pictures": "![" * 300 + "](/a)" * 300,
    "angles": "<",
    "angle addresses": "<https://a",
    "entities": "&#x26",
    "entities of letters": "&CounterClockwiseContourIntegral;",
    "backslashes": "\\",
    "tables": "|a|b|\n|-|-|\n|c|d|\n\n",
    "wide table": "|a" * 800 + "\n" + "|-" * 800 + "\n",
    "underlined": "a\n=\n",
    "references": "[a]: /b\n",
    "blank lines": "\n",
    "combining marks": "a\u0301",
}

#: Calls and returns that Python makes for 20,000 characters. Tables take the most, 6.6 million; it would be ten and a
#: hundred times as many if the parser saw more than a piece at once or nested deeper.
MOST_CALLS = 10_000_000


@pytest.mark.parametrize("unit", COSTLY.values(), ids=COSTLY)
def test_the_costliest_texts_cost_a_bounded_amount_of_work(unit):
    text = (unit * 20_000)[:20_000]
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1
        assert calls < MOST_CALLS

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        html = richtext.render(text)
    finally:
        sys.setprofile(before)
    assert_harmless(html)
    assert len(html) <= 8 * len(text)
