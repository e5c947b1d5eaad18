"""Feeds: what there is, one with what came by it, a file, and setting one up, changing and stopping it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.acts import feeds as acts
from commonhold.demand.forms.feeds import ChangeFeedForm, FeedForm, StopFeedForm
from commonhold.demand.models import FeedFile
from commonhold.demand.permissions import brings_to, keeps_feeds
from commonhold.demand.queries import feeds as queries
from commonhold.govuk.addresses import number_in
from commonhold.govuk.formats import plural
from commonhold.govuk.pages import page
from commonhold.govuk.programs import is_by_token, said
from commonhold.govuk.shell import Link
from commonhold.partnership.requests import Asked, takes_token
from commonhold.refusals import require


@require_safe
def feeds(request: Asked) -> HttpResponse:
    require(bool(request.by.post), "see feeds: they are for those who hold a post")
    return page(
        request,
        "demand/feeds.html",
        title="Feeds",
        standing=queries.standing(request.by.at),
        stopped=list(queries.current().filter(stopped=True)),
        may_keep=keeps_feeds(request.by),
        wide=True,
    )


@require_safe
def feed(request: Asked, name: str) -> HttpResponse:
    version = queries.the_feed(name, seen_by=request.by)
    return page(
        request,
        "demand/feed.html",
        title=f"Feed {name}",
        version=version,
        standing=queries.standing(request.by.at, name=name)[0],
        listed=queries.files_of(version.feed, number_in(request, "before")),
        versions=queries.versions_of(version.feed),
        posts=dict(queries.posts_to_choose()),
        address=request.build_absolute_uri(reverse("demand:bring_to_feed", args=[name])),
        may_keep=keeps_feeds(request.by),
        may_bring=brings_to(request.by, version),
        wide=True,
    )


@takes_token("bring")
@require_safe
def feed_file(request: Asked, name: str, number: int) -> HttpResponse:
    """What became of a file: a page for people, a sentence for the program that brought it."""
    found = queries.the_file(name, number, seen_by=request.by)
    if is_by_token(request):
        return said(202 if found.state == FeedFile.State.WAITING else 200, _in_a_sentence(found))
    sees_lines = queries.sees_lines_of(found, request.by)
    title = f"A file of the feed {name}"
    return page(request, "demand/feed_file.html", title=title, file=found, sees_lines=sees_lines, wide=True)


def _in_a_sentence(found: FeedFile) -> str:
    match found.state:
        case FeedFile.State.WAITING:
            return f"Waiting to be imported. {found.problem}".strip()
        case FeedFile.State.IMPORTED:
            return f"Imported as batch {found.batch}: {plural(found.rows or 0, 'row')}."
        case FeedFile.State.KNOWN:
            return "Nothing in it was new: what it tells of was known already."
    return f"Refused: {found.problem}"


@require_http_methods(["GET", "POST"])
def set_up(request: Asked) -> HttpResponse:
    require(keeps_feeds(request.by), "set up a feed")
    form = FeedForm(request.POST or None, request.FILES or None, posts=queries.posts_to_choose())
    if form.is_valid() and form.carry_out(acts.set_up_feed, by=request.by):
        messages.success(request, "The feed is set up. Whoever brings its files makes a token for it.")
        return redirect(form.result)
    back = Link("Feeds", reverse("demand:feeds"))
    return page(request, "demand/feed_form.html", title="Set up a feed", form=form, action="Set it up", back=back)


@require_http_methods(["GET", "POST"])
def change(request: Asked, name: str) -> HttpResponse:
    version = queries.the_feed(name, seen_by=request.by)
    require(keeps_feeds(request.by), "change a feed")
    form = ChangeFeedForm(request.POST or None, request.FILES or None, version=version, posts=queries.posts_to_choose())
    if form.is_valid() and form.carry_out(acts.change_feed, by=request.by, feed=version.feed):
        messages.success(request, "Changed. Files that come from now on are read in this way.")
        return redirect(version)
    back = Link(f"Feed {name}", version.get_absolute_url())
    title = f"Set the feed {name} going again" if version.stopped else f"Change the feed {name}"
    return page(request, "demand/feed_form.html", title=title, form=form, action="Save", back=back)


@require_http_methods(["GET", "POST"])
def stop(request: Asked, name: str) -> HttpResponse:
    version = queries.the_feed(name, seen_by=request.by)
    require(keeps_feeds(request.by), "stop a feed")
    form = StopFeedForm(request.POST or None, initial={"edition": version.number})
    if form.is_valid() and form.carry_out(acts.stop_feed, by=request.by, feed=version.feed):
        messages.success(request, "The feed is stopped. Files that are sent to it are refused.")
        return redirect(version)
    back = Link(f"Feed {name}", version.get_absolute_url())
    return page(request, "demand/feed_form.html", title=f"Stop the feed {name}", form=form, action="Stop it", back=back)
