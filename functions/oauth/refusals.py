"""What the popup's page says where nothing was connected, in the browser's language."""

from collections.abc import Mapping
from typing import Final

from shared.domain.health import name_features
from shared.errors import Act, AppError, ScopeMissing

_BEGIN_AGAIN: Final = (
    "Cette tentative de connexion a expiré ou a déjà servi ; appuyez de nouveau sur S'authentifier."
)

_FRENCH: Final[Mapping[str, str]] = {
    "connection_not_found": _BEGIN_AGAIN,
    "code_invalid": _BEGIN_AGAIN,
    "id_token_invalid": "La réponse de Google ne prouve pas qui a donné l'autorisation.",
    "browser_mismatch": "Cette autorisation a été commencée dans un autre navigateur.",
    "consent_refused": "Vous n'avez pas donné l'autorisation ; rien n'a donc été connecté.",
    "blocked_by_admin": "L'administrateur de votre Google Workspace n'a pas autorisé cette application ; rien n'a donc "
    "été connecté.",
    "scope_missing": "Vous n'avez pas autorisé {features} ; rien n'a donc été connecté. Appuyez de nouveau sur "
    "S'authentifier et laissez cochées les cases de Gmail.",
    "oauth_client_invalid": "Google n'accepte pas le client OAuth de ce système ; l'exploitant doit le corriger.",
}
_FRENCH_BY_ACT: Final[Mapping[Act, str]] = {
    "user": "La demande n'a pas abouti ; appuyez de nouveau sur S'authentifier.",
    "admin": "Votre administrateur doit d'abord l'autoriser.",
    "operator": "Quelque chose ne va pas de notre côté ; l'exploitant doit s'en occuper.",
    "retry": "Un service ne répond pas pour le moment ; réessayez dans un instant.",
}
"""Of any other error the page says who must act."""


def explain_refusal(error: AppError, language: str) -> str:
    """One sentence for the person; in English it is the error's own."""
    if language != "fr":
        return error.detail
    sentence = _FRENCH.get(error.code, _FRENCH_BY_ACT[error.act])
    features = error.features if isinstance(error, ScopeMissing) else ()
    return sentence.replace("{features}", name_features(features, language))
