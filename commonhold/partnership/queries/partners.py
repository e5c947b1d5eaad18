"""The partnership as it stands: partners, shared roles as dated appointments, client bodies, posts and holders."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Q, QuerySet

from commonhold.partnership.models import Appointment, ClientBody, Partner, Partnership, Post, Role
from commonhold.partnership.queries.who import day_of


def partnership() -> Partnership | None:
    """The partnership, once it has been founded."""
    return Partnership.objects.filter(pk=1).first()


def has_started() -> bool:
    """Whether the partnership has been founded: from then on a file cannot bring new partners."""
    return Partnership.objects.filter(pk=1).exists()


def that_may_be_named() -> QuerySet[Partner]:
    """Whom files, mappings and packs may name: anybody until the founding, then those that are party, or were.

    Of one that has left, a desk still tells what was done for it.
    """
    partners: QuerySet[Partner] = Partner.objects.filter(~is_founded() | Q(joined__isnull=False))
    return partners


def is_founded() -> Exists:
    """The same as `has_started`, within a query of something else."""
    return Exists(Partnership.objects.filter(pk=1))


@dataclass(frozen=True, slots=True)
class Held:
    """A post with those who hold it on a day: substantively, acting, or covering."""

    post: Post
    holders: tuple[Appointment, ...]

    @property
    def is_vacant(self) -> bool:
        return not self.holders


@dataclass(frozen=True, slots=True)
class Council:
    """A partner with its posts."""

    partner: Partner
    posts: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The partnership on one page."""

    partnership: Partnership | None
    parties: tuple[Council, ...]
    not_yet: tuple[Partner, ...]
    former: tuple[Partner, ...]
    service: tuple[Held, ...]
    roles: tuple[Held, ...]
    past_roles: tuple[Appointment, ...]
    clients: tuple[ClientBody, ...]


def overview(at: datetime) -> Overview:
    """Partners, the service's posts, host and operator as appointments with their dates, and client bodies."""
    today = day_of(at)
    posts = posts_held(today)
    of_partner: dict[int | None, list[Held]] = defaultdict(list)
    for held in posts:
        of_partner[held.post.partner_id].append(held)
    partners = list(Partner.objects.all())
    shared = of_partner[None]
    roles = tuple(held for held in shared if held.post.role in (Role.HOST, Role.OPERATOR))
    past = Appointment.shown().filter(post__in=[held.post for held in roles], ends__lte=today)
    return Overview(
        partnership=partnership(),
        parties=tuple(Council(p, tuple(of_partner[p.pk])) for p in partners if p.is_party(today)),
        not_yet=tuple(p for p in partners if p.joined is None or p.joined > today),
        former=tuple(p for p in partners if p.left is not None and p.left <= today),
        service=tuple(held for held in shared if held not in roles and held.post.role != Role.SERVICE),
        roles=roles,
        past_roles=tuple(appointment for appointment in past if not appointment.was_an_error),
        clients=tuple(ClientBody.objects.all()),
    )


def titles_of_posts(slugs: Iterable[str]) -> dict[str, str]:
    """What these posts are called, by slug, in one query; rows name the posts that made them by slug."""
    return dict(Post.objects.filter(slug__in=set(slugs)).values_list("slug", "title"))


def posts_held(on: date, posts: Iterable[Post] | None = None) -> list[Held]:
    """Posts with those who hold them on a day."""
    rows = list(Post.objects.select_related("partner") if posts is None else posts)
    return with_holders(rows, holders(on, rows))


def holders(on: date, posts: Iterable[Post]) -> QuerySet[Appointment]:
    """The appointments by which these posts are held on a day."""
    rows = Appointment.objects.on(on).select_related("person", "partner", "post")
    if isinstance(posts, QuerySet):
        return rows.filter(post__in=posts.values("pk"))
    return rows.filter(post__in=[row.pk for row in posts])


def with_holders(posts: Iterable[Post], held: Iterable[Appointment]) -> list[Held]:
    """Each post with the appointments by which it is held, those that began first before others."""
    by_post: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in sorted(held, key=lambda one: (one.starts, one.pk)):
        by_post[appointment.post_id].append(appointment)
    return [Held(row, tuple(by_post[row.pk])) for row in posts]


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """A partner, its posts, and the shared roles it was appointed to."""

    partner: Partner
    posts: tuple[Held, ...]
    roles: tuple[Appointment, ...]


def partner(slug: str, at: datetime) -> PartnerPage | None:
    """A partner by its slug."""
    row = Partner.objects.filter(slug=slug).first()
    if row is None:
        return None
    posts = posts_held(day_of(at), row.posts.select_related("partner"))
    roles = [a for a in row.appointments.select_related("post", "person", "partner") if not a.was_an_error]
    return PartnerPage(row, tuple(posts), tuple(roles))


@dataclass(frozen=True, slots=True)
class PostPage:
    """A post and everybody who ever held it, newest first."""

    post: Post
    now: tuple[Appointment, ...]
    coming: tuple[Appointment, ...]
    past: tuple[Appointment, ...]


def post(slug: str, at: datetime) -> PostPage | None:
    """A post by its slug, with its appointments; those entered in error are left out."""
    row = Post.objects.filter(slug=slug).select_related("partner").first()
    if row is None:
        return None
    today = day_of(at)
    held = [a for a in row.appointments.select_related("person", "partner", "post") if not a.was_an_error]
    return PostPage(
        post=row,
        now=tuple(a for a in held if a.is_in_force(today)),
        coming=tuple(a for a in held if a.starts > today),
        past=tuple(a for a in held if a.ends is not None and a.ends <= today),
    )
