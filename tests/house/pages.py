"""Every address of the site: what to put into it, and what each of the cast is answered there.

An address that is added to the site is added here; which answers are right is a decision, so nothing is guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from tests.world import World

Arguments = tuple[Any, ...] | Callable[[World], tuple[Any, ...]]


@dataclass(frozen=True)
class Page:
    """An address: its arguments, the answer that most of the cast get, and those who get another."""

    arguments: Arguments
    usual: int
    unusual: dict[str, int]
    query: str
    figure: bool
    is_file: bool

    def address(self, name: str, world: World) -> str:
        given = self.arguments(world) if callable(self.arguments) else self.arguments
        return reverse(name, args=given) + (world.figure[1] if self.figure else self.query)

    def answer(self, role: str) -> int:
        return self.unusual.get(role, self.usual)

    @property
    def best_reader(self) -> str | None:
        """Who sees most of it, or of what is said in its place."""
        return next((role for role in MOST_IS_SEEN_BY if self.answer(role) in (200, 410)), None)


MOST_IS_SEEN_BY: Final = (
    "administrator", "lead", "clerk", "director", "analyst", "manager", "deputy", "member", "auditor", "public",
)  # fmt: skip


def seen(arguments: Arguments = (), usual: int = 200, query: str = "", figure: bool = False, **unusual: int) -> Page:
    """A page that everybody is answered alike, but for those named."""
    return Page(arguments, usual, unusual, query, figure, is_file=False)


def file(arguments: Arguments = (), usual: int = 200, figure: bool = False, **unusual: int) -> Page:
    """Something to take away, which is no page."""
    return Page(arguments, usual, unusual, "", figure, is_file=True)


def only(*roles: str, to: Arguments = (), else_: int = 404, **unusual: int) -> Page:
    """A page for some, who find it; the others are told that it is not theirs, or that it is not there."""
    return seen(to, else_, **dict.fromkeys(roles, 200), **unusual)


def sent(arguments: Arguments = ()) -> Page:
    """An address that takes forms and shows nothing."""
    return seen(arguments, 405)


MEETING: Final = ("joint-committee", "2026-07-21")
ITEM: Final = (*MEETING, 1)
RESOLUTION: Final = (*ITEM, 1)
RUN_THE_FIGURES: Final = ("director", "manager", "analyst")
ENTER_RULES: Final = ("clerk", "director", "manager", "lead", "deputy")

SITE: Final[dict[str, Page]] = {
    "home": seen(),
    "me": seen(public=302),
    "week": seen(),
    "search": seen(query="?q=northgate"),
    "glossary": seen(),
    "tables": seen(),
    "accessibility": seen(),
    "cookies": seen(),
    "live": file(),
    "ready": file(),
    "jobs:jobs": seen(),
    "jobs:job": only("analyst", to=lambda world: (world.job,)),
    "jobs:cancel": sent(lambda world: (world.job,)),
    "jobs:retry": sent(lambda world: (world.job,)),
    "ledger:record": seen(),
    "ledger:entry": seen(lambda world: (world.entry,)),
    "ledger:thread": seen(lambda world: (world.entry,)),
    "ledger:checkpoint": file(),
    "ledger:export": file(),
    "ledger:partner_export": file(("eastwell-vale",), 403, lead=200, auditor=200),
}

# Whoever has a password is asked for it again, and has second factors to look after; a persona has neither.
SIGN_IN: Final[dict[str, Page]] = {
    "account_login": seen(usual=302, public=200),
    "account_logout": seen(public=302),
    "account_inactive": seen(),
    "account_reauthenticate": seen(usual=403, public=302, deputy=200),
    "account_change_password": seen(usual=302, deputy=200),
    "account_set_password": seen(public=302, deputy=302),
    "account_reset_password": seen(),
    "account_reset_password_done": seen(),
    "account_reset_password_from_key": seen(("a", "set-password")),
    "account_reset_password_from_key_done": seen(),
    "account_email": seen(usual=302),
    "account_signup": seen(usual=404),
    "account_email_verification_sent": seen(usual=404),
    "account_confirm_email": seen(("key",), 404),
    "mfa_index": seen(public=302),
    "mfa_authenticate": seen(usual=302),
    "mfa_reauthenticate": seen(usual=403, public=302, deputy=200),
    "mfa_activate_totp": seen(public=302, deputy=302),
    "mfa_deactivate_totp": seen(usual=404, public=302, deputy=200),
    "mfa_view_recovery_codes": seen(usual=404, public=302, deputy=200),
    "mfa_generate_recovery_codes": seen(public=302),
    "mfa_download_recovery_codes": file(usual=404, public=302, deputy=200),
    "mfa_list_webauthn": seen(public=302),
    "mfa_add_webauthn": seen(public=302),
    "mfa_reauthenticate_webauthn": seen(usual=403, public=302, deputy=200),
    "mfa_remove_webauthn": seen(lambda world: (world.passkey,), 404, public=302, deputy=200),
    "mfa_edit_webauthn": seen(lambda world: (world.passkey,), 404, public=302, deputy=200),
    "mfa_login_webauthn": seen(usual=302),
}

PARTNERSHIP: Final[dict[str, Page]] = {
    "partnership:start": seen(usual=404),
    "partnership:personas": seen(),
    "partnership:choose_post": seen(public=302),
    "partnership:told": seen(public=302),
    "partnership:tokens": seen(public=302),
    "partnership:make_token": seen(public=403),
    "partnership:revoke_token": only("deputy", "administrator", to=lambda world: (world.token,)),
    "partnership:partner_tokens": only("administrator", to=("southmere",)),
    "partnership:partners": seen(),
    "partnership:rename": only("administrator"),
    "partnership:partner": seen(("southmere",)),
    "partnership:correct_partner": only("administrator", to=("southmere",)),
    "partnership:post": seen(("deputy-client-lead-of-southmere",)),
    "partnership:appoint": only("administrator", to=("deputy-client-lead-of-southmere",)),
    "partnership:end_appointment": only("administrator", to=lambda world: (world.appointment,)),
    "partnership:add_client": only(*ENTER_RULES, "administrator"),
    "partnership:correct_client": only(*ENTER_RULES, "administrator", to=("harbour-trust",)),
    "partnership:end_client": only(*ENTER_RULES, "administrator", to=("harbour-trust",)),
    "partnership:people": only("administrator", to=("southmere",)),
    "partnership:add_person": only("administrator", to=("southmere",)),
    "partnership:make_post": only("administrator", to=("southmere",)),
    "partnership:account": only("administrator", "deputy", to=lambda world: (world.account,)),
    "partnership:correct_account": only("administrator", "deputy", to=lambda world: (world.account,)),
    "partnership:make_link": sent(lambda world: (world.account,)),
    "partnership:close_account": sent(lambda world: (world.account,)),
    "partnership:reopen_account": sent(lambda world: (world.account,)),
    "partnership:remove_factors": sent(lambda world: (world.account,)),
    "partnership:agreement": seen(),
    "partnership:rule": seen(("figure_basis",)),
    "partnership:find": only(*ENTER_RULES, to=("figure_basis",)),
    "partnership:propose": only(*ENTER_RULES, to=("figure_basis",)),
    "partnership:confirm": sent(("figure_basis", 1)),
    "partnership:dispute": only("lead", to=("figure_basis", 1)),
    "partnership:document": file(("figure_basis", 1), public=404),
    "partnership:proposals": seen(),
    "partnership:proposal": seen(lambda world: (world.proposal,)),
    "partnership:consent": sent(lambda world: (world.proposal,)),
    "partnership:withdraw_consent": only("lead", to=lambda world: (world.proposal,)),
    "partnership:withdraw": only("director", to=lambda world: (world.proposal,)),
}

GOVERNANCE: Final[dict[str, Page]] = {
    "governance:meetings": seen(),
    "governance:form_body": only("clerk", else_=403),
    "governance:body": seen(("joint-committee",)),
    "governance:correct_body": only("clerk", to=("joint-committee",), else_=403),
    "governance:call_meeting": only("clerk", to=("joint-committee",), else_=403),
    "governance:meeting": seen(MEETING),
    "governance:correct_meeting": only("clerk", to=MEETING, else_=403),
    "governance:call_off": only("clerk", to=MEETING, else_=403),
    "governance:add_item": only("clerk", to=MEETING, else_=403),
    "governance:withdraw_paper": only(
        "clerk", "lead", "deputy", *RUN_THE_FIGURES, to=lambda world: (*MEETING, world.paper), else_=403
    ),
    "governance:correct_item": only("clerk", to=ITEM, else_=403),
    "governance:withdraw_item": only("clerk", to=ITEM, else_=403),
    "governance:resolve": only("clerk", to=ITEM, else_=403),
    "governance:strike_resolution": only("clerk", to=RESOLUTION, else_=403),
    "governance:ask": only("clerk", to=RESOLUTION, else_=403),
    "governance:flat_actions": file(("csv",)),
    "governance:actions": seen(),
    "governance:action": seen(lambda world: (world.action,)),
    "governance:update": only("clerk", "director", to=lambda world: (world.action,), else_=403),
    "governance:correct_action": only("clerk", to=lambda world: (world.action,), else_=403),
    "governance:strike_action": only("clerk", to=lambda world: (world.action,), else_=403),
    "governance:strike_update": only("clerk", "director", to=lambda world: (world.action, world.update), else_=403),
}

# The ticket is one of Southmere's: another authority's people do not learn that it is there.
DEMAND: Final[dict[str, Page]] = {
    "demand:flat_tickets": file(("csv",), public=401),
    "demand:tickets": seen(),
    "demand:tickets_download": file(("csv",)),
    "demand:ticket": only(*RUN_THE_FIGURES, "administrator", "deputy", to=lambda world: world.ticket),
    "demand:numbered_ticket": seen(
        lambda world: (world.ticket_number,), 404, director=302, manager=302, analyst=302, administrator=302, deputy=302
    ),
    "demand:correct": seen(
        lambda world: (world.ticket_number,), 404, manager=200, analyst=200, deputy=200, director=403, administrator=403
    ),
    "demand:exclude": seen(
        lambda world: (world.ticket_number,), 404, manager=200, analyst=200, deputy=200, director=403, administrator=403
    ),
    "demand:put_right": seen(),
    "demand:undo_correction": sent(lambda world: (world.correction,)),
    "demand:undo_exclusion": sent(lambda world: (world.exclusion,)),
    "demand:completeness": seen(),
    "demand:look_at_days": sent(),
    "demand:register": seen(),
    "demand:register_download": file(("csv",)),
    "demand:disputes": seen(),
    "demand:disputes_download": file(("csv",)),
    "demand:raise_dispute": only("lead", "deputy", else_=403),
    "demand:dispute": seen(lambda world: (world.dispute,), public=404),
    "demand:answer_dispute": only(*RUN_THE_FIGURES, to=lambda world: (world.dispute,), else_=403, public=404),
    "demand:take_back_dispute": only(*RUN_THE_FIGURES, to=lambda world: (world.dispute,), else_=403, public=404),
    "demand:say_of_dispute": only("lead", to=lambda world: (world.dispute, "withdraw"), else_=403, public=404),
    "demand:open_incident": seen(
        lambda world: (world.ticket_number,), 404, director=200, manager=200, analyst=200, deputy=403, administrator=403
    ),
    "demand:incident": seen(lambda world: (world.incident,)),
    "demand:write_up": only(*RUN_THE_FIGURES, to=lambda world: (world.incident,), else_=403),
    "demand:sign_off": only(*RUN_THE_FIGURES, to=lambda world: (world.incident,), else_=403),
    "demand:flag_incident": only(*RUN_THE_FIGURES, to=lambda world: (world.incident,), else_=403),
    "demand:add_ticket": only(*RUN_THE_FIGURES, to=lambda world: (world.incident,), else_=403),
    "demand:log_telling": only(*RUN_THE_FIGURES, to=lambda world: (world.incident,), else_=403),
    "demand:remark": only("lead", "deputy", to=lambda world: (world.incident,), else_=403),
    "demand:answer_remark": only(*RUN_THE_FIGURES, to=lambda world: (world.incident, world.remark), else_=403),
    "demand:strike_incident": only("director", "manager", to=lambda world: (world.incident,), else_=403),
    "demand:strike_part": only(
        *RUN_THE_FIGURES, to=lambda world: (world.incident, "telling", world.telling), else_=403
    ),
    "demand:resident_services": seen(),
    "demand:add_resident_service": only(*RUN_THE_FIGURES, "lead", "deputy", else_=403),
    "demand:correct_resident_service": only(
        *RUN_THE_FIGURES, "lead", "deputy", to=lambda world: (world.residents,), else_=403
    ),
    "demand:end_resident_service": only(
        *RUN_THE_FIGURES, "lead", "deputy", to=lambda world: (world.residents,), else_=403
    ),
    "demand:feeds": seen(public=403),
    "demand:set_up_feed": only("manager", "analyst", else_=403),
    "demand:bring_to_feed": seen(("service-desk",), 302),
    "demand:feed": seen(("service-desk",), public=404),
    "demand:change_feed": seen(("service-desk",), 403, public=404, manager=200, analyst=200),
    "demand:stop_feed": seen(("service-desk",), 403, public=404, manager=200, analyst=200),
    "demand:feed_file": seen(lambda world: ("service-desk", world.feed_file), public=404),
    "demand:batches": seen(),
    "demand:batch": seen(lambda world: (world.batch,)),
    "demand:batch_lines": file(lambda world: (world.batch, "csv"), 404, director=200, manager=200, analyst=200),
    "demand:bring": seen(),
    "demand:upload": only("manager", "analyst", to=lambda world: (world.upload,)),
    "demand:upload_lines": file(lambda world: (world.upload, "csv"), 404, manager=200, analyst=200),
    "demand:import_upload": sent(lambda world: (world.upload,)),
    "demand:read_again": only("manager", "analyst", to=lambda world: (world.batch,), else_=403),
    "demand:mappings": seen(),
    "demand:begin_sketch": only("manager", "analyst", else_=403),
    "demand:sketch_columns": only("analyst", to=lambda world: (world.sketch,), else_=403, manager=404),
    "demand:sketch_words": only("analyst", to=lambda world: (world.sketch,), else_=403, manager=404),
    "demand:sketch_dates": only("analyst", to=lambda world: (world.sketch,), else_=403, manager=404),
    "demand:sketch_check": only("analyst", to=lambda world: (world.sketch,), else_=403, manager=404),
    "demand:save_mapping": only("manager", "analyst", else_=403),
    "demand:mapping": seen(("hornbill",), public=404),
    "demand:built_in_file": file(("hornbill",), public=404),
    "demand:compare_mappings": seen(("north-desk",), public=404),
    "demand:mapping_version": seen(("north-desk", 1), public=404),
    "demand:mapping_file": file(("north-desk", 1), public=404),
    "demand:retire_mapping": only("manager", "analyst", to=("north-desk", 2), else_=403),
}

REPORT: Final = "2026-06-01..2026-06-30"
ABOUT: Final = "?about=within_target"

# The pack was made for the boards, and is on an agenda: the public learns that there is one, and no more.
PERFORMANCE: Final[dict[str, Page]] = {
    "performance:flat_figures": file(("csv",)),
    "performance:figures": seen(),
    "performance:compute": sent(),
    "performance:measure": seen(("within-target",)),
    "performance:measures": seen(),
    "performance:declare_measure": only(*RUN_THE_FIGURES, else_=403),
    "performance:next_version": only(*RUN_THE_FIGURES, to=("own_training_days",), else_=403),
    "performance:comparators": seen(),
    "performance:enter_comparator": only("manager", "analyst", "lead", "deputy", else_=403),
    "performance:comparator": seen(lambda world: (world.comparator,), public=404),
    "performance:comparator_attached": file(lambda world: (world.comparator,), public=404),
    "performance:correct_comparator": seen(
        lambda world: (world.comparator,), 403, public=404, manager=200, analyst=200
    ),
    "performance:take_back_comparator": seen(
        lambda world: (world.comparator,), 403, public=404, manager=200, analyst=200
    ),
    "performance:readings": seen(),
    "performance:readings_download": file(("csv",)),
    "performance:bring_readings": only("manager", "analyst", "lead", "deputy", else_=403),
    "performance:readings_file": only("manager", "analyst", to=lambda world: (world.readings_file,)),
    "performance:readings_file_rows": file(lambda world: (world.readings_file, "csv"), 404, manager=200, analyst=200),
    "performance:bring_readings_file": sent(lambda world: (world.readings_file,)),
    "performance:enter_reading": only("manager", "analyst", "lead", "deputy", else_=403),
    "performance:reading": seen(lambda world: (world.reading,), public=404),
    "performance:correct_reading": seen(
        lambda world: (world.reading,), 403, public=404, manager=200, analyst=200, deputy=200
    ),
    "performance:take_back_reading": seen(
        lambda world: (world.reading,), 403, public=404, manager=200, analyst=200, deputy=200
    ),
    "performance:delivery": seen(lambda world: (world.delivery,), public=404),
    "performance:delivery_kept": file(
        lambda world: (world.delivery,), 404, director=200, manager=200, analyst=200, administrator=200, deputy=200
    ),
    "performance:delivery_attached": file(
        lambda world: (world.delivery,), 404, director=200, manager=200, analyst=200, administrator=200, deputy=200
    ),
    "performance:parity": seen(),
    "performance:funnel": seen(),
    "performance:categories": seen(),
    "performance:reconciliations": seen(),
    "performance:reconciliation": only(*RUN_THE_FIGURES, to=lambda world: (world.reconciliation[0],)),
    "performance:cause": only(*RUN_THE_FIGURES, to=lambda world: world.reconciliation),
    "performance:remove_reconciliation": sent(lambda world: (world.reconciliation[0],)),
    "performance:reconcile": seen(lambda world: (world.figure[0],), figure=True, public=403),
    "performance:reconcile_number": seen(lambda world: (world.figure[0],), figure=True, public=403),
    "performance:reconcile_file": seen(
        lambda world: (world.figure[0],), 403, figure=True, manager=200, analyst=200, lead=200, deputy=200
    ),
    "performance:reconcile_earlier": seen(lambda world: (world.figure[0],), figure=True, public=403),
    "performance:samples": seen(),
    "performance:sample": only(*RUN_THE_FIGURES, to=lambda world: (world.sample,)),
    "performance:sample_paper": file(lambda world: (world.sample, "csv"), 404, director=200, manager=200, analyst=200),
    "performance:draw_sample": seen(lambda world: (world.figure[0],), figure=True, public=403),
    "performance:exceptions": seen(),
    "performance:exceptions_download": file(("csv",), public=404),
    "evidence": seen(lambda world: (world.figure[0],), figure=True),
    "performance:rows": file(lambda world: ("csv", world.figure[0]), figure=True, public=403),
    "performance:reports": seen(),
    "performance:open_report": only(*RUN_THE_FIGURES, else_=403),
    "performance:report": seen((REPORT,), public=404),
    "performance:words": seen((REPORT,), 403, query=ABOUT, public=404, **dict.fromkeys(RUN_THE_FIGURES, 200)),
    "performance:remark": seen((REPORT,), 403, query=ABOUT, public=404, lead=200, deputy=200),
    "performance:query_figure": seen((REPORT,), 403, query=ABOUT, public=404, lead=200, deputy=200),
    "performance:take_back_remark": seen(lambda world: (REPORT, world.said), 403, public=404, lead=200),
    "performance:close_report": seen((REPORT,), 403, public=404, **dict.fromkeys(RUN_THE_FIGURES, 200)),
    "performance:reopen_report": seen((REPORT,), 403, public=404, **dict.fromkeys(RUN_THE_FIGURES, 200)),
    "performance:query": seen(lambda world: (world.query,), public=404),
    "performance:answer_query": seen(
        lambda world: (world.query,), 403, public=404, **dict.fromkeys(RUN_THE_FIGURES, 200)
    ),
    "performance:settle_query": seen(lambda world: (world.query,), 403, public=404, lead=200),
    "performance:packs": seen(),
    "performance:new_pack": only(*RUN_THE_FIGURES, else_=403),
    "performance:draft": only(*RUN_THE_FIGURES, to=lambda world: (world.draft,)),
    "performance:correct_pack": sent(lambda world: (world.draft,)),
    "performance:draft_file": file(
        lambda world: (world.draft, "pack.html"), 404, director=200, manager=200, analyst=200
    ),
    "performance:pack": seen(lambda world: (world.standing,), public=403),
    "performance:withdraw_pack": seen(
        lambda world: (world.standing,), public=403, member=403, auditor=403, administrator=403
    ),
    "performance:attach_pack": seen(
        lambda world: (world.standing,), public=403, member=403, auditor=403, administrator=403
    ),
    "performance:pack_file": file(lambda world: (world.standing, "pack.html"), public=403),
}

PAGES: Final = SITE | SIGN_IN | PARTNERSHIP | GOVERNANCE | DEMAND | PERFORMANCE

BESIDE: Final[tuple[tuple[str, Page], ...]] = (
    ("performance:pack", seen(lambda world: (world.withdrawn,), 410)),
    ("performance:pack_file", seen(lambda world: (world.withdrawn, "pack.html"), 410)),
    ("performance:withdraw_pack", seen(lambda world: (world.withdrawn,), 410, public=403, member=403, auditor=403,
                                       administrator=403)),
    ("partnership:post", seen(("operator",))),
    ("partnership:proposal", seen((1,))),
)  # fmt: skip
"""Addresses that answer differently for another thing of the same kind."""
