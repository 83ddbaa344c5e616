"""A report as HTML, whose parts are worked out and drawn once for all viewers."""

from dataclasses import replace

from data_access.report import html
from data_access.report.asked import People
from data_access.report.content import PartContent, part_content, whole
from data_access.report.reports import Part, Report
from pages.components.feedback.progress import progress
from pages.components.state.judgement_store import answered, written
from pages.components.state.results import cached
from pages.components.state.session import View


def drawn_report(view: View, report: Report) -> tuple[list[PartContent], str]:
    """The report's parts, without what they show, and the whole as an HTML file; shows what is being done."""
    parts, bodies = [], []
    given = answered()
    people = People(written().said, given.answers)
    with progress("Making the report.") as said:
        for number, part in enumerate(report.parts, start=1):

            def compute(part: Part = part, number: int = number) -> tuple[PartContent, str]:
                done, which = (number - 1) / len(report.parts), f"Part {number} of {len(report.parts)}"
                said(done, f"{which}.")
                found = part_content(
                    view.dataset, report, part, lambda _, doing: said(done, f"{which}: {doing}"), people
                )
                return found._replace(blocks=()), html.body(found, html.name_of(part))

            # What somebody says of it does not change what it shows.
            asked = replace(part, sentence="")
            key = (asked.page, asked.text_key, asked.added_at, tuple(sorted(asked.parameters.items())))
            asks_people = part.page == "blind" or {"judged", "tag"} & {*part.parameters}
            found, body = cached(
                view.dataset, "report_part", key, given.revision if asks_people else "", compute=compute
            )
            parts.append(found._replace(sentence=part.sentence, link=report.link(part)))
            bodies.append(body)
    return parts, html.to_html(whole(view.dataset, report, parts), bodies)
