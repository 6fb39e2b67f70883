"""Checking results: the rules, who was admitted, which sheets count, the places computed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.competition import rules_json
from kipp_desktop.domain.fold import read_desk
from kipp_desktop.services.approvals import approval_sentences, approvals_in, roles_missing
from kipp_desktop.services.publishing import places_json
from kipp_desktop.services.rule_changes import rule_change_sentences
from kipp_desktop.services.standing import RULE_TEXTS, standing, unadmitted_sentences
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.domain.standing import Standing
    from kipp_desktop.exchange.ledger_file import LedgerFile
    from kipp_desktop.services.approvals import Approval
    from kipp_desktop.services.checks import Report
    from kipp_desktop.services.reading import Reading


def check_results(report: Report, reading: Reading, results: Record) -> Standing:
    """Compute the results anew from the records they cite, and compare."""
    setup = reading.setup
    plan = reading.state.plan
    rules_kept = results.body["rules"] == rules_json(setup.rules)
    report.hold(
        "plan",
        rules_kept and plan is not None and plan.id == results.body["plan"],
        Text(
            "The results use the rules of the plan in force (revision {n}).",
            n=plan.revision if plan else 0,
        ),
        Text("The results name other rules than the plan in force."),
    )
    _admissions(report, reading)
    _closings(report, reading)
    _sheets(report, reading)
    result = standing(reading)
    for sentence in rule_change_sentences(reading, result):
        report.add("rules-changed", True, sentence)
    difference = _difference(setup, results.body["places"], places_json(result))
    if difference is not None:
        report.add("ranking", False, difference)
    else:
        report.hold(
            "ranking",
            result.complete,
            Text("Places and awards, computed anew from the signed sheets, are the same."),
            Text("Sheets that the rules require are missing, or something is undecided."),
        )
    return result


def _admissions(report: Report, reading: Reading) -> None:
    keys = reading.state.keys
    persons = reading.naming.person_by_id
    strangers = sorted(key.key for key in keys.values() if key.person not in persons)
    report.hold(
        "admissions",
        not strangers,
        Text(
            "The desk admitted {count} keys, {compared} of them after comparing words; "
            "{waiting} keys that are here were not admitted and count nowhere.",
            count=len(keys),
            compared=sum(key.compared == "words" for key in keys.values()),
            waiting=len(reading.authors - keys.keys()),
        ),
        Text(
            "Keys were admitted for persons who are not in the plan ({keys}).",
            keys=", ".join(key[:12] for key in strangers),
        ),
    )
    for sentence in unadmitted_sentences(reading):
        report.add("unadmitted", True, sentence)


def _closings(report: Report, reading: Reading) -> None:
    stages = reading.setup.rules.counted()
    still_open = [stage.name for stage in stages if stage.id not in reading.state.closings]
    report.hold(
        "closings",
        not still_open,
        Text("Every stage with a score was closed before these results."),
        Text("Stages were not closed before these results: {names}.", names=", ".join(still_open)),
    )


def _sheets(report: Report, reading: Reading) -> None:
    """Say of every signed sheet that it counts, or which rule stopped it."""
    stages = reading.setup.rules.counted()
    stopped = [(stage.name, item) for stage in stages for item in reading.stopped(stage.id)]
    report.add(
        "sheets",
        True,
        Text(
            "{counted} signed sheets count, {stopped} do not; each of these is named with the "
            "rule that stopped it.",
            counted=sum(len(reading.counted(stage.id)) for stage in stages),
            stopped=len(stopped),
        ),
    )
    naming = reading.naming
    for stage_name, (fact, rule) in stopped:
        entry = naming.entry_by_id.get(fact.entry)
        report.add(
            "sheet",
            True,
            Text(
                "{stage}: a sheet of {judge} for entry {number} does not count: {rule}.",
                stage=stage_name,
                judge=naming.name_of(fact.judge),
                number=entry.number if entry else "?",
                rule=RULE_TEXTS[rule],
            ),
        )


def check_approvals(
    report: Report,
    setup: Setup,
    desk: LedgerFile,
    own: Sequence[Record],
    results: str,
    *,
    final: bool,
) -> list[Approval]:
    """Say who agreed and who dissents, and return it.

    A final publication has every approval that the plan asks for.
    """
    found = approvals_in(setup, read_desk(desk.author, desk.records), own, results)
    missing = roles_missing(setup, found)
    asked = setup.rules.approvals
    for sentence in approval_sentences(setup, found):
        report.add("approval", True, sentence)
    if not asked:
        report.add("approvals", True, Text("The plan asks for no approval."))
    elif not missing:
        report.add(
            "approvals",
            True,
            Text("Every approval that the plan asks for is here ({roles}).",
                 roles=", ".join(asked)),
        )  # fmt: skip
    else:
        report.hold(
            "approvals",
            not final,
            Text("Approvals are still missing ({roles}); this is a draft.",
                 roles=", ".join(missing)),
            Text("It was published as final without the approvals asked for ({roles}).",
                 roles=", ".join(missing)),
        )  # fmt: skip
    return found


def _difference(setup: Setup, published: Any, computed: Any) -> Text | None:
    """Return what first differs between the published and the recomputed places."""
    if published == computed:
        return None
    places = {
        item["entry"]: (item["place"], item["exact"], item["award"])
        for group in computed
        for item in group["entries"]
    }
    for group in published:
        for item in group["entries"]:
            found = places.get(item["entry"])
            if found != (item["place"], item["exact"], item["award"]):
                entry = setup.entry_by_id.get(item["entry"])
                return Text(
                    "Entry {number} was published with place {published}, computed anew it has "
                    "{computed}.",
                    number=entry.number if entry else "?",
                    published=str(item["place"]),
                    computed=str(found[0]) if found else "-",
                )
    return Text("The published ranking differs from the one computed anew.")
