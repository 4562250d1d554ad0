"""What the buttons and the forms on programmes and objectives do; each returns what to say."""

from collections.abc import Callable, Mapping
from datetime import date

from apdash.errors import ApdashError
from apdash.labels import count, day, listed
from apdash.pages.aims.words import AGREED_WITH
from apdash.readable import warning
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands import objectives, programmes
from apdash.store.commands.group_objectives import give_to_group
from apdash.store.commands.seen_again import answer_seen, ask_seen

Fields = Mapping[str, str | None]


def do_act(services: Services, viewer: Viewer, what: str, key: int) -> str:
    """Do what a button says on the objective, or the dispositif, of that number."""
    store, moment = services.store, {"now": services.now()}
    dated = {"on": services.today(), **moment}
    match what:
        case "seen" | "unseen":
            answer_seen(store, viewer, objective=key, seen=what == "seen", **dated)
            return "Merci. Vu en classe." if what == "seen" else "Merci. Pas vu encore."
        case "agree-student" | "agree-family" | "agree-both":
            with_whom = what.removeprefix("agree-")
            objectives.agree(store, viewer, objective=key, agreed_with=with_whom, **dated)
            return f"Accord noté avec {AGREED_WITH[with_whom]}."
        case "drop":
            objectives.drop_objective(store, viewer, objective=key, **moment)
            return "L’objectif est abandonné ; il reste dans l’histoire."
        case "resume":
            objectives.drop_objective(store, viewer, objective=key, dropped=False, **moment)
            return "L’objectif est repris."
        case "end-programme":
            programmes.end_programme(store, viewer, programme=key, ends_on=services.today(), **moment)
            return "Le dispositif se termine aujourd’hui."
        case "remove-programme":
            programmes.remove_programme(store, viewer, programme=key, **moment)
            return "Le dispositif est retiré du programme."
        case _:
            raise ApdashError("Geste inconnu.", "Rechargez la page, puis recommencez.")


def do_form(services: Services, viewer: Viewer, form: str, fields: Fields) -> tuple[str, str]:
    """Do what a form says; return what to say, and what to warn of in what was written."""
    name, *keys = form.split("-")
    doing = _FORMS.get(name)
    if doing is None or not all(key.isdigit() for key in keys):
        raise ApdashError("Geste inconnu.", "Rechargez la page, puis recommencez.")
    said = doing(services, viewer, [int(key) for key in keys], fields)
    written = " ".join(fields.get(part) or "" for part in ("text", "evidence", "words"))
    return said, warning(written)


def _set(services: Services, viewer: Viewer, keys: list[int], fields: Fields) -> str:
    about, agreed = fields.get("about") or "none", fields.get("agreed")
    need = about.removeprefix("need-") if about.startswith("need-") else None
    objectives.set_objective(
        services.store, viewer, student=keys[0], text=fields.get("text") or "", evidence=fields.get("evidence") or "",
        need=need, group=int(about) if about.isdigit() else None, due_on=_day(fields, "due"),
        agreed_with=None if agreed in (None, "", "none") else agreed, on=services.today(), now=services.now(),
    )  # fmt: skip
    return "L’objectif est fixé."


def _revise(services: Services, viewer: Viewer, keys: list[int], fields: Fields) -> str:
    objectives.revise_objective(
        services.store, viewer, objective=keys[0], text=fields.get("text") or "",
        evidence=fields.get("evidence") or "", due_on=_day(fields, "due"), now=services.now(),
    )  # fmt: skip
    return "L’objectif est changé."


def _programme(services: Services, viewer: Viewer, keys: list[int], fields: Fields) -> str:
    starts_on = _day(fields, "starts")
    if not fields.get("scheme") or starts_on is None:
        raise ApdashError("Dispositif incomplet.", "Il faut un dispositif et un premier jour.")
    programmes.add_programme(
        services.store, viewer, services.reference, student=keys[0], scheme=str(fields["scheme"]),
        starts_on=starts_on, ends_on=_day(fields, "ends"), group=_number(fields, "group"),
        staff=_number(fields, "staff"), words=fields.get("words") or "", now=services.now(),
    )  # fmt: skip
    return f"Le dispositif est au programme à partir du {day(starts_on)}."


def _ask(services: Services, viewer: Viewer, keys: list[int], fields: Fields) -> str:
    staff = _number(fields, "staff")
    if staff is None:
        raise ApdashError("Professeur attendu.", "La question va à une personne nommée.")
    ask_seen(services.store, viewer, objective=keys[0], staff=staff, on=services.today(), now=services.now())
    return "La question est posée ; elle attend sur son accueil."


def _give(services: Services, viewer: Viewer, keys: list[int], fields: Fields) -> str:
    given = give_to_group(
        services.store, viewer, group=keys[0], text=fields.get("text") or "", evidence=fields.get("evidence") or "",
        due_on=_day(fields, "due"), on=services.today(), now=services.now(),
    )  # fmt: skip
    apart = [
        words
        for number, words in (
            (
                given.had,
                f"{count(given.had, 'élève')} l’avait déjà"
                if given.had < 2
                else f"{given.had} l’avaient déjà",
            ),
            (
                given.full,
                f"{count(given.full, 'élève')} en a déjà trois"
                if given.full < 2
                else f"{given.full} en ont déjà trois",
            ),
        )
        if number
    ]
    rest = f" ({listed(apart)})" if apart else ""
    return f"L’objectif est donné à {count(given.given, 'élève')}{rest}."


_FORMS: dict[str, Callable[[Services, Viewer, list[int], Fields], str]] = {
    "objective": _set,
    "revise": _revise,
    "programme": _programme,
    "ask": _ask,
    "give": _give,
}


def _number(fields: Fields, name: str) -> int | None:
    value = str(fields.get(name) or "")
    return int(value) if value.isdigit() else None


def _day(fields: Fields, name: str) -> date | None:
    value = fields.get(name)
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ApdashError("Date illisible.", "Une date comme 20/11/2026 est attendue.") from None
