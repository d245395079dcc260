"""What `explain` says to a person, by stable codes, in English and French."""

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("en", "fr")

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # The rule that won.
    "closing_this_month": (
        "An open deal closes in the present month.",
        "Une affaire ouverte se conclut ce mois-ci.",
    ),
    "open_deals": (
        "There is an open deal, and none that closes in the present month.",
        "Il y a une affaire ouverte, et aucune qui se conclut ce mois-ci.",
    ),
    "customers": (
        "There is a won deal and nothing open.",
        "Il y a une affaire gagnée et rien d'ouvert.",
    ),
    # How a deal counts.
    "open_closes_this_month": (
        "It is open and closes in the present month.",
        "Elle est ouverte et se conclut ce mois-ci.",
    ),
    "open_closing_date_past": (
        "It is open, and its closing date has passed.",
        "Elle est ouverte, et sa date de conclusion est passée.",
    ),
    "open_closes_later": (
        "It is open and closes in a later month, or its date lies in another month.",
        "Elle est ouverte et se conclut un autre mois.",
    ),
    "open_without_date": (
        "It is open and has no closing date.",
        "Elle est ouverte et n'a pas de date de conclusion.",
    ),
    "won_this_month": (
        "It was won with a closing date in the present month, and your organisation counts that.",
        "Elle a été gagnée avec une date de conclusion ce mois-ci, et votre organisation en tient compte.",
    ),
    "won_nothing_open": (
        "It is won, and the contact has nothing open.",
        "Elle est gagnée, et le contact n'a rien d'ouvert.",
    ),
    "won_beside_open": (
        "It is won, but the contact has an open deal, which counts more.",
        "Elle est gagnée, mais le contact a une affaire ouverte, qui compte davantage.",
    ),
    "lost": ("It is lost and counts for nothing.", "Elle est perdue et ne compte pas."),
    # Why another category lost.
    "higher_applies": (
        "A category of higher precedence applies.",
        "Une catégorie prioritaire s'applique.",
    ),
    "none_closes_this_month": (
        "No open deal of these contacts closes this month.",
        "Aucune affaire ouverte de ces contacts ne se conclut ce mois-ci.",
    ),
    "none_open": (
        "No open deal of these contacts closes in another month or has no date.",
        "Aucune affaire ouverte de ces contacts ne se conclut un autre mois ou n'est sans date.",
    ),
    "none_won_alone": (
        "These contacts have no won deal, or something is still open.",
        "Ces contacts n'ont pas d'affaire gagnée, ou il reste quelque chose d'ouvert.",
    ),
    # Other causes.
    "not_incoming": ("Only incoming mail is labelled.", "Seul le courrier reçu est classé."),
    "no_single_sender": (
        "The mail names no single, well-formed sender.",
        "Le message ne nomme pas un expéditeur unique et bien formé.",
    ),
    "unknown_address": (
        "The sender is no contact or lead of the CRM.",
        "L'expéditeur n'est ni un contact ni une piste du CRM.",
    ),
    "lead_without_deal": (
        "The sender is a lead, and a lead without a deal earns no label.",
        "L'expéditeur est une piste, et une piste sans affaire n'a pas de libellé.",
    ),
    "no_deal_counts": (
        "The sender has neither an open nor a won deal.",
        "L'expéditeur n'a ni affaire ouverte ni affaire gagnée.",
    ),
    "deal_on_another_contact": (
        "Somebody else on the mail has a deal, but the sender's deals decide.",
        "Une autre personne du message a une affaire, mais ce sont celles de l'expéditeur qui décident.",
    ),
    "labels_off": ("Labels are off for this mailbox.", "Le classement est désactivé pour cette messagerie."),
    "mailbox_stopped": (
        "The mailbox is paused or must be connected again.",
        "La messagerie est en pause ou doit être reconnectée.",
    ),
    "scope_missing": (
        "Google's consent does not allow labels.",
        "L'autorisation de Google ne permet pas les libellés.",
    ),
    "waits_for_next_run": (
        "It has come in since the last run; the next one sorts it.",
        "Il est arrivé depuis le dernier passage ; le prochain le classera.",
    ),
    "waits_for_backfill": (
        "Labels are new here, and the mail of the Inbox is still being sorted.",
        "Le classement est récent ici, et la boîte de réception est encore en cours de tri.",
    ),
    "waits_for_changes": (
        "The CRM has changed; the next run moves the mail.",
        "Le CRM a changé ; le prochain passage déplacera le message.",
    ),
    "held": (
        "Much would change at once; your administrator must confirm first.",
        "Beaucoup changerait d'un coup ; votre administrateur doit d'abord confirmer.",
    ),
    "taken_off_by_user": (
        "You took the label off; that stays so.",
        "Vous avez retiré le libellé ; cela reste ainsi.",
    ),
    "moved_by_user": (
        "You gave it another of our labels; that stays so.",
        "Vous lui avez donné un autre de nos libellés ; cela reste ainsi.",
    ),
    "back_in_inbox": (
        "You put it back into the Inbox; it stays there.",
        "Vous l'avez remis dans la boîte de réception ; il y reste.",
    ),
    "undone": ("The label was undone; that stays so.", "Le classement a été annulé ; cela reste ainsi."),
    "outside_inbox_before": (
        "It had left the Inbox before labels went on.",
        "Il avait quitté la boîte de réception avant l'activation du classement.",
    ),
    "older_than_look_back": (
        "It is older than your organisation lets changes reach back; it stays as it is.",
        "Il est plus ancien que la période que votre organisation laisse aux changements ; il reste ainsi.",
    ),
}


def sentence(code: str, language: str) -> str:
    """The sentence for a code."""
    return SENTENCES[code][LANGUAGES.index(language)]


def language_of(accept_language: str | None) -> str:
    """The first of our languages that an Accept-Language header names (RFC 9110 section 12.5.4); English otherwise."""
    for part in (accept_language or "").lower().split(","):
        language = part.split(";")[0].strip()[:2]
        if language in LANGUAGES:
            return language
    return "en"
