"""Mappings: those built in and those saved in versions; one of them, two side by side, saving and retiring."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.acts import saved_mappings as acts
from commonhold.demand.engine import comparing
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import BUILT_IN, Mapping
from commonhold.demand.engine.mapping_toml import as_toml
from commonhold.demand.forms import RetireMappingForm, SaveMappingForm
from commonhold.demand.forms.mappings import MAPPING_NAMES
from commonhold.demand.models import SavedMapping
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries import mappings as queries
from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import titles_of_posts
from commonhold.partnership.requests import Asked
from commonhold.refusals import require


@require_safe
def all_mappings(request: Asked) -> HttpResponse:
    saved = [] if request.by.is_public else queries.all_saved()
    return page(
        request,
        "demand/mappings.html",
        title="How desks' exports are read",
        saved=saved,
        posts=titles_of_posts(one.newest.post for one in saved) if saved else {},
        built_in=[(name, MAPPING_NAMES.get(name, name)) for name in BUILT_IN],
        may_save=brings_files(request.by),
    )


@require_safe
def mapping(request: Asked, name: str) -> HttpResponse:
    found = queries.built_in(name, seen_by=request.by)
    if found is None:
        return redirect(queries.versions(name, seen_by=request.by)[0])
    return page(
        request, "demand/mapping.html", title=f"Mapping {name}", read=found, said=comparing.keys(found), row=None,
        tables=_tables(found), may_save=brings_files(request.by),
    )  # fmt: skip


@require_safe
def version(request: Asked, name: str, version: int) -> HttpResponse:
    versions = queries.versions(name, seen_by=request.by)
    row = _chosen(versions, version)
    if row is None:
        raise Http404("There is no such version of a mapping.")
    found = row.mapping()
    files, older = queries.read_by(name, row.digest, number_in(request, "before"))
    return page(
        request,
        "demand/mapping.html",
        title=f"Mapping {row}",
        read=found,
        said=comparing.keys(found),
        tables=_tables(found),
        row=row,
        subject=row,
        entry=row.entry,
        versions=versions,
        posts=titles_of_posts(one.post for one in versions),
        retired=queries.retirement(row),
        files=files,
        older=older,
        otherwise=queries.told_otherwise(row),
        may_save=brings_files(request.by),
    )


@require_safe
def compare(request: Asked, name: str) -> HttpResponse:
    versions = queries.versions(name, seen_by=request.by)
    after = _chosen(versions, number_in(request, "to")) or versions[0]
    earlier = [row for row in versions if row.version < after.version]
    before = _chosen(versions, number_in(request, "from")) or (earlier or versions)[0]
    return page(
        request,
        "demand/mapping_compare.html",
        title=f"{name}: version {before.version} and version {after.version}",
        before=before,
        after=after,
        versions=versions,
        differences=comparing.differences(before.mapping(), after.mapping()),
    )


@require_safe
def version_file(request: Asked, name: str, version: int) -> HttpResponse:
    row = queries.version(name, version, seen_by=request.by)
    return _file(row.mapping(), f"{name}-{version}")


@require_safe
def built_in_file(request: Asked, name: str) -> HttpResponse:
    found = queries.built_in(name, seen_by=request.by)
    if found is None:
        raise Http404("There is no built-in mapping of this name.")
    return _file(found, name)


@require_http_methods(["GET", "POST"])
def save(request: Asked) -> HttpResponse:
    require(brings_files(request.by), "save mappings")
    form = SaveMappingForm(request.POST or None, request.FILES or None, initial={"name": request.GET.get("name", "")})
    if form.is_valid() and form.carry_out(_save, by=request.by):
        messages.success(request, f"{form.result} is saved.")
        return redirect(form.result)
    return page(request, "demand/mapping_save.html", title="Save a mapping of your own", form=form)


def _save(*, by: By, name: str, mapping: Any, why: str) -> SavedMapping:
    """The fields of the form as the act takes them."""
    read = mappings.parse(mapping.read(), Path(mapping.name).stem, mapping.name)
    return acts.save_mapping(by=by, name=name.strip(), mapping=read, why=why)


@require_http_methods(["GET", "POST"])
def retire(request: Asked, name: str, version: int) -> HttpResponse:
    require(brings_files(request.by), "retire mappings")
    row = queries.version(name, version, seen_by=request.by)
    form = RetireMappingForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.retire_mapping, by=request.by, mapping=row):
        messages.success(request, f"{name} is offered no more. What was read by it stays.")
        return redirect(row)
    return page(request, "demand/mapping_retire.html", title=f"Retire {name}", form=form, row=row)


def _tables(found: Mapping) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tables of a mapping that say something, each with its title and rows; columns as ours, then theirs."""
    tables = comparing.tables(found)
    return [(title, list(tables[name].items())) for name, title in comparing.PARTS.items() if tables[name]]


def _chosen(versions: list[SavedMapping], number: int | None) -> SavedMapping | None:
    return next((row for row in versions if row.version == number), None)


def _file(found: Mapping, name: str) -> HttpResponse:
    answer = HttpResponse(as_toml(found), content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return answer
