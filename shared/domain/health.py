"""What a health code means to a person: who must act, and one sentence in each language. Codes never change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from shared.domain.mailbox import Mailbox
from shared.domain.watching import ALARM
from shared.errors import Act

Language = Literal["en", "fr"]

TESTING_LIFE: Final = timedelta(days=7)
"""While the consent screen is in testing, Google ends each consent after so long.

https://developers.google.com/identity/protocols/oauth2#expiration
"""
UNUSED_LIFE: Final = timedelta(days=180)
"""Google ends a refresh token that nobody has used for six months (same page)."""
UNUSED_WARNING: Final = timedelta(days=30)
"""So long before that it is told."""


@dataclass(frozen=True)
class Meaning:
    """Who must act (None: nobody), and a sentence for the owner of the mailbox."""

    act: Act | None
    en: str
    fr: str

    def sentence(self, language: str) -> str:
        """The sentence in this language; English where there is no other."""
        return self.fr if language == "fr" else self.en


MEANINGS: Final[Mapping[str, Meaning]] = {
    "ok": Meaning(None, "All is well.", "Tout va bien."),
    "grant_lost": Meaning(
        "user",
        "Google has ended the consent: it was taken back, or the Google password was changed. Connect the mailbox "
        "again; nothing is lost.",
        "Google a mis fin à l'autorisation : elle a été retirée, ou le mot de passe Google a changé. Reconnectez la "
        "messagerie ; rien n'est perdu.",
    ),
    "testing_expired": Meaning(
        "user",
        "Google ends each consent after seven days while the app is in testing. Connect again; the operator should "
        "publish the app.",
        "Google met fin à chaque autorisation au bout de sept jours tant que l'application est en test. Reconnectez-"
        "vous ; l'exploitant devrait publier l'application.",
    ),
    "reauth_required": Meaning(
        "user",
        "Your Google Workspace asks its users to sign in again from time to time. Connect the mailbox again; your "
        "Google administrator can exempt this app.",
        "Votre Google Workspace demande de se reconnecter de temps en temps. Reconnectez la messagerie ; votre "
        "administrateur Google peut en exempter cette application.",
    ),
    "account_gone": Meaning(
        "user",
        "The Google account was deleted or suspended. Your administrator can restore it; then connect again.",
        "Le compte Google a été supprimé ou suspendu. Votre administrateur peut le rétablir ; reconnectez-vous après.",
    ),
    "blocked_by_admin": Meaning(
        "admin",
        "Your organisation's Google Workspace does not allow this app. Your Google administrator must allow it.",
        "Le Google Workspace de votre organisation n'autorise pas cette application. Votre administrateur Google doit "
        "l'autoriser.",
    ),
    "gmail_not_enabled": Meaning(
        "admin",
        "Gmail is not switched on for this Google account. Your Google administrator can switch it on.",
        "Gmail n'est pas activé pour ce compte Google. Votre administrateur Google peut l'activer.",
    ),
    "scope_missing": Meaning(
        "user",
        "No mail can be reached: Google's consent does not cover {features}. Connect again and allow it.",
        "Aucun message n'est accessible : l'autorisation de Google ne couvre pas {features}. Reconnectez-vous et "
        "autorisez-le.",
    ),
    "scope_partly_missing": Meaning(
        "user",
        "Google's consent does not cover {features}. Connect again and allow it.",
        "L'autorisation de Google ne couvre pas {features}. Reconnectez-vous et autorisez-le.",
    ),
    "token_unreadable": Meaning(
        "user",
        "The stored consent cannot be read any more. Connect the mailbox again.",
        "L'autorisation conservée ne peut plus être lue. Reconnectez la messagerie.",
    ),
    "topic_not_granted": Meaning(
        "operator",
        "Gmail may not announce new mail to this system; the operator must allow it.",
        "Gmail n'a pas le droit d'annoncer les nouveaux messages à ce système ; l'exploitant doit l'accorder.",
    ),
    "other_push_client": Meaning(
        "operator",
        "Another topic of the same Google Cloud project announces this account's new mail; ours is found "
        "within the hour instead.",
        "Un autre sujet du même projet Google Cloud annonce les messages de ce compte ; ils sont trouvés dans l'heure.",
    ),
    "watch_lapsed": Meaning(
        "operator",
        "Gmail has stopped announcing new mail; it is found within the hour instead.",
        "Gmail n'annonce plus les nouveaux messages ; ils sont trouvés dans l'heure.",
    ),
    "messages_set_aside": Meaning(
        "operator",
        "Some messages cannot be read in Gmail; the completeness report names them, and they are tried again.",
        "Certains messages ne peuvent pas être lus dans Gmail ; le rapport d'exhaustivité les nomme, et ils sont "
        "essayés de nouveau.",
    ),
    "quota": Meaning(
        "operator",
        "Gmail's daily allowance for this system is used up. Work goes on tomorrow; the operator can ask for more.",
        "Le quota quotidien de Gmail pour ce système est épuisé. Le travail reprendra demain ; l'exploitant peut en "
        "demander davantage.",
    ),
    "gmail_api_disabled": Meaning(
        "operator",
        "The Gmail API is switched off in the operator's Google Cloud project; the operator must switch it on.",
        "L'API Gmail est désactivée dans le projet Google Cloud de l'exploitant, qui doit l'activer.",
    ),
    "oauth_client_invalid": Meaning(
        "operator",
        "Google does not accept this system's OAuth client; the operator must check its id and secret.",
        "Google n'accepte pas le client OAuth de ce système ; l'exploitant doit vérifier l'identifiant et le secret.",
    ),
    "label_conflict": Meaning(
        "user",
        "Gmail has labels of your own with the names that ours need. Rename yours; ours are then made.",
        "Gmail contient des libellés à vous portant les noms dont les nôtres ont besoin. Renommez les vôtres ; les "
        "nôtres seront alors créés.",
    ),
    "label_changes_held": Meaning(
        "admin",
        "Much of the labelled mail would change at once, so labelling has stopped. If that is right, confirm it.",
        "Une grande partie du courrier classé changerait d'un coup ; le classement s'est arrêté. Confirmez si c'est "
        "voulu.",
    ),
    "labels_deleted": Meaning(
        "user",
        "You deleted a label again within a week, so labelling is off. Turn it on again if you want it back.",
        "Vous avez supprimé un libellé une seconde fois en une semaine ; le classement est désactivé. Réactivez-le si "
        "vous le souhaitez.",
    ),
    "google_down": Meaning(
        "retry",
        "Google does not answer as it should. It is tried again by itself; nothing is lost.",
        "Google ne répond pas comme il devrait. Une nouvelle tentative a lieu d'elle-même ; rien n'est perdu.",
    ),
}
"""Every health code. `GET /oauth/mailbox` tells the sentence in the language that Accept-Language prefers."""

_FEATURES: Final[Mapping[str, Meaning]] = {
    "notices": Meaning(None, "notices of new mail", "les avis de nouveaux messages"),
    "read": Meaning(None, "reading mail", "la lecture des messages"),
    "send": Meaning(None, "writing mail", "l'envoi de messages"),
    "labels": Meaning(None, "labels", "le classement"),
}
"""What the user knows a feature by, for a sentence that names it."""

_UNKNOWN: Final = Meaning(
    "operator",
    "Something is wrong that has no name yet; ask the operator.",
    "Quelque chose ne va pas et n'a pas encore de nom ; demandez à l'exploitant.",
)

WARNINGS: Final[Mapping[str, Meaning]] = {
    "watch_ending": Meaning(
        "operator",
        "Gmail stops announcing new mail soon: renewing that has failed for days.",
        "Gmail cessera bientôt d'annoncer les nouveaux messages : le renouvellement échoue depuis des jours.",
    ),
    "consent_unused": Meaning(
        "user",
        "Google ends a consent that nobody has used for six months. Resume the mailbox, or read a mail, before then.",
        "Google met fin à une autorisation inutilisée depuis six mois. Reprenez la messagerie, ou lisez un message, "
        "d'ici là.",
    ),
    "testing_ends": Meaning(
        "operator",
        "Google ends this consent seven days after it was given, because the app is in testing. Connect again by then.",
        "Google met fin à cette autorisation sept jours après son octroi, car l'application est en test. Reconnectez-"
        "vous d'ici là.",
    ),
}
"""What will be wrong at a known moment."""


@dataclass(frozen=True)
class Warned:
    """Something that will happen at `at` (UTC)."""

    code: str
    at: datetime


def describe(code: str, language: str = "en", features: Collection[str] = ()) -> tuple[str | None, str]:
    """Who must act on a health code (None: nobody), and the sentence for the page.

    `features` are those that stop for want of a scope; where none is known the sentence speaks of all.
    """
    meaning = MEANINGS.get(code, _UNKNOWN)
    return meaning.act, meaning.sentence(language).replace("{features}", name_features(features, language))


def name_features(features: Collection[str], language: str) -> str:
    """Features as a sentence names them, in the order of the ladder."""
    wanted = [each for each in _FEATURES if each in features] or list(_FEATURES)
    return ", ".join(_FEATURES[feature].sentence(language) for feature in wanted)


def warnings_of(mailbox: Mailbox, now: datetime, *, testing: bool) -> tuple[Warned, ...]:
    """The known expiries that are near, the nearest first. `testing`: the app's consent screen is in testing.

    A mailbox whose consent is gone, or goes, has nothing left that could expire.
    """
    if mailbox.status in ("needs_reconnect", "leaving"):
        return ()
    granted = mailbox.granted_at or mailbox.connected_at
    found = []
    ends = mailbox.watch_expires_at
    if mailbox.settings.mailmagnet and mailbox.works and ends is not None and ends - now < ALARM:
        found.append(Warned("watch_ending", ends))
    unused = max(granted, mailbox.refreshed_at or granted) + UNUSED_LIFE
    if unused - now < UNUSED_WARNING:
        found.append(Warned("consent_unused", unused))
    if testing:
        found.append(Warned("testing_ends", granted + TESTING_LIFE))
    return tuple(sorted(found, key=lambda warned: warned.at))
