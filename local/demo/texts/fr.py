"""French."""

from local.demo.texts.phrases import Phrases

PHRASES = Phrases(
    subjects=(
        "Votre devis pour {product}",
        "Question sur {product}",
        "Délai de livraison : {product}",
        "Réunion du {day}",
        "Facture pour {product}",
        "Suite de notre entretien téléphonique",
        "Modification de la commande",
        "Merci de votre visite",
    ),
    greeting="Bonjour {reader},",
    openings=(
        "merci de votre réponse rapide.",
        "j'ai parlé de {product} avec mes collègues.",
        "j'ai été ravi de vous parler le {past}.",
        "nous avons lu votre devis avec attention.",
        "je vous écris au sujet de la commande passée le mois dernier.",
    ),
    details=(
        "La quantité est bonne, mais nous aimerions recevoir le deuxième lot une semaine plus tôt.",
        "Pourriez-vous nous envoyer la fiche technique et le prix d'un contrat de trois ans ?",
        "Le service des achats a besoin d'un exemplaire signé avant le {day}.",
        "Deux pièces sont arrivées rayées ; je vous envoie des photos.",
        "Le budget est accepté : rien ne s'y oppose de notre côté.",
        "Dites-moi qui sera sur place et de quels outils il aura besoin.",
        "Nous avons comparé trois fournisseurs, et votre proposition est la plus claire.",
    ),
    closings=(
        "Le {day} vous conviendrait-il ?",
        "Dans l'attente de votre réponse.",
        "Appelez-moi si quelque chose n'est pas clair.",
        "Rien ne presse, la semaine prochaine ira très bien.",
    ),
    farewell="Cordialement,\n{writer}\n{company}",
    wrote="Le {day}, {writer} a écrit :",
    reply_prefix="Re : ",
    products=(
        "l'éclairage du quai",
        "la chambre froide",
        "le kit de capteurs",
        "le contrat d'entretien",
    ),
    news_subjects=("La lettre de {company}", "{company} : trois nouvelles à ne pas manquer"),
    news_title="Du nouveau chez {company}",
    news_lines=(
        "Notre atelier répare désormais aussi les anciens modèles.",
        "Venez nous voir le {day} : {product} sera présenté.",
        "Une cliente raconte comment elle a gagné deux jours par mois.",
    ),
    unsubscribe="Se désabonner",
    list_subjects=("Ordre du jour de la prochaine réunion", "Quel câble pour les longues distances ?"),
    spam_subjects=("Vous avez gagné {product} !!!", "Dernière chance : -90 % sur tout"),
    spam_line="Cliquez ici dès aujourd'hui et ne payez plus jamais, cher gagnant.",
)
