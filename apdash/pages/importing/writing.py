"""From a preview to the store, in one transaction, once all that has to be confirmed is."""

from apdash.errors import ApdashError
from apdash.imports import commit
from apdash.pages.importing import form
from apdash.pages.importing.decide_card import DEPARTURES, confirmations
from apdash.pages.importing.draft import Done, Draft, Look, held_or_refused
from apdash.pages.importing.words import counted
from apdash.rights import Action, Viewer
from apdash.services import Services


def write(services: Services, viewer: Viewer, *, version: str, given: form.Values, ticked: set[str]) -> Draft:
    """Write what is being looked at and return the draft without it, with what was written.

    version: of the preview the person saw; given: the fields as they are now; ticked: the boxes. Raises `ApdashError`
    when the preview is no longer that one, when a field was changed since, or when something is to be confirmed.
    """
    viewer.require(Action.IMPORT)
    draft = held_or_refused(services, viewer)
    look = _checked(services, viewer, draft, version=version, given=given, ticked=ticked)
    commit(services, viewer, look.preview, now=services.now(), confirm_departures=DEPARTURES in ticked)
    done = Done(
        names=look.names,
        kinds=look.kinds,
        year=look.preview.year,
        summary=counted(look.preview),
        review=look.preview.plan.review,
    )
    left = tuple(one for one in draft.received if one.file.name not in look.names and one.error is None)
    return Draft(received=left, done=(*draft.done, done))


def _checked(
    services: Services, viewer: Viewer, draft: Draft, *, version: str, given: form.Values, ticked: set[str]
) -> Look:
    look = draft.look
    if look is None or look.preview is None or draft.version != version:
        raise ApdashError(
            "Ce n’est plus le dernier aperçu.",
            "D’autres fichiers ont été donnés entre-temps. Rechargez la page : rien n’a été écrit.",
        )
    if not form.is_as_shown(services, viewer, look, given):
        raise ApdashError(
            "L’aperçu n’est plus à jour.", "Un choix a changé depuis. Refaites l’aperçu, puis importez."
        )
    if missing := [words for name, words in confirmations(look).items() if name not in ticked]:
        raise ApdashError("À confirmer d’abord.", f"Cochez : « {missing[0]} »")
    return look
