"""Documents are true of the code: links lead somewhere, commands shown can be given, nothing is left unsaid."""

import contextlib
import io
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import BaseCommand, get_commands, load_command_class

from commonhold.partnership.engine.rules.registry import KINDS
from commonhold.partnership.models import Role
from commonhold.performance.engine.measures import MEASURES
from commonhold.web import glossary
from tests.house.documents import DOCUMENTS, blocks, commands, files_named, headings, in_the_tree, links, named
from tests.house.source import PACKAGE, ROOT

GUIDE = ROOT / "docs" / "guide"
COMMAND_LINES = [(path, words) for path in DOCUMENTS for words in commands(path)]
OURS = sorted(path.stem for path in PACKAGE.glob("*/management/commands/*.py") if path.stem != "__init__")
TRUE_OF_THE_TREE = [ROOT / "docs" / "tour.md", ROOT / "docs" / "house.md", *ROOT.glob("docs/proof/*.md")]
ANOTHER_NAME = {"Party": "responsible party", "ChartImage": "pack", "RuleVersion": "version"}
"""Models whose word in the glossary is another than their own."""
CITED = re.compile(r"\((?:[CFPRLDUV][0-9]{1,2}(?:, | and | to )?)+\)")
"""A rule's letter and number, or several, as docstrings cite them."""
EMPHASIS = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")


class Plain(BaseCommand):
    """A command without options of its own."""

    requires_system_checks = ("models",)


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
    common = {option for action in Plain().create_parser("", "")._actions for option in action.option_strings}
    options = {option for action in parser._actions for option in action.option_strings} - common

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


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SERVICE}))
def test_a_role_that_somebody_holds_has_its_page_in_the_guide(role: Role) -> None:
    assert (GUIDE / "roles" / f"{role.value.replace('_', '-')}.md").is_file()


def test_the_public_has_its_page_in_the_guide() -> None:
    assert (GUIDE / "roles" / "public.md").is_file()


@pytest.mark.parametrize("rule", KINDS)
def test_a_rule_of_the_agreement_has_its_line(rule: str) -> None:
    assert f"| `{rule}` |" in (GUIDE / "agreement.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_has_its_section(measure: str) -> None:
    assert measure in headings(GUIDE / "measures.md")


@pytest.mark.parametrize("page", [*sorted((GUIDE / "roles").glob("*.md")), GUIDE / "agreement.md"], ids=named)
def test_what_the_guide_says_to_choose_is_on_a_page(page: Path) -> None:
    words = " ".join(
        path.read_text(encoding="utf-8")
        for path in [*PACKAGE.glob("*/jinja2/**/*.html"), *PACKAGE.glob("**/*.py")]
        if "demo" not in path.parts
    ).lower()
    named_there = {" ".join(found.split()) for found in EMPHASIS.findall(page.read_text(encoding="utf-8"))}

    def is_there(phrase: str) -> bool:
        parts = re.split(r"\b\d+\b", phrase.lower())
        return re.search(r".{1,40}?".join(re.escape(part) for part in parts), words) is not None

    assert sorted(phrase for phrase in named_there if not is_there(phrase)) == []


@pytest.mark.parametrize("path", [page for page in TRUE_OF_THE_TREE if page.exists()], ids=named)
def test_a_file_that_a_page_about_the_code_names_is_there(path: Path) -> None:
    kept = [f"/{file.relative_to(ROOT)}" for file in in_the_tree()]
    gone = [name for name in files_named(path) if not any(file.endswith(f"/{name}") for file in kept)]

    assert sorted(gone) == []


@pytest.mark.parametrize("path", TRUE_OF_THE_TREE[:1], ids=named)
def test_a_function_that_the_tour_names_is_in_the_file_it_is_named_with(path: Path) -> None:
    pairs = re.findall(r"`([\w/]+\.py)` `(\w+)`", path.read_text(encoding="utf-8"))
    gone = [
        f"{file} {name}"
        for file, name in pairs
        if not re.search(rf"^ *(def|class) {name}\b", (PACKAGE / file).read_text(encoding="utf-8"), re.M)
    ]

    assert pairs
    assert gone == []


def test_the_contracts_shown_are_those_that_are_checked() -> None:
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    shown = tomllib.loads(re.findall(r"```toml\n(.*?)```", page, re.S)[0])
    checked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert shown["tool"]["importlinter"] == checked["tool"]["importlinter"]


def test_the_act_and_the_view_shown_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    act, view = re.findall(r"```python\n(.*?)```", page, re.S)

    assert act in (PACKAGE / "governance" / "acts" / "minutes.py").read_text(encoding="utf-8")
    assert view in (PACKAGE / "governance" / "views" / "minutes.py").read_text(encoding="utf-8")


def test_the_tree_that_is_shown_is_there() -> None:
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    tree = re.findall(r"## The tree\n+```\n(.*?)```", page, re.S)[0]
    folder, gone = ROOT, []
    for line in tree.splitlines():
        inside, name = line.startswith("  "), line.split()[0]
        folder = folder if inside else ROOT / name
        place = folder / name if inside else ROOT / name
        if "<" not in name and not place.exists():
            gone.append(name)

    assert gone == []


def test_every_word_of_the_models_the_roles_and_the_rules_is_in_the_glossary() -> None:
    known = {word.casefold() for section in glossary.sections() for word in section.words}
    ours = [model for model in apps.get_models() if model.__module__.startswith("commonhold.")]
    words = {str(model._meta.verbose_name) for model in ours if model.__name__ not in ANOTHER_NAME}
    words |= set(ANOTHER_NAME.values())
    words |= {str(role.label) for role in Role} | {kind.title for kind in KINDS.values()}

    def is_known(word: str) -> bool:
        lower = word.casefold()
        return any(form in known for form in (lower, lower.removesuffix("s"), lower.split()[0], lower.split()[-1]))

    assert sorted(word for word in words if not is_known(word)) == []


def test_every_rule_that_is_cited_is_written_down() -> None:
    written = set(re.findall(r"^- ([A-Z][0-9]+) ", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), re.M))
    files = [path for folder in ("commonhold", "tests", "bench") for path in (ROOT / folder).glob("**/*.py")]
    cited = {
        (code, named(path))
        for path in [*files, *DOCUMENTS]
        for found in CITED.findall(path.read_text(encoding="utf-8"))
        for code in re.findall(r"[A-Z][0-9]+", found)
    }

    assert len(written) > 40 and len(cited) > 100
    assert [(code, file) for code, file in sorted(cited) if code not in written] == []
