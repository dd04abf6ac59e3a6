"""What the preview makes of builds: the proof, the edit, the problems."""

from __future__ import annotations

from proofs import CHAPTER, FIRST, pdf

from geppetto.diagnostics import Diagnostic
from geppetto.pagemap import stored
from geppetto.preview import Preview

PROBLEM = Diagnostic("chapter-none", "The book has no chapter.")


def test_before_the_first_build_the_last_pdf_is_shown(build):
    made = build(pdf())
    with Preview(made.parents[1]) as preview:
        preview.begun("reading the book")
        preview.stands(made)
        state = preview.board.state
        assert (state.proof.title, state.step) == ("A Small Book", "reading the book")
        assert state.proof.texts["chapters/1.md"] == CHAPTER


def test_a_build_that_fails_from_the_start_shows_its_problems(make_book):
    with Preview(make_book()) as preview:
        preview.stands(preview.root / "build/a-small-book.pdf")
        preview.built(None, [PROBLEM], 0.5)
        state = preview.board.state
        assert (state.proof, state.problems, state.seconds) == (None, (PROBLEM,), 0.5)


def test_errors_leave_the_last_pages_and_go_when_they_are_mended(build):
    made = build(pdf())
    with Preview(made.parents[1]) as preview:
        preview.built(made, (), 1.0)
        proof = preview.board.state.proof
        preview.begun("reading")
        preview.built(None, [PROBLEM], 0.5)
        assert preview.board.state.proof is proof
        assert (preview.board.state.problems, preview.board.state.step) == ((PROBLEM,), None)
        preview.built(made, (), 0.1)
        assert preview.board.state.problems == ()
        assert preview.board.state.proof.name == proof.name


def test_an_edit_is_found_by_what_the_last_pages_were_made_from(build):
    """A build that failed between the two is no matter."""
    made = build(pdf())
    with Preview(made.parents[1]) as preview:
        preview.built(made, (), 1.0)
        assert preview.board.state.edited is None
        (preview.root / "chapters/1.md").write_text(CHAPTER.replace("third", "@nowhere"))
        preview.built(None, [PROBLEM], 1.0)
        text = {"chapters/1.md": CHAPTER.replace("First", "Other")}
        preview.built(build(pdf(colour="1 0 0"), **text), (), 1.0)
        spot = preview.board.state.edited
        row = next(r for r in preview.board.state.proof.places.rows if r.line == FIRST)
        assert (spot.page, spot.x) == (row.page, row.x / 30000)


def test_a_file_that_was_saved_again_since_is_not_taken_for_what_was_built(build):
    made = build(pdf())
    with Preview(made.parents[1]) as preview:
        preview.built(made, (), 1.0)
        made = build(pdf(colour="1 0 0"))
        (preview.root / "chapters/1.md").write_text("Saved while the pages were made.\n")
        preview.built(made, (), 1.0)
        assert preview.board.state.proof.texts["chapters/1.md"] == CHAPTER


def test_a_map_of_another_pdf_is_not_used(build):
    made = build(pdf())
    made.write_bytes(pdf(colour="1 0 0"))
    with Preview(made.parents[1]) as preview:
        preview.built(made, (), 1.0)
        assert preview.board.state.proof.places is None
        stored.beside(made).write_bytes(b"no map")
        preview.built(made, (), 1.0)
        assert preview.board.state.proof.places is None


def test_the_file_may_be_replaced_while_it_is_shown(build):
    made = build(pdf())
    with Preview(made.parents[1]) as preview:
        preview.built(made, (), 1.0)
        made.write_bytes(b"")
        name = preview.board.state.proof.name
        assert preview.pages.picture(name, 4, 100)
        preview.built(made, (), 1.0)
        assert preview.board.state.proof.name == name


def test_each_preview_has_a_token_of_its_own(make_book):
    with Preview(make_book()) as one, Preview(make_book()) as other:
        tokens = {preview.address.partition("token=")[2] for preview in (one, other)}
        assert len(tokens) == 2
        assert all(len(token) >= 32 for token in tokens)
