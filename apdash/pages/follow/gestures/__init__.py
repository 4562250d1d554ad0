"""The gestures of the page, and those the Élève page borrows."""

from apdash.pages.follow.gestures import meetings, stages, tutors
from apdash.pages.gestures import Gesture
from apdash.rights import Action

_TUTORS, _STAGES = Action.MANAGE_TUTORS, Action.MANAGE_STAGES
GESTURES: dict[str, Gesture] = {
    "tutor-capacity": Gesture("Places enregistrées.", _TUTORS, tutors.capacity_form, tutors.capacity),
    "tutor-propose": Gesture("Tuteurs désignés.", _TUTORS, tutors.propose_form, tutors.propose),
    "tutor-change": Gesture("Tuteur changé.", _TUTORS, tutors.change_form, tutors.change),
    "tutor-leave": Gesture("Passation enregistrée.", _TUTORS, tutors.leave_form, tutors.leave),
    "tutor-wish": Gesture("Vœux enregistrés.", Action.TUTOR, meetings.wish_form, meetings.wish),
    "meeting-log": Gesture("Entretien noté.", Action.TUTOR, meetings.meeting_form, meetings.meeting),
    "meeting-erase": Gesture("Entretien retiré.", Action.TUTOR, meetings.erase_form, meetings.erase),
    "stage-new": Gesture("Stage proposé.", _STAGES, stages.stage_form, stages.stage),
    "stage-edit": Gesture("Stage modifié.", _STAGES, stages.stage_form, stages.stage),
    "stage-withdraw": Gesture("Stage retiré.", _STAGES, stages.withdraw_form, stages.withdraw),
    "stage-recommend": Gesture("Recommandation notée.", _STAGES, stages.recommend_form, stages.recommended),
    "stage-inform": Gesture("Information notée.", _STAGES, stages.inform_form, stages.informed),
    "stage-consent": Gesture("Réponse notée.", _STAGES, stages.consent_form, stages.consent),
    "stage-enrol": Gesture("Élève inscrit.", _STAGES, stages.enrol_form, stages.enrolled),
    "stage-end": Gesture("Fin notée.", _STAGES, stages.end_form, stages.ended),
    "stage-off": Gesture("Élève retiré.", _STAGES, stages.off_form, stages.off),
}
