"""What the invented people write, one module per language."""

from local.demo.texts import ar, de, en, fr, ja
from local.demo.texts.phrases import Phrases

PHRASES: dict[str, Phrases] = {
    "en": en.PHRASES,
    "fr": fr.PHRASES,
    "de": de.PHRASES,
    "ja": ja.PHRASES,
    "ar": ar.PHRASES,
}
LANGUAGES = tuple(PHRASES)
