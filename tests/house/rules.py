"""Rules 5 to 8 of docs/house.md as questions to a module's syntax: each answers with what breaks it, by line."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import called, functions

WRITES = frozenset(
    {
        "save",
        "create",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "delete",
        "aupdate",
        "acreate",
    }
)
"""What writes, whatever it is called on; `update` does only on rows, for a dictionary has one as well."""

ELSEWHERE = {
    "commonhold/databases/": "how writing is done",
    "commonhold/ledger/evidence.py": "files, not rows",
    "commonhold/govuk/tables.py": "a spreadsheet, not rows",
    "commonhold/partnership/models/people.py": "create_user, which acts call",
    "commonhold/web/demo/founding.py": "the story begins with one transaction of acts",
    "commonhold/jobs/management/runner/": "the runner marks how far a job is: workings",
}
"""Places that write and are no acts, and why."""

WORKINGS = {
    "Batch": "a file that is being gathered",
    "Reckoning": "staged rows of a batch that is not taken over",
    "Desk": "a name that a file brought",
    "DeskAge": "found again from batches and feeds",
    "DaysComplete": "found again from the tickets",
    "BulkClosing": "found again from the tickets",
    "Party": "a name that a file brought",
    "Responsibility": "a name that a file brought",
    "Partner": "a name that a file reserves until its batch is taken over",
    "Upload": "a file that is being looked through",
    "Sketch": "a mapping that is being built",
    "Period": "figures kept ready",
    "Table": "figures kept ready",
    "DisputeEffect": "what figures of a month would be, computed again at any time",
    "DisputedReading": "figures kept ready",
    "DisputedTable": "figures kept ready",
    "ReadingsFile": "a file of readings that a worker checks",
    "Draft": "a pack that is being looked through",
    "Reconciliation": "why two figures differ, to be worked out again at any time",
    "DifferingTicket": "why two figures differ, to be worked out again at any time",
    "IncidentDraft": "an account that is being written",
    "Week": "what the days ahead will bring, kept ready",
    "Wording": "words that nobody has signed off",
    "Job": "how far work is",
    "Feed": "since when the file was missing of which people were told",
    "FeedFile": "a file that came by a feed, and what became of it",
    "Told": "what people were told, and whether they have seen it",
    "Token": "the day on which one was last used",
    "Person": "how somebody wants to be told",
    "Post": "the first posts, made with the database",
}
"""The tables that acts marked as workings may touch, and what of them is one."""


def is_act_module(path: str) -> bool:
    return "/acts/" in path or path.endswith("/acts.py")


def app_of(path: str) -> str:
    return path.split("/")[1]


def decorators(node: ast.FunctionDef) -> set[str]:
    return {called(decorator) for decorator in node.decorator_list}


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def writes(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that change rows."""
    for call in calls(node):
        if not isinstance(call.func, ast.Attribute):
            continue
        owner = ast.unparse(call.func.value)
        on_rows = any(word in owner for word in ("objects", ".filter(", ".exclude(", ".all()"))
        if call.func.attr in WRITES or (call.func.attr == "update" and on_rows):
            yield call


def writing_outside_acts(path: str, tree: ast.Module) -> list[str]:
    """Rule 5: only acts write, and only they open a transaction or load rows."""
    if is_act_module(path) or path.startswith(tuple(ELSEWHERE)):
        return []
    found = [f"{path}:{call.lineno} {ast.unparse(call.func)}" for call in writes(tree)]
    loading = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "commonhold.databases.loading"
        for name in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "atomic":
            found.append(f"{path}:{node.lineno} atomic")
        if isinstance(node, ast.Call) and called(node) in loading:
            found.append(f"{path}:{node.lineno} {called(node)}")
    return found


def public_acts(path: str, tree: ast.Module) -> Iterator[ast.FunctionDef]:
    if is_act_module(path) and not path.startswith("commonhold/ledger/"):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node


def wrong_with_act(path: str, tree: ast.Module, act: ast.FunctionDef) -> list[str]:
    """Rule 6: how an act is made."""
    wrong, marks = [], decorators(act)
    if not ast.get_docstring(act):
        wrong.append("it does not say which rule it keeps")
    if act.args.args and path != "commonhold/jobs/acts.py":
        wrong.append("it takes arguments without their names")
    if marks & {"working", "setting_up"}:
        return wrong + [
            f"it is a working and touches {name}" for name in sorted(tables_written(tree, act) - set(WORKINGS))
        ]
    within = list(_within(tree, act))
    names = {called(call) for node in within for call in calls(node)}
    handed_on = [call for node in within for call in calls(node) if _hands_on(call)]
    if [argument.arg for argument in act.args.kwonlyargs][:1] != ["by"]:
        wrong.append("its first argument is not by")
    if "atomic" not in marks:
        wrong.append("it is not one transaction")
    if "require" not in names:
        wrong.append("it does not ask whether it is allowed")
    if "record" not in names and not handed_on:
        wrong.append("it leaves no entry")
    return wrong


def writing_after_the_entry(tree: ast.Module) -> list[str]:
    """Rule 6: the entry is the last write, so that the head of the log is held for the shortest time."""
    found = []
    for node in ast.walk(tree):
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            if not isinstance(block, list):
                continue
            recorded = False
            for statement in block:
                if recorded and (late := next(writes(statement), None)):
                    found.append(f"line {late.lineno}: {ast.unparse(late.func)} after record()")
                recorded |= isinstance(statement, ast.Expr | ast.Return | ast.Assign) and any(
                    called(call) == "record" for call in calls(statement)
                )
    return found


def _within(tree: ast.Module, act: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """An act, and what it calls of its own module."""
    known = {function.name: function for function in functions(tree)}
    seen, left = {act.name}, [act]
    while left:
        now = left.pop()
        yield now
        for name in {called(call) for call in calls(now)} & set(known) - seen:
            seen.add(name)
            left.append(known[name])


def _hands_on(call: ast.Call) -> bool:
    return any(keyword.arg == "by" for keyword in call.keywords)


def tables_written(tree: ast.Module, act: ast.FunctionDef) -> set[str]:
    """The models on whose rows an act writes by name."""
    found = set()
    for function in _within(tree, act):
        for call in writes(function):
            first = next(ast.walk(call.func.value)) if isinstance(call.func, ast.Attribute) else None
            while isinstance(first, ast.Attribute | ast.Call):
                first = first.value if isinstance(first, ast.Attribute) else first.func
            if isinstance(first, ast.Name) and first.id[:1].isupper():
                found.add(first.id)
    return found


def rows_of_another_app(path: str, tree: ast.Module) -> list[str]:
    """Rule 7: rows of another app are changed by calling that app's acts."""
    foreign = {
        name.asname or name.name: str(node.module).split(".")[1]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and re.match(r"commonhold\.\w+\.models", node.module or "")
        for name in node.names
        if str(node.module).split(".")[1] != app_of(path)
    }
    found = []
    for call in writes(tree):
        name = ast.unparse(call.func).split(".")[0]
        if name in foreign:
            found.append(f"{path}:{call.lineno} changes {name} of {foreign[name]}")
    return found


def imported_tasks(path: str, tree: ast.Module) -> list[str]:
    """Rule 8: nothing imports a task; a worker finds it by its name."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name.name}" for name in node.names] + [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        if any(name.startswith("commonhold.") and "tasks" in name.split(".")[2:3] for name in names):
            found.append(f"{path}:{node.lineno} imports a task")
    return found


def tasks_asked_for(tree: ast.Module) -> Iterator[str]:
    """The names given to jobs.ask as they are written."""
    for call in calls(tree):
        if ast.unparse(call.func) == "jobs.ask" and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def tasks_named(tree: ast.Module) -> Iterator[str]:
    """The names under which tasks are found."""
    for function in functions(tree):
        for mark in function.decorator_list:
            if isinstance(mark, ast.Call) and called(mark) == "task" and isinstance(mark.args[0], ast.Constant):
                yield str(mark.args[0].value)
