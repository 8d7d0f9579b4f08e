"""Who writes to Acme, and who answers. Domains and numbers are those set aside for examples and fiction."""

from collections.abc import Iterator
from dataclasses import dataclass

from tuidesk.domain.events import ContactSeen
from tuidesk.domain.model import Person

SHOP = Person(name="Acme Support", handle="support@acme.example")
BOT = Person(name="Acme helper", handle="helper", kind="bot")
SAM = Person(name="Sam", handle="sam@acme.example")
MINA = Person(name="Mina", handle="mina@acme.example")


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    language: str
    """`en` `ko` `uz` `ar` `ja` `de`."""
    handles: tuple[tuple[str, str], ...]
    """(medium, handle), their usual one first."""
    fields: tuple[tuple[str, str], ...] = ()
    regular: bool = True
    """Writes again by themselves."""

    def person(self, medium: str) -> Person:
        """Them, as they are known where they write."""
        return Person(name=self.name, handle=dict(self.handles)[medium])


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever wrote a conversation: what an answer of theirs needs."""

    person: Person
    medium: str
    language: str


def staff(agent: Person) -> dict[str, Person]:
    """The names the script uses for our side. `agent` is `me`, and Ana where nobody has said a name."""
    me = Person(name=agent.name or "Ana", handle=agent.handle or "ana@acme.example", me=True)
    return {"me": me, "sam": SAM, "mina": MINA, "bot": BOT}


def contacts() -> Iterator[ContactSeen]:
    """What the shop knows of each customer; it says itself which handles are the same person's."""
    for customer in CAST.values():
        (medium, handle), *others = customer.handles
        yield ContactSeen(
            medium=medium,
            handle=handle,
            name=customer.name or None,
            fields=(("language", customer.language), *customer.fields),
            same_as=tuple(others),
        )


def language_of(handle: str) -> str:
    """The language a customer writes; English where nobody knows."""
    for customer in CAST.values():
        if any(handle == known for _, known in customer.handles):
            return customer.language
    return "en"


def _phone(number: str, *media: str) -> tuple[tuple[str, str], ...]:
    return tuple((medium, number) for medium in media)


CAST: dict[str, Customer] = {
    "dana": Customer(
        "Dana Ortiz",
        "en",
        (("mail", "dana@ortiz.example"), *_phone("+821055500117", "whatsapp"), ("chat", "visitor-dana")),
        (("city", "Seoul"), ("time zone", "Asia/Seoul"), ("plan", "vip"), ("speaks", "ko en")),
    ),
    "dana_o": Customer(
        "", "en", (("post", "@dana_o"),), (("bio", "Tea, kettles, Seoul. dana@ortiz.example"),), regular=False
    ),
    "jun": Customer("Jun Park", "ko", _phone("+821055500142", "whatsapp", "sms"), (("city", "Busan"),)),
    "aziza": Customer(
        "Aziza K.",
        "uz",
        (*_phone("+998905550118", "whatsapp"), ("instagram", "aziza.k")),
        (("city", "Toshkent"), ("time zone", "Asia/Tashkent")),
    ),
    "priya": Customer(
        "Priya N.", "en", (("post", "@priya_n"), ("mail", "priya@nair.example")), (("app", "3.2, Android"),)
    ),
    "lena": Customer("Lena Vogt", "de", (("post", "@lena_vogt"), ("mail", "lena.vogt@post.example"))),
    "omar": Customer(
        "Omar Haddad",
        "ar",
        (("mail", "omar@haddad.example"), *_phone("+12025550133", "call", "whatsapp")),
        (("city", "Amman"), ("time zone", "Asia/Amman")),
    ),
    "ito": Customer("Sam Ito", "en", _phone("+12025550161", "sms"), (("city", "Portland"),)),
    "caller": Customer("", "en", _phone("+442079460917", "call"), regular=False),
    "phisher": Customer(
        "Sam (Acme Support) <sam@acme.example>", "en", (("mail", "sam@acme-support.test"),), regular=False
    ),
    "kim": Customer("Kim Seo-yeon", "ko", (("dm", "seoyeon_kim"), ("mail", "seoyeon@kim.example"))),
    "yuki": Customer(
        "田中 由紀",
        "ja",
        (("mail", "yuki@tanaka.example"), *_phone("+442079460920", "whatsapp")),
        (("city", "Osaka"), ("time zone", "Asia/Tokyo")),
    ),
    "haruto": Customer("佐藤 陽翔", "ja", (("chat", "visitor-7f31"), ("review", "haruto_s"))),
    "mei": Customer("Mei Kobayashi", "ja", (("instagram", "mei.kobayashi"),)),
    "layla": Customer(
        "ليلى منصور", "ar", (("messenger", "layla.mansour.42"), ("mail", "layla@mansour.example"))
    ),
    "karim": Customer("كريم عبد الله", "ar", _phone("+12025550147", "whatsapp"), (("city", "Casablanca"),)),
    "noor": Customer("نور الخطيب", "ar", (("mail", "noor@khatib.example"),)),
    "jonas": Customer(
        "Jonas Becker", "de", (("mail", "j.becker@becker-bau.example"),), (("company", "Becker Bau"),)
    ),
    "greta": Customer("Greta Lindner", "de", (("chat", "visitor-2c9a"), ("mail", "greta@lindner.example"))),
    "uwe": Customer("Uwe Schäfer", "de", _phone("+442079460931", "call", "sms")),
    "dilnoza": Customer(
        "Дилноза Раҳимова", "uz", (("mail", "dilnoza@rahimova.example"),), (("city", "Samarqand"),)
    ),
    "bobur": Customer("Bobur To'rayev", "uz", (("chat", "visitor-90e4"), *_phone("+998905550164", "sms"))),
    "gulnora": Customer("Gulnora Yoʻldosheva", "uz", (("messenger", "gulnora.y"),)),
    "minji": Customer("최민지", "ko", (("instagram", "minji.choi"), ("mail", "minji@choi.example"))),
    "hyun": Customer("Hyun-woo Lee", "ko", (("mail", "hyunwoo@lee.example"),), (("city", "Incheon"),)),
    "tom": Customer("Tom Whitaker", "en", (("mail", "tom@whitaker.example"), ("chat", "visitor-1d07"))),
    "grace": Customer(
        "Grace Okafor", "en", (("messenger", "grace.okafor"), ("mail", "grace@okafor.example"))
    ),
    "nils": Customer("Nils Aalto", "en", (("forum", "nils_a"), ("mail", "nils@aalto.example"))),
    "rosa": Customer("Rosa Méndez", "en", (("form", "rosa@mendez.example"), ("mail", "rosa@mendez.example"))),
    "ben": Customer("Ben Carter", "en", (("review", "ben_c"), *_phone("+12025550172", "sms"))),
    "zoe": Customer("Zoë 🧵 Martin", "en", (("instagram", "zoe.makes"),), (("followers", "12,400"),)),
    "ivy": Customer("Ivy Chen", "en", (("mail", "ivy@chen.example"), *_phone("+12025550188", "whatsapp"))),
    "marek": Customer(
        "Marek Novák", "en", (("mail", "marek@novak.example"),), (("company", "Novák s.r.o."),)
    ),
    "ada": Customer("Ada Brandt", "de", (("mail", "ada@brandt.example"), ("dm", "ada_brandt"))),
}
