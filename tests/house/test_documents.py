"""Documents are true of the code: their links lead somewhere, the commands they show can be given, nothing is unsaid."""

import contextlib
import io
import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from commonhold.partnership.engine.rules.registry import KINDS
from commonhold.partnership.models import Role
from commonhold.performance.engine.measures import MEASURES
from commonhold.web import glossary
from tests.house.documents import DOCUMENTS, blocks, commands, files_named, headings, links, named
from tests.house.source import PACKAGE, ROOT

GUIDE = ROOT / "docs" / "guide"
COMMAND_LINES = [(path, words) for path in DOCUMENTS for words in commands(path)]
OURS = sorted(path.stem for path in PACKAGE.glob("*/management/commands/*.py") if path.stem != "__init__")
TRUE_OF_THE_TREE = [ROOT / "docs" / "tour.md", ROOT / "docs" / "house.md", *ROOT.glob("docs/proof/*.md")]
EXAMPLES = {"app.py", "page.html", "sites.csv", "calendars.toml", "start.toml"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    dead = []
    for link in links(path):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in headings(target)):
            dead.append(link)

    assert dead == []


@pytest.mark.parametrize(
    ("path", "words"), COMMAND_LINES, ids=[f"{named(path)}: {' '.join(words)}" for path, words in COMMAND_LINES]
)
def test_a_command_line_can_be_given_as_it_stands(path: Path, words: list[str]) -> None:
    name = words[0].replace("-", "_")
    assert name in get_commands(), f"there is no command {words[0]}"
    parser = load_command_class(get_commands()[name], name).create_parser("commonhold", name)
    parser.exit_on_error = False

    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            parser.parse_args(words[1:])
        except BaseException as problem:
            pytest.fail(f"{' '.join(words)}: {problem or said.getvalue()}")


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_make_target_or_module_that_is_shown_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    text = path.read_text(encoding="utf-8")
    shown = set(re.findall(r"^(?:[A-Z]+=\S+ )?make ([a-z]+)", "\n".join(blocks(path)), re.M))
    shown |= set(re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z]+)`", text))
    modules = re.findall(r"python -m (commonhold[\w.]*)", text)
    benches = re.findall(r"`?(bench/\w+\.py)", text)

    assert shown - targets == set()
    assert [name for name in modules if not (ROOT / f"{name.replace('.', '/')}.py").is_file()] == []
    assert [name for name in benches if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("command", OURS)
def test_the_page_of_a_command_names_each_of_its_options(command: str) -> None:
    parser = load_command_class(get_commands()[command], command).create_parser("commonhold", command)
    page = (GUIDE / "commands" / f"{command.replace('_', '-')}.md").read_text(encoding="utf-8")
    djangos = load_command_class("django.core", "check").create_parser("commonhold", "check")
    common = {option for action in djangos._actions for option in action.option_strings}
    options = {option for action in parser._actions for option in action.option_strings} - common - {"-h"}

    assert [option for option in sorted(options) if option not in page] == []


def test_every_command_role_and_document_stands_in_the_guide_s_index() -> None:
    index = GUIDE / "README.md"
    listed = {(index.parent / link).resolve() for link in links(index)}
    pages = {path for path in GUIDE.glob("**/*.md") if path != index}

    assert sorted(named(path) for path in pages - listed) == []


def test_every_page_of_proof_and_every_decision_stands_in_an_index() -> None:
    for folder in (ROOT / "docs" / "proof", ROOT / "docs" / "decisions"):
        index = folder / "README.md"
        listed = {(folder / link.partition("#")[0]).resolve() for link in links(index)}

        assert sorted(named(path) for path in set(folder.glob("*.md")) - listed - {index}) == []


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_a_role_has_its_page_in_the_guide(role: Role) -> None:
    assert role.label in "\n".join(
        path.read_text(encoding="utf-8").split("\n\n")[0] for path in (GUIDE / "roles").glob("*.md")
    )
