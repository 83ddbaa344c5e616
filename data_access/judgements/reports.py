"""Reports that are being put together: one a person, kept so that none is lost, each change a version."""

from typing import NamedTuple

from sqlalchemy import insert, select

from data_access.judgements.people import Person
from data_access.judgements.store import Store, now
from data_access.judgements.tables import REPORTS


class Kept(NamedTuple):
    """A report as JSON, and its version; 0 and '' where there is none yet."""

    version: int = 0
    report: str = ""


def report_of(store: Store, name: str) -> Kept:
    """The last version of the report of this name. Raises JudgementsError."""
    asked = select(REPORTS.c.version, REPORTS.c.report).where(REPORTS.c.name == name)
    with store.reading() as connection:
        row = connection.execute(asked.order_by(REPORTS.c.version.desc()).limit(1)).first()
    return Kept(*row) if row else Kept()


def save_report(store: Store, name: str, person: Person | None, report: str, based_on: int) -> Kept:
    """Keep a report under a name of at most 32 characters. `based_on` is the version that was changed, 0 for none.

    Raises ChangedMeanwhileError where there is a newer one, JudgementsError where nothing can be saved.
    """
    kept = Kept(based_on + 1, report)
    with store.writing() as connection:
        row = {"name": name, "author": person.name if person else "", "signed_in": bool(person and person.signed_in)}
        connection.execute(insert(REPORTS), row | {"version": kept.version, "report": report, "at": now()})
    return kept
