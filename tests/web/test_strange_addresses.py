"""Addresses that nobody is led to: numbers beyond any key, days at the end of time, letters no database takes."""

import pytest

from commonhold.demand.queries import tickets
from tests import universe as cast
from tests.web.conftest import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.long]

FIGURE = "performance/2026-06-01..2026-06-30/within_target.v1"
STRANGE = (
    "/record/?until=9999-12-31",
    "/record/?since=9999-12-31&until=9999-12-31",
    "/record/?kind=%00&post=%00",
    f"/record/entries/{9**40}/",
    f"/record/?older={9**40}",
    f"/tickets/{2**63}/SD0001/",
    f"/tickets/{9**40}/SD0001/",
    "/tickets/1/%00/",
    f"/tickets/{2**63}/",
    f"/put-right/tickets/{9**40}/correct/",
    "/tickets/1/%FF/",
    "/tickets/?reference=%00&team=%00&opened_to=9999-12-31",
    f"/tickets/?after={9**40}-{9**40}",
    f"/tickets/?order=due&before=-{9**15}-1",
    f"/imports/?before={10**14}",
    f"/imports/uploads/1/?from={10**14}",
    f"/put-right/?corrections={10**14}&exclusions=%D9%A3",
    f"/actions/?start={10**14}",
    f"/packs/?start={10**14}",
    f"/jobs/?older={10**14}",
    f"/record/?older={10**14}&newer=%C2%B2",
    f"/evidence/{FIGURE}?as_of=2026-06-30T23:00:00Z&known_at=79&start={10**14}",
    f"/agreement/targets/find/?corrects={10**14}",
    "/tickets/?reference=SD&after=%00-5",
    "/tickets/?reference=SD&before=%00-5",
    f"/tickets/?reference=SD&after={'S' * 5_000}-5",
    "/search/?q=%00%FF",
    f"/packs/{2**63}/",
    "/packs/1/%00",
    f"/partnership/accounts/{9**40}/",
    f"/actions/{2**63}/",
    f"/jobs/?older={9**40}",
    f"/imports/{2**63}/left-out.csv",
    "/meetings/?before=0001-01-01",
    "/meetings/joint-committee/9999-12-31/",
    "/figures/?first=0001-01-01&last=9999-12-31",
    f"/evidence/{FIGURE}?as_of=0001-01-01T00:00:00%2B14:00&known_at=79",
    f"/evidence/{FIGURE}?as_of=9999-12-31T23:59:59-12:00&known_at=79",
    f"/evidence/{FIGURE}?partner=%00&as_of=2026-06-30T23:00:00Z&known_at={2**53 - 1}",
    f"/rows.csv/{FIGURE}?team=%27&as_of=2026-06-30T23:00:00Z&known_at=1",
)


@pytest.mark.parametrize("address", STRANGE)
@pytest.mark.parametrize("post", ["", "service-analyst", "governance-officer-of-northgate"])
def test_a_strange_address_is_answered_and_never_a_fault(
    as_post: SignIn,
    noon: None,
    post: str,
    address: str,
    universe: cast.Committee,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # So the handful of tickets here are too many to be listed but in the order of their references.
    monkeypatch.setattr(tickets, "COUNTED", 2)
    assert as_post(post).get(address).status_code in (200, 400, 403, 404)
