from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import fonts
from geppetto.diagnostics import Location
from geppetto.fonts import catalogue, fallback
from geppetto.fonts.catalogue import BOLD, Font
from geppetto.model.settings import PdfSettings

LATIN = "20-7e a0-ff 2010-2026"
ROMAN = Font("/f/roman.otf", ("Roman",), charset=LATIN)
ROMAN_BOLD = Font("/f/roman-bold.otf", ("Roman",), "Bold", weight=BOLD, charset=LATIN)
MONO = Font("/f/mono.ttf", ("Mono",), mono=True, charset=LATIN)
MATH = Font("/f/math.otf", ("Math",), charset=f"{LATIN} 391-3c9 2200-22ff")
GREEK = Font("/f/greek.ttf", ("Noto Serif",), charset=f"{LATIN} 370-52f 1f00-1fff")
GREEK_BOLD = Font(
    "/f/greek-b.ttf", ("Noto Serif",), "Bold", weight=BOLD, charset="370-52f 1f00-1fff"
)
GREEK_SANS = Font("/f/greek-sans.ttf", ("Noto Sans",), charset="370-52f 1f00-1fff")
ARABIC = Font("/f/amiri.ttf", ("Amiri",), charset="20-7e 600-6ff")
HEBREW = Font("/f/hebrew.ttf", ("Noto Serif Hebrew",), charset="5d0-5ea")
WIDE = "20-7e 370-3ff 3000-30ff 4e00-9fff ac00-d7a3"
JAPANESE = Font("/f/cjk.ttc", ("Noto Serif CJK JP",), index=0, charset=WIDE)
CHINESE = Font("/f/cjk.ttc", ("Noto Serif CJK SC",), index=2, charset=WIDE)
EMOJI = Font("/f/emoji.ttf", ("Noto Color Emoji",), color=True, charset="200d 1f300-1faff")
UNIFONT = Font("/f/unifont.otf", ("Unifont",), charset="20-ffff")
SYSTEM = (
    *(ROMAN, ROMAN_BOLD, MONO, MATH, GREEK, GREEK_BOLD, GREEK_SANS),
    *(ARABIC, HEBREW, JAPANESE, CHINESE, EMOJI),
)
SETTINGS = PdfSettings(font="Roman", mono_font="Mono", math_font="Math")


@pytest.fixture
def system(monkeypatch):
    """A machine with few fonts, each holding what its name says, and no TeX."""

    def install(*installed):
        monkeypatch.setattr(fonts, "installed", lambda: installed or SYSTEM)

    monkeypatch.setattr(catalogue.tools, "find", lambda _name: None)
    install()
    return install


@pytest.mark.usefixtures("system")
def test_a_latin_book_needs_no_other_font_and_the_fastest_renderer():
    plan, diagnostics = fonts.plan(
        SETTINGS, "Plain “text” \u00ad\u200b\ufeff\n", ("en",), code="x = 1"
    )
    assert diagnostics == []
    assert (plan.renderer, plan.mono_renderer, plan.fallbacks, plan.missing) == (
        "Basic",
        "Basic",
        (),
        (),
    )
    assert plan.roman_face.regular.as_posix() == "/f/roman.otf"
    assert plan.roman_face.bold.as_posix() == "/f/roman-bold.otf"
    assert (plan.rtl, plan.cjk) == (False, False)


def test_what_one_shape_of_a_face_lacks_comes_from_another_font(system):
    """A comment in code is oblique: its sign is taken from the upright shape."""
    upright = Font("/f/mono.ttf", ("Mono",), mono=True, charset=f"{LATIN} 26a0")
    oblique = Font("/f/mono-oblique.ttf", ("Mono",), slant=100, mono=True, charset=LATIN)
    system(ROMAN, MATH, upright, oblique)
    plan, _ = fonts.plan(SETTINGS, "a", code="# \N{WARNING SIGN}")
    assert plan.mono_fallbacks == ("[/f/mono.ttf]:mode=node;",)
    assert (plan.missing, plan.renderer) == ((), "Basic")


def test_what_an_upright_shape_alone_holds_is_not_missing(system):
    """Where no font could stand in, only a use of the other shape is an error."""
    upright = Font("/f/roman.otf", ("Roman",), charset=f"{LATIN} e000")
    italic = Font("/f/roman-it.otf", ("Roman",), slant=100, charset=LATIN)
    system(upright, italic, MONO, MATH)
    plan, _ = fonts.plan(SETTINGS, "a\ue000")
    assert plan.missing == ()


@pytest.mark.usefixtures("system")
def test_each_script_has_a_serif_font_and_the_shaper_that_it_needs():
    plan, _ = fonts.plan(SETTINGS, "a ἀρχή العربية שלום 漢字 😀", ("en",))
    assert plan.renderer == "Node"
    assert set(plan.fallbacks) == {
        "[/f/greek.ttf]:mode=node;",
        "[/f/amiri.ttf]:mode=harf;script=arab;",
        "[/f/hebrew.ttf]:mode=harf;script=hebr;",
        "[/f/cjk.ttc](2):mode=node;",
        "[/f/emoji.ttf]:mode=harf;",
    }
    assert (plan.rtl, plan.cjk, plan.missing) == (True, True, ())


@pytest.mark.usefixtures("system")
def test_a_chinese_font_does_not_set_the_greek_that_it_also_holds():
    """The first font of the list that holds a character sets it."""
    plan, _ = fonts.plan(SETTINGS, "漢字 λόγος")
    assert plan.fallbacks == ("[/f/greek.ttf]:mode=node;", "[/f/cjk.ttc](2):mode=node;")


@pytest.mark.usefixtures("system")
def test_bold_text_falls_back_to_a_bold_font_where_it_holds_all():
    plan, _ = fonts.plan(SETTINGS, "漢字 λόγος")
    assert plan.bold_fallbacks == ("[/f/greek-b.ttf]:mode=node;", "[/f/cjk.ttc](2):mode=node;")


@pytest.mark.parametrize(
    ("languages", "text", "index"),
    [
        (("ja",), "漢字", 0),
        (("zh-Hans",), "漢字", 2),
        (("en",), "漢字かな", 0),
        (("en",), "漢字", 2),
    ],
)
@pytest.mark.usefixtures("system")
def test_the_book_s_languages_decide_the_shapes_of_han_characters(languages, text, index):
    plan, _ = fonts.plan(SETTINGS, text, languages)
    assert plan.fallbacks == (f"[/f/cjk.ttc]({index}):mode=node;",)


@pytest.mark.usefixtures("system")
def test_code_and_text_fall_back_each_for_itself():
    plan, _ = fonts.plan(SETTINGS, "plain", code="λ")
    assert (plan.renderer, plan.mono_renderer) == ("Basic", "Node")
    assert (plan.fallbacks, plan.mono_fallbacks) == ((), ("[/f/greek.ttf]:mode=node;",))


@pytest.mark.usefixtures("system")
def test_a_formula_s_letters_may_come_from_the_math_or_the_text_face():
    plan, _ = fonts.plan(SETTINGS, "", math="αΩ∑é☃")
    assert plan.missing == ("☃",)


def test_what_no_font_holds_is_missing_and_a_private_character_is_not_another_s(system):
    system(*SYSTEM, Font("/f/odd.otf", ("Odd",), charset="e000"))
    plan, _ = fonts.plan(SETTINGS, "aไ\ue000")
    assert plan.missing == ("ไ", "\ue000")


def test_a_last_resort_font_is_the_last(system):
    system(UNIFONT, *SYSTEM)
    plan, _ = fonts.plan(SETTINGS, "ἀρχή ☃")
    assert plan.fallbacks == ("[/f/greek.ttf]:mode=node;", "[/f/unifont.otf]:mode=node;")


@pytest.mark.usefixtures("system")
def test_a_text_face_for_a_script_that_is_shaped_goes_to_harfbuzz():
    plan, _ = fonts.plan(SETTINGS.model_copy(update={"font": "Amiri"}), "العربية")
    assert (plan.renderer, plan.fallbacks) == ("HarfBuzz", ())


def test_marks_that_do_not_compose_need_more_than_the_basic_renderer(system):
    system(*SYSTEM[1:], Font("/f/roman.otf", ("Roman",), charset=f"{LATIN} 300-36f"))
    assert fonts.plan(SETTINGS, "q\u0323")[0].renderer == "Node"


@pytest.mark.usefixtures("system")
def test_a_missing_family_is_an_error_with_its_like_and_its_package():
    wanted = SETTINGS.model_copy(update={"font": "Romann", "math_font": "TeX Gyre Pagella Math"})
    plan, diagnostics = fonts.plan(wanted, "λ")
    assert [(d.code, d.message) for d in diagnostics] == [
        ("font-missing", "The font 'Romann' is not installed."),
        ("font-missing", "The font 'TeX Gyre Pagella Math' is not installed."),
    ]
    assert "Did you mean Roman?" in diagnostics[0].hint
    assert "fonts-texgyre-math" in diagnostics[1].hint
    assert plan.missing == ()


def test_a_missing_glyph_is_named_with_its_package_and_place():
    diagnostic = fonts.missing_glyph("漢", Location("chapters/a.md", 3, 4))
    assert diagnostic.code == "glyph-missing"
    assert "漢 (U+6F22 CJK UNIFIED IDEOGRAPH-6F22)" in diagnostic.message
    assert "fonts-noto-cjk" in diagnostic.hint
    assert str(diagnostic.location) == "chapters/a.md:3:4"


def test_invisible_characters_need_no_glyph():
    assert fallback.visible("a \n\t\u00a0\u200d\u200c\u00ad\ufeff\ufe0f\u200f\u2028\u034f") == {"a"}


@given(st.permutations(SYSTEM), st.permutations("ἀρχήЖשלום漢字かな😀عرب☃"))
def test_the_choice_depends_on_nothing_but_characters_and_fonts(installed, text):
    def chosen(system, characters):
        found = fallback.choose(system, frozenset(characters), "Roman")
        return [(c.font.path, c.font.index, c.characters) for c in found]

    assert chosen(installed, text) == chosen(SYSTEM, sorted(text))


@given(st.text())
def test_every_visible_character_is_held_or_missing(text):
    wanted = fallback.visible(text)
    found = fallback.choose(SYSTEM, wanted, "Roman")
    held = frozenset().union(*(c.characters for c in found))
    can = frozenset(
        c for c in wanted if c < "\ue000" or c > "\uf8ff" if any(f.covered(c) for f in SYSTEM)
    )
    upright = {c for c in can if any(f.covered(c) for f in SYSTEM if f.weight < BOLD)}
    assert held == upright


@pytest.mark.tools
def test_the_system_s_fonts_are_read_alike_with_and_without_fontconfig():
    """Where fontconfig is missing the files themselves say what they hold."""
    listed = [f for f in catalogue.installed() if f.path.endswith("DejaVuSerif.ttf")]
    if not listed:
        pytest.skip("DejaVu Serif is not installed (fonts-dejavu)")
    (own,) = catalogue._from_file(catalogue.Path(listed[0].path))
    assert "DejaVu Serif" in own.families
    assert (own.weight, own.slant, own.mono) == (80, 0, False)
    assert own.covered("aλЖ∀") == listed[0].covered("aλЖ∀") == set("aλЖ∀")


@pytest.mark.tools
def test_tex_s_own_fonts_are_found_without_fontconfig():
    found = catalogue.of_family((), "Latin Modern Roman")
    if not found:
        pytest.skip("Latin Modern is not in TeX's tree (lmodern)")
    face = catalogue.face(found, "Latin Modern Roman")
    assert face.regular.name == "lmroman10-regular.otf"
    assert face.bold_italic.name == "lmroman10-bolditalic.otf"


def test_of_two_optical_sizes_the_one_for_text_is_taken():
    """EB Garamond has one for 8 pt and one for 12 pt: a book's 10.5 pt is nearer to the latter."""
    small = Font("/f/G08.otf", ("Garamond",), "08 Regular", charset=LATIN)
    large = Font("/f/G12.otf", ("Garamond",), "12 Regular", charset=LATIN)
    assert catalogue.shape([small, large]) is large
