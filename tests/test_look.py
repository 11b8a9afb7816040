"""The look keeps its promises: contrast, sizes, nothing from elsewhere or inline, parts that need no database."""

import gzip
import math
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from wtforms import BooleanField, Form, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "portal" / "static"
CSS = (STATIC / "portal.css").read_text()
#: A page that others link to is at most this long over the wire, compressed (tests/test_pages.py holds it).
MOST_BYTES = 8 * 1024
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
HUES = {int(name): float(hue) for name, hue in re.findall(r"\.hue-(\d+) \{ --hue: ([\d.]+); \}", CSS)}

SURFACES = ["paper", "surface", "sunken", "fjord-soft", "marigold-soft", "signal-soft", "good-soft"]
BODY = [("ink", surface) for surface in SURFACES] + [
    ("ink", "class-tint"),
    ("class-ink", "class-soft"),
    ("ins-ink", "ins"),
    ("del-ink", "del"),
    ("paper", "ink"),  # the skip link
]
OTHER = [
    *[("muted", surface) for surface in [*SURFACES, "class-tint"]],
    *[("fjord", surface) for surface in ["paper", "surface", "sunken", "fjord-soft", "marigold-soft", "class-tint"]],
    *[("fjord-deep", surface) for surface in ["paper", "surface", "sunken", "fjord-soft", "marigold-soft"]],
    *[("on-fjord", button) for button in ["fjord", "fjord-deep"]],
    *[("signal", surface) for surface in ["paper", "surface", "signal-soft"]],
    *[("good", surface) for surface in ["paper", "surface", "good-soft"]],
    ("class-ink", "class-tint"),
    ("on-marigold", "marigold"),
]
SHAPES = [  # WCAG 1.4.11: what shows where a field or a bar begins
    *[("edge", surface) for surface in ["paper", "surface", "marigold-soft"]],
    ("fjord", "sunken"),
    ("signal", "surface"),
]


@cache
def tokens() -> dict[str, tuple[str, str]]:
    """Every colour token as it stands in the file: name to (light, dark)."""
    colour = r"(?:#[0-9a-f]{6}|oklch\([^()]*(?:\([^()]*\))?[^()]*\))"
    found = re.findall(rf"--([\w-]+): light-dark\(({colour}), ({colour})\);", CSS)
    return {name: (light, dark) for name, light, dark in found}


def linear_rgb(colour: str, hue: float) -> tuple[float, ...]:
    """A hex or oklch colour as linear sRGB (Ottosson's OKLab matrices, as in CSS Color 4)."""
    if colour.startswith("#"):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    lightness, chroma = re.match(r"oklch\(([\d.]+)% ([\d.]+) ", colour).groups()
    light, a, b = (
        float(lightness) / 100,
        float(chroma) * math.cos(math.radians(hue)),
        float(chroma) * math.sin(math.radians(hue)),
    )
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def luminance(colour: str, hue: float) -> float:
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in linear_rgb(colour, hue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, *, dark: bool, hue: float) -> float:
    lighter, darker = sorted((luminance(tokens()[name][dark], hue) for name in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(pairs: list[tuple[str, str]], least: float) -> list[str]:
    return [
        f"{one} on {other}, {'dark' if dark else 'light'}, hue {name}: {ratio:.2f}"
        for one, other in pairs
        for dark in (False, True)
        for name, hue in HUES.items()
        if (ratio := contrast(one, other, dark=dark, hue=hue)) < least
    ]


def test_the_conversion_agrees_with_known_colours():
    assert linear_rgb("oklch(100% 0 0)", 0) == pytest.approx((1, 1, 1), abs=1e-4)
    assert linear_rgb("oklch(62.7955% 0.257683 0)", 29.2339) == pytest.approx((1, 0, 0), abs=1e-3)
    assert linear_rgb("oklch(45.2014% 0.313214 0)", 264.052) == pytest.approx((0, 0, 1), abs=1e-3)


def test_there_are_twelve_class_hues_and_all_are_different():
    assert sorted(HUES) == list(range(1, 13))
    assert len(set(HUES.values())) == 12


def test_body_text_has_seven_to_one():
    assert too_weak(BODY, 7) == []


def test_every_other_text_has_four_and_a_half_to_one():
    assert too_weak(OTHER, 4.5) == []


def test_fields_and_bars_have_three_to_one():
    assert too_weak(SHAPES, 3) == []


def test_class_colours_need_no_clipping():
    outside = [
        (name, colour, hue)
        for name, both in tokens().items()
        for colour in both
        for hue in HUES.values()
        if not all(-0.002 <= channel <= 1.002 for channel in linear_rgb(colour, hue))
    ]
    assert outside == []


def test_the_hue_classes_restate_the_same_class_colours_as_the_root():
    stated = re.findall(r"--(class-[\w]+): (light-dark\(.*\));", CSS)
    assert len(stated) == 2 * len(set(stated))


def test_every_ink_token_used_as_text_is_measured():
    used = set(re.findall(r"(?<![-\w])color: var\(--([\w-]+)\)", CSS))
    graphics = {"class-line"}
    assert used - graphics <= {ink for ink, _ in BODY + OTHER}


def test_colours_stand_in_tokens_only():
    assert (
        re.findall(r"(?<![\w-])(?!--)[\w-]+: [^;{}]*#[0-9a-f]{3,8}\b[^;{}]*;", re.sub(r"--[\w-]+: [^;]*;", "", CSS))
        == []
    )


def test_every_custom_property_that_is_used_is_defined():
    assert set(re.findall(r"var\(--([\w-]+)", CSS)) <= set(re.findall(r"--([\w-]+):", CSS))


def test_the_style_sheet_fetches_nothing_from_elsewhere():
    addresses = re.findall(r"url\(\"?([^)\"]+)\"?\)", CSS)
    assert addresses
    assert all((STATIC / address).resolve().is_relative_to(STATIC) for address in addresses)
    assert all((STATIC / address).is_file() for address in addresses)
    assert "@import" not in CSS


def test_first_visit_stays_small():
    """Everything over the wire, compressed as it is sent: 40 KB with a page of 8 KB (docs/performance.md)."""
    fonts = sum(font.stat().st_size for font in (STATIC / "fonts").glob("*.woff2"))
    assert fonts <= 23 * 1024
    icons = (STATIC / "icons.svg").read_bytes()
    assert fonts + len(gzip.compress(CSS.encode(), 1)) + len(gzip.compress(icons, 1)) + MOST_BYTES <= 40 * 1024
    assert (STATIC / "fonts" / "OFL.txt").is_file()


def test_every_icon_that_is_named_exists():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    text = "\n".join(template.read_text() for template in TEMPLATES)
    named = set(re.findall(r"\bicon(?:_name)?\s*(?:\(|=)\s*[\"']([\w-]+)[\"']", text))
    for choices, otherwise in re.findall(r"\bicon\(\{([^}]*)\}\.get\([\w.]+, \"([\w-]+)\"\)", text):
        named |= {otherwise, *re.findall(r":\s*\"([\w-]+)\"", choices)}
    assert named <= drawn
    assert {"home", "people", "calendar", "book", "more"} <= drawn


#: How a template names the icon of what it leads to: a tile, a link, a press that posts.
LEADS_WITH_ICON = (
    r"tile\([^\n]*?url_for\(\"([\w.]+)\"[^\n]*?\), \"([\w-]+)\"",
    r"href=\"\{\{ url_for\('([\w.]+)'[^}]*\}\}\"[^>]*>\{\{ icon\(\"([\w-]+)\"\)",
    r"post_button\([^\n]*?url_for\(\"([\w.]+)\"[^\n]*?icon=\"([\w-]+)\"",
)
PLACES = re.findall(r"url_for\(\"([\w.]+)\"[^\n]*\), \"([\w-]+)\"\)", (ROOT / "portal" / "web" / "menu.py").read_text())


def test_the_same_thing_has_one_icon():
    """The welcome page's tiles tell what there is; they lead where a stranger can read on, and not to the thing."""
    icons = {}
    for endpoint, icon in PLACES:
        icons.setdefault(endpoint, set()).add(icon)
    for template in TEMPLATES:
        if template.name != "show_welcome.html":
            for endpoint, icon in (found for way in LEADS_WITH_ICON for found in re.findall(way, template.read_text())):
                icons.setdefault(endpoint, set()).add(icon)
    assert {endpoint: names for endpoint, names in icons.items() if len(names) > 1} == {}
    assert {"home.show_home", "updates.cadence.show_cadence", "events.new_event"} <= set(icons)


@pytest.fixture(scope="module")
def environment() -> Environment:
    """The templates as the application sees them, with nothing behind them."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(
        lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True
    )
    environment.globals.update(
        static_url=lambda name: f"/static/{name}",
        csrf_token=lambda: "a-token",
        is_anybody_at_risk=lambda: False,
        idempotency_key=lambda one="": "a-key",
        settings=SimpleNamespace(school_name="Alslev Skole"),
        get_flashed_messages=lambda with_categories: [],
        url_for=lambda endpoint, **values: "/help",
    )
    return environment


class WordsForm(Form):
    """One field of each manner."""

    title = StringField("Title", [InputRequired("Write a title")], description="In your own words")
    body = TextAreaField("Text", [Optional()])
    kind = RadioField(
        "Kind",
        [InputRequired("Choose one")],
        choices=[SelectChoice("a", "A", {"hint": "For all"}), SelectChoice("b", "B")],
    )
    classes = SelectMultipleField("Classes", choices=[SelectChoice("1", "<3.A>")])
    told = BooleanField("Told at a meeting", [InputRequired("Tick it")])
    step = HiddenField(validators=[InputRequired("The step is missing")])


@pytest.fixture
def refused_form(environment) -> str:
    form = WordsForm(data={"body": "<b>kept</b>"})
    assert not form.validate()
    form.form_errors.append("The class has no guardians yet")
    return environment.from_string(
        '{% from "components/forms.html" import form_block, field %}'
        '{% call form_block(form, "Save", cancel_url="/back") %}'
        '{{ field(form.title, autocomplete="off") }}{{ field(form.body, rows=9) }}{{ field(form.kind) }}'
        "{{ field(form.classes) }}{{ field(form.told) }}{% endcall %}"
    ).render(form=form)


def test_a_refused_form_says_what_is_wrong_and_leads_to_it(refused_form):
    summary = refused_form[refused_form.index('role="alert"') : refused_form.index("<fieldset")]
    for wanted in (
        "The class has no guardians yet",
        "The step is missing",
        'href="#title"',
        'href="#kind-0"',
        'href="#told"',
    ):
        assert wanted in summary
    for target in ('id="title"', 'id="kind-0"', 'id="told"'):
        assert target in refused_form
    assert re.search(
        r'<input aria-describedby="title-hint title-error" aria-invalid="true" autocomplete="off" id="title"',
        refused_form,
    )
    assert '<label for="kind-0">A<small>For all</small></label>' in refused_form
    assert '<fieldset class="field wrong" aria-describedby="kind-error">' in refused_form


def test_a_refused_form_keeps_what_was_typed_and_escapes_it(refused_form):
    assert "&lt;b&gt;kept&lt;/b&gt;" in refused_form
    assert "&lt;3.A&gt;" in refused_form
    assert re.search(r'<textarea id="body" name="body" rows="9">', refused_form)


def test_whatever_is_posted_carries_its_tokens(environment, refused_form):
    button = environment.from_string(
        '{% from "components/forms.html" import post_button %}'
        '{{ post_button("No", "/rsvp", fields={"answer": "DECLINED"}) }}'
    ).render()
    for posted in (refused_form, button):
        assert posted.count('name="csrf_token" value="a-token"') == posted.count("<form") == 1
        assert posted.count('name="idempotency_key" value="a-key"') == 1
    assert 'name="answer" value="DECLINED"' in button


def test_an_unread_update_says_so_in_words(environment):
    row = SimpleNamespace(url="/u/1", title="<Games>", excerpt="…", when="today", class_label="3.A", hue=6, is_new=True)
    feed = '{% from "components/feed.html" import update_feed %}{{ update_feed([row]) }}'
    html = environment.from_string(feed).render(row=row)
    assert '<span class="new">New</span>' in html
    assert '<a href="/u/1">&lt;Games&gt;</a>' in html
    assert 'class="class hue-6"' in html


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 429, 500, 503])
def test_the_error_page_renders_without_a_menu_or_a_person(environment, status):
    html = environment.get_template("errors/error.html").render(
        language="da",
        status=status,
        title="Title",
        message="Message",
        action_url="/",
        action_label="Home",
        typed=[],
        path="",
        kept="",
        saved_at="",
    )
    assert f"Error {status}" in html
    assert '<a class="button main" href="/">To the front page</a>' in html
    assert html.count("<h1>") == 1
    assert "<title>Title – Trivselsportalen</title>" in html
    assert 'lang="da"' in html
