"""German."""

from local.demo.texts.phrases import Phrases

PHRASES = Phrases(
    subjects=(
        "Ihr Angebot: {product}",
        "Frage zu {product}",
        "Liefertermin für {product}",
        "Besprechung am {day}",
        "Rechnung: {product}",
        "Nächste Schritte nach unserem Gespräch",
        "Änderung der Bestellung",
        "Danke für Ihren Besuch",
    ),
    greeting="Guten Tag {reader},",
    openings=(
        "vielen Dank für die schnelle Antwort.",
        "ich habe mit den Kollegen über {product} gesprochen.",
        "es war schön, am {past} mit Ihnen zu sprechen.",
        "wir haben Ihr Angebot gründlich gelesen.",
        "ich schreibe wegen der Bestellung vom letzten Monat.",
    ),
    details=(
        "Die Menge stimmt, die zweite Lieferung bräuchten wir aber eine Woche früher.",
        "Könnten Sie uns das Datenblatt und den Preis für drei Jahre Laufzeit schicken?",
        "Unser Einkauf benötigt vor dem {day} ein unterschriebenes Exemplar.",
        "Zwei Teile kamen zerkratzt an; Bilder folgen.",
        "Das Budget ist genehmigt, von unserer Seite steht nichts im Weg.",
        "Bitte sagen Sie mir, wer vor Ort ist und welches Werkzeug gebraucht wird.",
        "Wir haben drei Anbieter verglichen, Ihr Vorschlag ist der klarste.",
    ),
    closings=(
        "Passt Ihnen der {day}?",
        "Ich freue mich auf Ihre Antwort.",
        "Rufen Sie mich an, falls etwas unklar ist.",
        "Es eilt nicht, nächste Woche reicht.",
    ),
    farewell="Mit freundlichen Grüßen\n{writer}\n{company}",
    wrote="Am {day} schrieb {writer}:",
    reply_prefix="AW: ",
    products=("Hafenleuchten", "Kühlraum", "Sensorpaket", "Wartungsvertrag"),
    news_subjects=("Neues von {company}", "{company}: drei Meldungen für Sie"),
    news_title="Neues von {company}",
    news_lines=(
        "Unsere Werkstatt repariert jetzt auch ältere Modelle.",
        "Besuchen Sie uns am {day}: {product} zum Anfassen.",
        "Eine Kundin erzählt, wie sie zwei Tage im Monat spart.",
    ),
    unsubscribe="Abbestellen",
    list_subjects=("Tagesordnung des nächsten Treffens", "Welches Kabel für große Längen?"),
    spam_subjects=("Sie haben gewonnen: {product}!!!", "Letzte Chance: 90 % auf alles"),
    spam_line="Klicken Sie noch heute und zahlen Sie nie wieder, lieber Gewinner.",
)
