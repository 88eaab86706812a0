"""One million documents in the documents service's own schema: how long lists, numbers and searches take for one official.

made rows -> COPY into a database of its own -> the service's own queries under the rpc role with row-level security ->
percentiles. The same seed always gives the same documents. Half of a title's words are the department's own.
"""

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg

from chassis import db, migrate
from chassis.clock import SystemClock
from chassis.uow import Database, UnitOfWork
from documents import queries
from documents.domain.searching import people_of, plain, wanted_of
from documents.queries.boxes import BOXES, Place
from documents.queries.searches import Search
from tools.bench.figure import note, percentile, say

NAME = "bench_documents_million"
MIGRATIONS = Path(__file__).parents[4] / "services" / "documents" / "migrations"
DOCUMENTS, RUNS, SEED = 1_000_000, 30, 7
AGENCIES, DEPARTMENTS, OFFICIALS = 20, 30, 40
LARGE = 0.6
"""Share of the largest agency."""
GRANTS = 200
BEGIN, YEARS = datetime(2021, 1, 4, tzinfo=UTC), 5
CHUNK = 20_000
SYLLABLES = "가강개거건검결경계고공과관교구국군권규금기김나남내노농단담당대도동등로리마면명모무문물민박반발방배법변별보본부분비사산상생서선설성세소속수순시신실심안양업연영예완요용우운원위유육의이인일임입자장재전정제조종주준중증지직진집차착참처철청체초총최추출치침타통투특파판평포표품하학한합해행허현협형호화확환활회효"
WHAT = (
    "검토 요청",
    "보고",
    "알림",
    "자료 제출",
    "결과 통보",
    "계획 수립",
    "협조 요청",
    "승인",
    "회의 개최",
    "변경 신청",
)
ME, MY_DEPARTMENT, MY_AGENCY = "o-0-0-0", "D00000", "a0"


@dataclass(frozen=True)
class Made:
    """One document as far as the benchmark makes it."""

    id: UUID
    agency: int
    department: int
    people: tuple[int, int, int]
    title: str
    state: str
    at: datetime
    reach: int


def documents(count: int) -> Iterator[Made]:
    """Made documents in the order of their time."""
    chance = random.Random(SEED)  # noqa: S311 - the same documents every time
    common = [_word(chance) for _ in range(300)]
    special = [[_word(chance) for _ in range(60)] for _ in range(AGENCIES * DEPARTMENTS)]
    step = timedelta(days=365 * YEARS) / count
    for place in range(count):
        agency = 0 if chance.random() < LARGE else chance.randrange(1, AGENCIES)
        department = chance.randrange(DEPARTMENTS)
        own = special[agency * DEPARTMENTS + department]
        words = (own[int(60 * chance.random() ** 2)], common[int(300 * chance.random() ** 2)], chance.choice(WHAT))
        at = BEGIN + place * step
        moment = int(at.timestamp() * 1000)
        identity = UUID(int=moment << 80 | 7 << 76 | 2 << 62 | place)
        young = count - place < count // 300
        state = chance.choice(("in-path", "in-path", "held", "send-wait", "draft")) if young else _state(chance)
        people = (chance.randrange(OFFICIALS), chance.randrange(5), 0)
        reach = chance.choices((3, 2, 4, 1, 5), (80, 8, 6, 5, 1))[0]
        yield Made(identity, agency, department, people, " ".join(words), state, at, reach)


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.choice((2, 2, 3, 4))))


def _state(chance: random.Random) -> str:
    return chance.choices(("filed", "sent", "sending", "completed", "assigned", "returned"), (45, 30, 1, 20, 1, 3))[0]


@dataclass
class Lines:
    """Rows of a chunk as COPY takes them."""

    document: list[str]
    audience: list[str]
    registration: list[str]
    search_entry: list[str]

    @classmethod
    def empty(cls) -> "Lines":
        """Nothing yet."""
        return cls([], [], [], [])


COLUMNS = {
    "document": (
        "id", "agency_id", "agency_name", "department_code", "department_name", "title", "state", "version", "content",
        "steps", "body_number", "manifest_hash", "line_version", "author_id", "drafter_name", "origin_revision",
        "report_version", "notification", "file_code", "retention", "recipients_label", "attachment_count",
        "directory_version", "correlation_id", "created_at", "changed_at", "in_charge_id",
    ),
    "audience": ("token", "document_id", "reader_agency", "registered_at", "basis"),
    "registration": ("department_code", "year", "serial", "document_id", "agency_id", "text", "date", "disclosure"),
    "search_entry": ("document_id", "title", "people"),
}  # fmt: skip


def rows(count: int, serials: dict[tuple[str, int], int]) -> Iterator[Lines]:
    """Chunks of rows for all tables."""
    lines = Lines.empty()
    chance = random.Random(SEED + 1)  # noqa: S311 - the same documents every time
    for number, made in enumerate(documents(count), start=1):
        _add(lines, made, serials, chance)
        if number % CHUNK == 0 or number == count:
            yield lines
            lines = Lines.empty()


def _add(
    lines: Lines,
    made: Made,
    serials: dict[tuple[str, int], int],
    chance: random.Random,
) -> None:
    agency, code = f"a{made.agency}", f"D{made.agency:02d}{made.department:03d}"
    people = [f"o-{made.agency}-{made.department}-{each}" for each in made.people]
    received = made.state in {"completed", "assigned"}
    author, at = "" if received else people[0], made.at.isoformat()
    charge = people[0] if received else ""
    name = f"사람{made.agency}-{made.department}-{made.people[0]}"
    lines.document.append(
        f"{made.id}\t{agency}\t기관{made.agency}\t{code}\t부서{made.department}과\t{made.title}\t{made.state}\t3\t\\\\x\t\\\\x\t1\t\\\\x\t2"
        f"\t{author}\t{name}\t0\t0\t0\t\t4\t\t0\t0\tbench\t{at}\t{at}\t{charge}\n"
    )
    tokens = {f"official:{person}": "line" for person in people}
    if made.state not in {"draft", "in-path", "held", "returned"}:
        year = made.at.year
        serial = serials[code, year] = serials.get((code, year), 0) + 1
        lines.registration.append(
            f"{code}\t{year}\t{serial}\t{made.id}\t{agency}\t부서{made.department}과-{serial}\t{made.at.date()}\t1\n"
        )
        tokens[f"records:{agency}"] = "records"
        tokens |= {f"department:{code}": "department"} if made.reach != 1 else {}
        tokens |= {f"member:{agency}": "agency"} if made.reach >= 4 else {}
        tokens |= {"all": "all"} if made.reach == 5 else {}
    if made.agency and chance.random() < GRANTS / (DOCUMENTS * (1 - LARGE)):
        tokens[f"official:{ME}"] = "grant"
    for token, basis in tokens.items():
        agency_of = "*" if basis == "all" else MY_AGENCY if basis == "grant" else agency
        lines.audience.append(f"{token}\t{made.id}\t{agency_of}\t{at}\t{basis}\n")
    people_text = people_of([name]).replace("\n", "\\n")
    lines.search_entry.append(f"{made.id}\t{plain(made.title)}\t{people_text}\n")


async def load(admin: str, count: int) -> float:
    """Makes the database; answers the seconds it took to load, indexes included."""
    await _drop(admin)
    await migrate.provision(admin, "documents", database=NAME)
    owner = migrate.role_url(admin, "documents", "owner", database=NAME)
    await migrate.upgrade(owner, MIGRATIONS)
    connection = await asyncpg.connect(owner)
    started = time.perf_counter()
    again = await _without_indexes(connection)
    for lines in rows(count, {}):
        for table, columns in COLUMNS.items():
            data = "".join(getattr(lines, table)).encode()
            await connection.copy_to_table(table, source=_once(data), columns=columns, timeout=600)
    await connection.execute("SET maintenance_work_mem = '512MB'")
    for statement in again:
        await connection.execute(statement, timeout=600)
    taken = time.perf_counter() - started
    await connection.execute("VACUUM (ANALYZE) document", timeout=600)
    for table in ("audience", "registration", "search_entry"):
        await connection.execute(f"VACUUM (ANALYZE) {table}", timeout=600)
    await connection.close()
    return taken


async def _drop(admin: str) -> None:
    connection = await asyncpg.connect(admin)
    await connection.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    await connection.close()


async def _without_indexes(connection: asyncpg.Connection) -> list[str]:
    """Drops the indexes that can be made again afterwards; answers how."""
    found = await connection.fetch(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = ANY ($1::text[])"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = (quote_ident(i.indexname))::regclass)",
        list(COLUMNS),
    )
    keys = await connection.fetch(
        "SELECT conrelid::regclass::text AS tab, conname, pg_get_constraintdef(oid) AS def FROM pg_constraint"
        " WHERE contype IN ('p', 'u') AND conrelid = ANY ($1::text[]::regclass[])",
        list(COLUMNS),
    )
    for row in keys:
        await connection.execute(f"ALTER TABLE {row['tab']} DROP CONSTRAINT {row['conname']}")
    for row in found:
        await connection.execute(f"DROP INDEX {row['indexname']}")
    back = [f"ALTER TABLE {row['tab']} ADD CONSTRAINT {row['conname']} {row['def']}" for row in keys]
    return back + [row["indexdef"] for row in found]


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def measure(admin: str, count: int = DOCUMENTS) -> None:
    """Loads, then says every figure."""
    note(f"{count} documents are made")
    say("million_load_s", await load(admin, count), "s", documents=count)
    pool = await db.open_pool(migrate.role_url(admin, "documents", "rpc", database=NAME), size=2)
    database, reader = Database(pool, SystemClock()), queries.Reader(ME, MY_AGENCY, MY_DEPARTMENT, frozenset({"clerk"}))
    try:
        for box in sorted(BOXES):
            await _say(database, reader, f"list_{box}", _page(reader, box))
        await _say(database, reader, "count_boxes", queries.counts)
        for name, searches in cases().items():
            await _searches(database, reader, name, searches)
    finally:
        await pool.close()
        await _drop(admin)


def cases() -> dict[str, list[Search]]:
    """What officials search for, by kind."""
    titles = list(dict.fromkeys(made.title for made in documents(3_000)))
    chance = random.Random(SEED + 2)  # noqa: S311 - the same documents every time
    picked = [chance.choice(titles).split() for _ in range(RUNS)]
    own = [made.title.split()[0] for made in documents(60_000) if made.agency == 0 and made.department == 0][:RUNS]
    return {
        "one_word": [Search(wanted_of(words[1], "")) for words in picked],
        "foreign_word": [Search(wanted_of(words[0], "")) for words in picked],
        "own_word": [Search(wanted_of(word, "")) for word in own],
        "two_words": [Search(wanted_of(f"{words[0]} {words[1]}", "")) for words in picked],
        "frequent_words": [Search(wanted_of(WHAT[n % len(WHAT)], "")) for n in range(RUNS)],
        "nothing_like_it": [Search(wanted_of(f"뷁쀍{n}", "")) for n in range(RUNS)],
        "one_letter": [Search(wanted_of(chance.choice(SYLLABLES), "")) for _ in range(RUNS)],
        "person": [Search(wanted_of("", f"사람0-{n % DEPARTMENTS}-{n}")) for n in range(RUNS)],
        "number": [Search(wanted_of("", ""), number=f"부서0과-{n}") for n in range(100, 100 + RUNS)],
        "days": [
            Search(wanted_of("", ""), from_day=f"2023-0{1 + n % 9}-01", to_day=f"2023-0{1 + n % 9}-09")
            for n in range(RUNS)
        ],
        "department": [Search(wanted_of("", ""), department_code=f"D00{n % DEPARTMENTS:03d}") for n in range(RUNS)],
    }


def _page(reader: queries.Reader, box: str) -> Callable[[UnitOfWork], Awaitable[object]]:
    return lambda unit: queries.page(unit, reader, box, Place(), 100)


async def _say(
    database: Database, reader: queries.Reader, name: str, ask: Callable[[UnitOfWork], Awaitable[object]]
) -> None:
    await _timed(database, reader, name, [ask] * RUNS)


async def _searches(database: Database, reader: queries.Reader, name: str, searches: list[Search]) -> None:
    asks = [_search(wanted) for wanted in searches]
    await _timed(database, reader, f"search_{name}", asks)


def _search(wanted: Search) -> Callable[[UnitOfWork], Awaitable[object]]:
    return lambda unit: queries.search(unit, wanted, Place().id, 100)


async def _timed(
    database: Database, reader: queries.Reader, name: str, asks: Sequence[Callable[[UnitOfWork], Awaitable[object]]]
) -> None:
    taken, sizes = [], []
    for ask in asks:
        async with database.transaction(agency_id=reader.agency_id, tokens=reader.tokens) as unit:
            started = time.perf_counter()
            found = await ask(unit)
            taken.append(1000 * (time.perf_counter() - started))
            sizes.append(len(found))  # type: ignore[arg-type]
    say(
        f"million_{name}_p95_ms",
        percentile(taken, 0.95),
        "ms",
        p50=round(percentile(taken, 0.5), 2),
        worst=round(max(taken), 1),
        rows=round(sum(sizes) / len(sizes), 1),
    )
