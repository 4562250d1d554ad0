"""The minutes of a regrouping, and what « au plus 15 % » allows."""

from dataclasses import replace

from apdash.pages.regrouping.settings import dial_of
from apdash.rebalancing import Parameters, regroup
from apdash.services import Services
from apdash.store.queries.proposals import proposal
from tests.conftest import open_page
from tests.school_factory import LAST_NAMES, PILOT, School


def test_the_minutes_show_every_proposal_and_nobody(signed_in, draft: int) -> None:
    page = open_page(signed_in("pilote"), "/regroupement", "?bande=2-A&etape=propositions")
    assert "Imprimer le compte rendu" in page
    assert "Élèves prioritaires servis" in page
    assert not [name for name in LAST_NAMES if name in page.upper()]


def test_at_most_a_share_is_never_more(services: Services, grouped: School) -> None:
    asked = Parameters(label="B", max_moves=15 * 24 // 100)
    found = regroup(services, PILOT, band=grouped.band, review=grouped.review, parameters=asked)
    assert found.proposal is None or dial_of(proposal(services.store, PILOT, proposal=found.proposal)) == "15"
    free = replace(asked, max_moves=None)
    found = regroup(services, PILOT, band=grouped.band, review=grouped.review, parameters=free)
    assert dial_of(proposal(services.store, PILOT, proposal=found.proposal or 0)) == ""
