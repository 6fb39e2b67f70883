"""The pages of the window, in the order of the sidebar.

A page's module is imported at its first visit; here stands only its name.
"""

from __future__ import annotations

from kipp_desktop.gui.pages.base import PageInfo
from kipp_desktop.texts import Text

START = frozenset({"start"})
DESK = frozenset({"desk"})
JUDGE = frozenset({"judge"})
# Somebody of the plan who marks nowhere: an observer, a chair who does not judge
MEMBER = frozenset({"member"})
VERIFIER = frozenset({"verifier"})
MEMBERS = JUDGE | MEMBER | VERIFIER
EVERYBODY = START | DESK | MEMBERS
# A member who keeps the time, besides what else that person does
MODERATOR = frozenset({"moderator"})

PAGES: tuple[PageInfo, ...] = (
    # Nobody yet
    PageInfo("start", Text("Start"), "house", START, "kipp_desktop.gui.pages.start:StartPage"),
    # The desk, before the day
    PageInfo(
        "overview",
        Text("Overview"),
        "house",
        DESK,
        "kipp_desktop.gui.pages.overview:OverviewPage",
    ),
    PageInfo(
        "entries",
        Text("Innovations"),
        "lightbulb",
        DESK,
        "kipp_desktop.gui.pages.entries:EntriesPage",
    ),
    PageInfo(
        "duplicates",
        Text("Similar innovations"),
        "copy",
        DESK,
        "kipp_desktop.gui.pages.duplicates:DuplicatesPage",
        in_sidebar=False,
    ),
    PageInfo(
        "selection",
        Text("Administrative selection"),
        "list-checks",
        DESK,
        "kipp_desktop.gui.pages.selection:SelectionPage",
        in_sidebar=False,
    ),
    PageInfo(
        "coverage",
        Text("Organisations and coverage"),
        "users",
        DESK,
        "kipp_desktop.gui.pages.coverage:CoveragePage",
        in_sidebar=False,
    ),
    PageInfo(
        "people",
        Text("Panel and rubric"),
        "users",
        DESK,
        "kipp_desktop.gui.pages.people:PeoplePage",
    ),
    PageInfo(
        "agenda",
        Text("Agenda"),
        "calendar-clock",
        DESK,
        "kipp_desktop.gui.pages.agenda:AgendaPage",
    ),
    PageInfo(
        "rules",
        Text("Rules"),
        "list-checks",
        DESK,
        "kipp_desktop.gui.pages.rules:RulesPage",
        in_sidebar=False,
    ),
    PageInfo(
        "rubric",
        Text("Edit rubrics"),
        "list-checks",
        DESK,
        "kipp_desktop.gui.pages.rubric:RubricPage",
        in_sidebar=False,
    ),
    # The desk, on the day: paper, inbox
    PageInfo(
        "paper",
        Text("Paper sheets"),
        "file-pen-line",
        DESK,
        "kipp_desktop.gui.pages.paper:PaperPage",
    ),
    PageInfo(
        "inbox",
        Text("Incoming files"),
        "inbox",
        DESK,
        "kipp_desktop.gui.pages.inbox:InboxPage",
    ),
    PageInfo(
        "keys",
        Text("Keys and words"),
        "key-round",
        DESK,
        "kipp_desktop.gui.pages.keys:KeysPage",
        in_sidebar=False,
    ),
    # The desk, at the end: ranking, plenary, results, audit
    PageInfo(
        "ranking",
        Text("Ranking"),
        "trophy",
        DESK,
        "kipp_desktop.gui.pages.ranking:RankingPage",
    ),
    PageInfo(
        "plenary",
        Text("Plenary"),
        "gavel",
        DESK,
        "kipp_desktop.gui.pages.plenary:PlenaryPage",
    ),
    PageInfo(
        "field",
        Text("Field verification"),
        "map-pin",
        DESK,
        "kipp_desktop.gui.pages.field:FieldPage",
        in_sidebar=False,
    ),
    PageInfo(
        "results",
        Text("Results and minutes"),
        "file-badge",
        DESK,
        "kipp_desktop.gui.pages.results:ResultsPage",
    ),
    PageInfo(
        "audit",
        Text("Audit trail"),
        "history",
        DESK,
        "kipp_desktop.gui.pages.audit:AuditPage",
    ),
    # The verifier: the visits, and the form of one
    PageInfo(
        "visits",
        Text("Visits"),
        "map-pin",
        VERIFIER,
        "kipp_desktop.gui.pages.visits:VisitsPage",
    ),
    PageInfo(
        "visit",
        Text("Visit"),
        "map-pin",
        VERIFIER,
        "kipp_desktop.gui.pages.visit:VisitPage",
        in_sidebar=False,
    ),
    # The judge: marking, review, approval of the results, hand in
    PageInfo(
        "scoring",
        Text("Scoring"),
        "clipboard-check",
        JUDGE,
        "kipp_desktop.gui.pages.scoring:ScoringPage",
    ),
    PageInfo(
        "review",
        Text("Review all"),
        "list-checks",
        JUDGE,
        "kipp_desktop.gui.pages.review:ReviewPage",
    ),
    # Behind the marking, which a judge who also moderates meets first
    PageInfo(
        "agenda",
        Text("Agenda"),
        "calendar-clock",
        MODERATOR,
        "kipp_desktop.gui.pages.agenda:AgendaPage",
    ),
    PageInfo(
        "approval",
        Text("Approval"),
        "user-check",
        MEMBERS,
        "kipp_desktop.gui.pages.approval:ApprovalPage",
    ),
    PageInfo(
        "hand-in",
        Text("Hand in"),
        "send",
        MEMBERS,
        "kipp_desktop.gui.pages.hand_in:HandInPage",
    ),
    # A judge sees three pages; the trail of the own signatures is one step away from them
    PageInfo(
        "audit",
        Text("Audit trail"),
        "history",
        MEMBERS,
        "kipp_desktop.gui.pages.audit:AuditPage",
        in_sidebar=False,
    ),
    # Everybody, the check of a result among them
    PageInfo(
        "check",
        Text("Check a result"),
        "shield-check",
        START,
        "kipp_desktop.gui.pages.check:CheckPage",
    ),
    PageInfo(
        "check",
        Text("Check a result"),
        "shield-check",
        DESK | MEMBERS,
        "kipp_desktop.gui.pages.check:CheckPage",
        in_sidebar=False,
    ),
    PageInfo(
        "settings",
        Text("Settings"),
        "settings",
        EVERYBODY,
        "kipp_desktop.gui.pages.settings:SettingsPage",
    ),
)
