"""The invented people: users of the CRM, contacts and leads, strangers. All domains are `.example`."""

from dataclasses import dataclass

ORGANISATION = {
    "id": "lumenbridge",
    "name": "Lumen Bridge",
    "time_zone": "Europe/Paris",
    "domains": ["lumenbridge.example"],
}


@dataclass(frozen=True)
class User:
    """One user of the CRM, who also owns a Gmail account with the same address."""

    id: str
    name: str
    email: str
    language: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    superior: str | None = None


@dataclass(frozen=True)
class Person:
    """Someone who writes to the users. `addresses[0]` is the primary address."""

    id: str
    name: str
    language: str
    company: str
    addresses: tuple[str, ...]


USERS = (
    User(
        "alice",
        "Alice Marchetti",
        "alice@lumenbridge.example",
        "en",
        ("sales",),
        ("mail_integration",),
        # Not Bob: the two show each other's shared mail, and a superior sees none unless the organisation wishes it.
        superior="chloe",
    ),
    User(
        "bob",
        "Bob Achterberg",
        "bob@lumenbridge.example",
        "en",
        ("sales", "sales_manager"),
        ("mail_integration",),
        superior="chloe",
    ),
    User(
        "chloe",
        "Chloé Vasseur-Lind",
        "chloe@lumenbridge.example",
        "fr",
        ("admin",),
        ("mail_integration", "mail_admin"),
    ),
    User(
        "daniel",
        "Daniel Österhoff",
        "daniel@lumenbridge.example",
        "de",
        ("support",),
        ("mail_integration",),
        superior="chloe",
    ),
    # She shows what a user meets whose profile lacks the permission `mail_integration`.
    User("emi", "Emi Kanzawa", "emi@lumenbridge.example", "ja", ("sales",), (), superior="bob"),
)

# language, company, domain, then "name = local part" of the people who work there.
_COMPANIES: tuple[tuple[str, str, str, str], ...] = (
    ("en", "Tidewater Lanterns", "tidewater-lanterns.example", "Harriet Oakes=h.oakes;Ned Falloway=ned"),
    ("en", "Quillmoor Freight", "quillmoor.example", "Owen Pargeter=owen.pargeter;Moira Stane=moira"),
    ("en", "Bramblewick Dairy", "bramblewick.example", "Tess Wainfleet=tess;Gil Thornaby=gil.thornaby"),
    ("en", "Hollin & Rook", "hollinrook.example", "Seán O’Dwyer-Bell=sean;Ada Crosskey=ada.crosskey"),
    ("en", "Saltmarsh Optics", "saltmarsh-optics.example", "Priya Venkat-Hale=priya;Jonah Medlar=jonah"),
    ("en", "Fernlea Clinics", "fernlea.example", "Ruth Abernethy-Cole=ruth;Miles Dunmore=miles+crm"),
    ("en", "Copperbeck Mills", "copperbeck.example", "Zoë Larkhall=zoe;Ivor Penhallow=ivor"),
    ("fr", "Ateliers Brumelune", "brumelune.example", "Amélie Durandeau=amelie;Gaël Tréhorel=g.trehorel"),
    (
        "fr",
        "Transports Coquelin",
        "coquelin-transports.example",
        "Françoise Noëllet=f.noellet;Théo Garrigou=theo",
    ),
    ("fr", "Maison Œillet", "maison-oeillet.example", "Héloïse Œuvrard=heloise;Noé Pelletan=noe"),
    (
        "fr",
        "Froid du Littoral",
        "froid-littoral.example",
        "Maïwenn Kerbrat=maiwenn;Jérôme Ançay=jerome.ancay",
    ),
    ("fr", "Verrerie des Arcs", "verrerie-arcs.example", "Inès Bélanger-Roy=ines;Clément Dûval=clement"),
    ("fr", "Câblerie Saône", "cablerie-saone.example", "Aurélien Façade=aurelien;Zélie Montfaucon=zelie"),
    ("de", "Nebelhorn Kältetechnik", "nebelhorn.example", "Jürgen Weißbach=j.weissbach;Änne Köhlbrand=aenne"),
    ("de", "Grünwerft", "gruenwerft.example", "Sören Möwinckel=soeren;Käthe Brückl=kaethe.brueckl"),
    ("de", "Lichtkontor Süd", "lichtkontor.example", "Götz Ährenfeld=goetz;Ulrike Spätz=u.spaetz"),
    ("de", "Mühlbach Logistik", "muehlbach.example", "Björn Straßner=bjoern;Hannelore Füssl=h.fuessl"),
    ("de", "Optik Dämmerung", "optik-daemmerung.example", "Anke Zwölfer=anke;Ruprecht Löwenich=ruprecht"),
    ("de", "Kessel und Söhne", "kessel-soehne.example", "Wolfhart Kessel=wolfhart;Mareike Jüngst=mareike"),
    ("ja", "霧島照明", "kirishima-shomei.example", "霧島 葵=aoi.kirishima;大槻 陽介=otsuki"),
    ("ja", "青波冷機", "aonami.example", "青波 さくら=sakura;蓮見 拓也=hasumi.takuya"),
    ("ja", "月見堂", "tsukimido.example", "月岡 美咲=tsukioka;古賀 直樹=koga"),
    ("ja", "北風運輸", "kitakaze.example", "北川 翔=kitagawa;三宅 結衣=miyake.yui"),
    ("ja", "白樺光学", "shirakaba.example", "白井 健=shirai;森下 千尋=morishita"),
    ("ja", "若葉乳業", "wakaba-milk.example", "若林 誠=wakabayashi;遠藤 真央=endo.mao"),
    ("ar", "منارة الخليج", "manarat.example", "ليلى المنصوري=layla;كريم الحدادي=karim.haddadi"),
    ("ar", "نسيم للتبريد", "naseem-cooling.example", "ياسمين القصار=yasmine;سامر البستاني=samer"),
    ("ar", "ميناء النورس", "nawras-port.example", "هدى الزيتوني=huda;طارق العمراني=tariq"),
    ("ar", "بصريات الفجر", "fajr-optics.example", "نور الشاذلي=nour;رامي الكيلاني=rami.kilani"),
    ("ar", "ألبان الوادي", "wadi-dairy.example", "سلمى الدرويش=salma;عمر الجزائري=omar"),
)
# Written with capitals on purpose: the CRM keeps an address as someone typed it.
_SECOND_ADDRESSES = {
    0: "Harriet.Oakes@post-harbour.example",
    3: "moira.stane@post-harbour.example",
    9: "priya.private@freemail-island.example",
    14: "Amelie.Durandeau@poste-ile.example",
    20: "maiwenn.k@poste-ile.example",
    26: "juergen.w@heimpost.example",
    38: "aoi@tegami.example",
    44: "kitagawa.sho@tegami.example",
    50: "layla.m@bareed.example",
}
# Two people at one desk: mail from here belongs to both contacts.
_SHARED_ADDRESS = {4: "office@bramblewick.example", 5: "office@bramblewick.example"}

_STRANGERS: tuple[tuple[str, str, str, str], ...] = (
    ("en", "Percy Lowgate", "Lowgate Roofing", "percy@lowgate-roofing.example"),
    ("en", "Building Services", "Wharf House", "desk@wharf-house.example"),
    ("fr", "Léonie Passerat", "Club d'aviron", "leonie@aviron-club.example"),
    ("de", "Hausverwaltung Böhm", "Böhm", "post@hv-boehm.example"),
    ("ja", "駅前花店", "駅前花店", "info@ekimae-hana.example"),
    ("ar", "مكتبة الحي", "مكتبة الحي", "books@maktaba.example"),
)


def _people() -> tuple[Person, ...]:
    people: list[Person] = []
    for language, company, domain, staff in _COMPANIES:
        for entry in staff.split(";"):
            number = len(people)
            name, _, local_part = entry.partition("=")
            more = [_SECOND_ADDRESSES.get(number), _SHARED_ADDRESS.get(number)]
            addresses = (f"{local_part}@{domain}", *(address for address in more if address))
            people.append(Person(f"c{number + 1:03}", name, language, company, addresses))
    return tuple(people)


CONTACTS = _people()
STRANGERS = tuple(
    Person(f"s{number}", name, language, company, (address,))
    for number, (language, name, company, address) in enumerate(_STRANGERS, start=1)
)
