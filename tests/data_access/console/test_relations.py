"""The descriptions of the relations: each column has one, and none is of a column that is not there."""

from data_access.console.relations import GRAINS, MEANINGS, relations
from data_access.dataset import Dataset


def test_every_column_of_the_prepared_relations_has_a_line_and_the_sources_have_their_types(sample: Dataset) -> None:
    found = relations(sample)
    assert list(found) == list(GRAINS)
    for relation, meanings in MEANINGS.items():
        assert {column.name: column.meaning for column in found[relation]} == meanings
    assert all(column.meaning for relation in MEANINGS for column in found[relation])
    assert [column[:2] for column in found["source"][:2]] == [("reward_1", "DOUBLE"), ("reward_2", "DOUBLE")]
    assert len(found["source"]) == 506
