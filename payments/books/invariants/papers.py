"""Invariants of receipts and credit notes."""

from payments.books.invariants.rule import Invariant

PAPERS = (
    Invariant(
        "papers_are_numbered_without_gaps",
        "The receipts of a theater have the numbers 1, 2, 3 … up to the last one given in their series, and so have its "
        "credit notes.",
        """SELECT 'theater ' || counter.theater_id FROM reservations_papercounter counter
             LEFT JOIN LATERAL (SELECT count(*) AS given, max(number) AS highest FROM reservations_paper paper
                                 WHERE paper.theater_id = counter.theater_id AND paper.kind = counter.kind
                                   AND paper.series = counter.series) papers ON true
            WHERE papers.given <> counter.last OR coalesce(papers.highest, 0) <> counter.last
           UNION
           SELECT 'theater ' || paper.theater_id FROM reservations_paper paper
            WHERE NOT EXISTS (SELECT 1 FROM reservations_papercounter counter
                               WHERE counter.theater_id = paper.theater_id AND counter.kind = paper.kind
                                 AND counter.series = paper.series)""",
    ),
)
