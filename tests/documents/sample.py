# ruff: noqa: RUF001 - dashes and minus signs are what a document prints
"""A performance pack as the product makes one, with numbers made up for these tests and partners that do not exist."""

from datetime import date

from commonhold.documents.engine import graphs
from commonhold.documents.engine.document import (
    Bar,
    Bars,
    Block,
    BulletList,
    Cell,
    Chart,
    Column,
    Contents,
    Definition,
    Definitions,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    Paragraph,
    Run,
    Table,
)

PERIOD = "July to September 2026"
BEFORE = "April to June 2026"
EVERYBODY = "all teams, all partners"


def evidence(name: str) -> str:
    return f"/evidence/{name}/2026-07-01/2026-09-30/"


def pack() -> Document:
    """The board's pack for a quarter: the partner split is shown."""
    return Document(
        title="Performance pack",
        subtitle=PERIOD,
        date=date(2026, 9, 30),
        author="Shared ICT Service of Southmere, Eastwell Cross and Northgate Vale",
        audience="For the Joint Committee. Every number leads to its evidence.",
        marking="DEMONSTRATION",
        home="https://service.example.org",
        blocks=(
            *in_a_minute(),
            *volumes(),
            *within_target(),
            *urgent(),
            *open_work(),
            *parity(),
            *definitions(),
            *how_to_check(),
        ),
    )


def in_a_minute() -> tuple[Block, ...]:
    return (
        Heading(1, "In one minute", "in-one-minute"),
        KeyFigures(
            (
                KeyFigure(
                    "Resolved within target",
                    "92.6%",
                    "Up 1.3 percentage points on April to June 2026 (91.3%).",
                    detail="29,296 of 31,625 tickets",
                    address=evidence("within-target"),
                ),
                KeyFigure(
                    "Tickets opened, each month",
                    "12,012",
                    "1.0% fewer a month than in April to June 2026 (12,136).",
                    detail="36,035 in three months",
                    address=evidence("tickets-opened"),
                ),
                KeyFigure(
                    "Most urgent incidents (P1)",
                    "9 of 16",
                    "Resolved within 4 hours. In April to June 2026: 6 of 11.",
                    detail="56.2%, of few incidents",
                    address=evidence("within-target-p1"),
                ),
                KeyFigure(
                    "Open at the end",
                    "2,418",
                    "306 fewer than on 30 June 2026 (2,724).",
                    detail="187 of them opened over 90 days ago",
                    address=evidence("open-at-end"),
                ),
            )
        ),
        Paragraph(
            (
                Run("Is the service fair to all three? ", strong=True),
                "Not quite. Eastwell Cross missed more targets than the same mix of work did elsewhere. ",
                Run("See who was served how", address="#parity"),
                ".",
            )
        ),
        BulletList(
            (
                "Fewer tickets were opened than a year before, and more of them were resolved within target.",
                "Seven of 16 P1 incidents took longer than 4 hours. Four of the seven began in one network.",
                "The number of tickets on hold fell by a fifth.",
            )
        ),
        Contents(),
    )


def volumes() -> tuple[Block, ...]:
    months = (("Jul 2026", 12204, 11800), ("Aug 2026", 10811, 11950), ("Sep 2026", 13020, 12400))
    shares = (("P1", 5, 4, 7), ("P2", 104, 96, 121), ("P3", 3630, 3240, 3905), ("P4", 8465, 7471, 8987))
    return (
        Heading(1, "How much work came in", "volumes"),
        Paragraph(
            "In July to September 2026 36,035 tickets were opened, 12,012 a month. In the same three months of 2025 it "
            "was 36,150, 12,050 a month."
        ),
        Chart(
            graphs.monthly(
                [graphs.Month(name, now, f"{now:,}", before) for name, now, before in months],
                now="July to September 2026",
                before="The same month a year before",
                unit="tickets",
            ),
            title="Tickets opened each month",
            unit="tickets",
            period=PERIOD,
            scope=EVERYBODY,
            alternative="Bars for three months: 12,204 in July, 10,811 in August and 13,020 in September 2026. A year "
            "before it was 11,800, 11,950 and 12,400.",
            table=Table(
                "Tickets opened each month",
                (Column("Month", "short"), Column("Tickets", "number"), Column("A year before", "number")),
                tuple(
                    (name, Cell(f"{now:,}", evidence(name[:3].lower())), f"{before:,}") for name, now, before in months
                ),
                total=("Together", "36,035", "36,150"),
            ),
            id="tickets-each-month",
        ),
        Chart(
            graphs.stacked(
                [
                    graphs.Stack(
                        month[0],
                        tuple(graphs.Part(share[0], share[at + 1], f"{share[at + 1]:,}") for share in shares),
                    )
                    for at, month in enumerate(months)
                ],
                unit="tickets",
            ),
            title="Tickets opened each month, by priority",
            unit="tickets",
            period=PERIOD,
            scope=EVERYBODY,
            alternative="Three stacked bars. P4, the least urgent, is about seven tenths of each month and P3 three "
            "tenths; P2 is about 100 tickets a month, and P1 16 in all.",
            table=Table(
                "Tickets opened each month, by priority",
                (Column("Priority", "short"), *(Column(month[0], "number") for month in months)),
                tuple((share[0], *(f"{count:,}" for count in share[1:])) for share in shares),
                total=("All", "12,204", "10,811", "13,020"),
            ),
        ),
        Table(
            "Tickets opened, beside the last report and the year before",
            (
                Column("Period"),
                Column("Months", "number"),
                Column("Tickets", "number"),
                Column("Each month", "number"),
                Column("Difference", "number"),
            ),
            (
                (PERIOD, "3", Cell("36,035", evidence("tickets-opened")), "12,012", "–"),
                (BEFORE, "3", "36,408", "12,136", "−1.0%"),
                ("July to September 2025", "3", "36,150", "12,050", "−0.3%"),
            ),
            note="Difference: of this period's tickets each month from that period's.",
        ),
    )


def within_target() -> tuple[Block, ...]:
    def row(priority: str, target: str, counts: str, now: str, before: str, change: str) -> tuple[str | Cell, ...]:
        return (priority, target, counts, Cell(now, evidence(f"within-target-{priority[:2].lower()}")), before, change)

    return (
        Heading(1, "Was it done in time", "within-target"),
        Paragraph(
            (
                "Of the tickets resolved in the period, these were resolved within the agreed target. ",
                Run("Percentages of fewer than 20 tickets say little", strong=True),
                ": read the counts, which stand first.",
            )
        ),
        Table(
            "Tickets resolved within target, by priority",
            (
                Column("Priority"),
                Column("Target"),
                Column("Within target", "number"),
                Column("Share", "number"),
                Column(BEFORE, "number"),
                Column("Change", "number"),
            ),
            (
                row("P1 most urgent", "4 hours, day and night", "9 of 16", "56.2%", "6 of 11", "+1.7 points"),
                row("P2 urgent", "1 working day", "262 of 312", "84.0%", "81.3%", "+2.7 points"),
                row("P3 standard", "3 working days", "8,704 of 9,420", "92.4%", "91.0%", "+1.4 points"),
                row("P4 request", "5 working days", "20,321 of 21,877", "92.9%", "91.6%", "+1.3 points"),
            ),
            total=("All", "", "29,296 of 31,625", Cell("92.6%", evidence("within-target")), "91.3%", "+1.3 points"),
            note="Points are percentage points. Working days are Monday to Friday, 08:00 to 18:00.",
        ),
        Heading(2, "The desk's own verdict", "desk"),
        Paragraph(
            "The desk's own system says that 30,112 of 31,625 tickets (95.2%) met their target. It stops the clock "
            "while a ticket waits for a supplier; the agreement does not."
        ),
        Table(
            "The desk's verdict beside ours",
            (Column("Verdict"), Column("Ours: within target", "number"), Column("Ours: missed", "number")),
            (("The desk's: met", "29,041", "1,071"), ("The desk's: missed", "255", "1,258")),
        ),
    )


def urgent() -> tuple[Block, ...]:
    causes = (
        (
            "INC0071203",
            "2 July 2026",
            "All partners",
            "Core switch at the data centre failed over and did not come back",
            "6 h 12 m",
            "Missed",
        ),
        (
            "INC0071877",
            "9 July 2026",
            "Southmere",
            "Housing system unreachable after a certificate ran out",
            "2 h 05 m",
            "Met",
        ),
        (
            "INC0072650",
            "17 July 2026",
            "Eastwell Cross",
            "Telephony at the contact centre, supplier's fault",
            "7 h 41 m",
            "Missed",
        ),
        (
            "INC0073318",
            "28 July 2026",
            "Northgate Vale",
            "No sign-in at the town hall: identity service",
            "1 h 22 m",
            "Met",
        ),
        (
            "INC0074009",
            "6 August 2026",
            "All partners",
            "Core switch again, firmware replaced the same night",
            "5 h 48 m",
            "Missed",
        ),
        (
            "INC0075416",
            "24 August 2026",
            "Eastwell Cross",
            "Social care records slow, then unavailable",
            "3 h 37 m",
            "Met",
        ),
        (
            "INC0076120",
            "3 September 2026",
            "Southmere",
            "Payments page down; expired key at the payment provider",
            "3 h 59 m",
            "Met",
        ),
        (
            "INC0077002",
            "21 September 2026",
            "All partners",
            "Remote access refused new connections",
            "4 h 26 m",
            "Missed",
        ),
    )
    return (
        Heading(1, "Most urgent incidents", "urgent"),
        Paragraph("16 incidents were graded P1; the eight that touched most people are listed. The target is 4 hours."),
        Table(
            "P1 incidents, with how long each took on the service-level clock",
            (
                Column("Reference", "short"),
                Column("Opened", "short"),
                Column("Partner"),
                Column("Cause"),
                Column("Took", "number"),
                Column("Target", "short"),
            ),
            tuple(
                (Cell(row[0], f"/tickets/{row[0]}/"), *row[1:5], Cell(row[5], strong=row[5] == "Missed"))
                for row in causes
            ),
        ),
    )


def open_work() -> tuple[Block, ...]:
    return (
        Heading(1, "Work still open", "open"),
        Table(
            "Open tickets on 30 September 2026",
            (
                Column("Tickets"),
                Column("30 September 2026", "number"),
                Column("30 June 2026", "number"),
                Column("30 September 2025", "number"),
            ),
            (
                ("Open", Cell("2,418", evidence("open-at-end")), "2,724", "3,102"),
                ("Of these, on hold", "611", "770", "802"),
                ("Of these, opened over 90 days ago", "187", "214", "355"),
                ("Of these, past their target", "402", "466", "590"),
            ),
        ),
        Chart(
            graphs.horizontal(
                [
                    graphs.Row("Passwords and access", 512, "512"),
                    graphs.Row("Laptops and docking stations", 431, "431"),
                    graphs.Row("Telephony", 298, "298"),
                    graphs.Row("Printing", 177, "177"),
                ],
                unit="open tickets",
            ),
            title="Open tickets by category, the four largest",
            unit="tickets",
            period="on 30 September 2026",
            scope=EVERYBODY,
            alternative="Bars: passwords and access 512, laptops 431, telephony 298, printing 177.",
            table=Table(
                "Open tickets by category",
                (Column("Category"), Column("Open", "number")),
                (
                    ("Passwords and access", "512"),
                    ("Laptops and docking stations", "431"),
                    ("Telephony", "298"),
                    ("Printing", "177"),
                ),
            ),
        ),
    )


def parity() -> tuple[Block, ...]:
    rows = (
        ("Southmere", "9,684 of 10,402", "93.1%", "718", "769.4", 0.93, 0.85, 1.02, "none", "No more than chance."),
        (
            "Eastwell Cross",
            "9,011 of 9,966",
            "90.4%",
            "955",
            "764.1",
            1.25,
            1.15,
            1.35,
            "worse",
            "Missed more than expected.",
        ),
        (
            "Northgate Vale",
            "10,601 of 11,257",
            "94.2%",
            "656",
            "795.5",
            0.82,
            0.75,
            0.91,
            "better",
            "Missed fewer than expected.",
        ),
    )
    printed = [f"{row[5]:.2f} ({row[6]:.2f} to {row[7]:.2f})" for row in rows]
    return (
        Heading(1, "Is it fair to every partner", "parity"),
        Paragraph(
            "Partners ask for different things. So each is compared with what its own mix of priorities, kinds and "
            "services would have brought at the whole service's results. 1 is as expected; above 1 is worse."
        ),
        Bars(
            title="Missed targets, as many times as expected",
            unit="ratio, with its interval",
            period=PERIOD,
            scope="all tickets resolved, by partner",
            heading="Partner",
            bars=tuple(
                Bar(row[0], row[5], row[6], row[7], text, row[9], row[8], evidence(f"parity-{row[0][0].lower()}"))
                for row, text in zip(rows, printed, strict=True)
            ),
            note="The interval is exact, at 98.3% for each of three partners, so that one false alarm in 20 is shared.",
        ),
        Chart(
            graphs.intervals(
                [
                    graphs.Interval(row[0], row[5], row[6], row[7], text, row[8])
                    for row, text in zip(rows, printed, strict=True)
                ],
                unit="missed targets, as many times as expected",
            ),
            title="Missed targets beside those expected",
            unit="ratio, with its interval",
            period=PERIOD,
            scope="all tickets resolved, by partner",
            alternative="Southmere 0.93, its interval spans 1. Eastwell Cross 1.25, wholly above 1. Northgate Vale "
            "0.82, wholly below 1.",
            table=Table(
                "Parity between the partners",
                (
                    Column("Partner"),
                    Column("Within target", "number"),
                    Column("Share", "number"),
                    Column("Missed", "number"),
                    Column("Expected", "number"),
                    Column("Ratio", "number"),
                    Column("Difference"),
                ),
                tuple((*row[:5], text, row[9]) for row, text in zip(rows, printed, strict=True)),
            ),
        ),
        Note(
            (
                "Eastwell Cross: the difference began in July 2026, with the telephony supplier's faults.",
                "Without the tickets that the supplier held, the ratio is 1.06 (0.97 to 1.16).",
            ),
            warning=True,
        ),
    )


def definitions() -> tuple[Block, ...]:
    return (
        Heading(1, "What the words mean", "words"),
        Definitions(
            (
                Definition(
                    "Within target", "The minutes used on the service-level clock never exceeded the target in force."
                ),
                Definition("On hold", "The clock is stopped because the ticket waits for the person who reported it."),
                Definition("Expected", "What the whole service's results would bring on the same mix of work."),
                Definition(
                    "P1 to P4",
                    (
                        "Priorities, from most to least urgent, as ",
                        Run("the agreement", address="https://service.example.org/agreement/"),
                        " sets them.",
                    ),
                ),
            )
        ),
    )


def how_to_check() -> tuple[Block, ...]:
    return (
        Heading(1, "How to check these figures", "check"),
        Paragraph("The figures are frozen as published. Anyone with the files below can compute them again."),
        Table(
            "The files that the figures come from",
            (
                Column("File", "short"),
                Column("Taken over", "short"),
                Column("Rows", "number"),
                Column("SHA-256", "digest"),
            ),
            (
                (
                    "July 2026",
                    "3 August 2026",
                    "58,120",
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                ),
                (
                    "August 2026",
                    "1 September 2026",
                    "51,977",
                    "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                ),
                (
                    "September 2026",
                    "2 October 2026",
                    "62,404",
                    "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13",
                ),
            ),
        ),
        Paragraph(
            (
                "Ledger entry 1,204 · targets of 1 April 2026 · ",
                Run("figures.json", address="figures.json"),
                " gives every figure.",
            )
        ),
    )
