"""What is left out, in words for one and for several."""

from data_access.derived.attributes import CAN_HAVE
from data_access.plurals import things
from data_access.training_data.reasons import REASONS
from data_access.training_data.strategies import FLAGGED, HAVING, WITHOUT


def test_what_can_be_left_out_has_words_for_one_and_for_several() -> None:
    assert set(WITHOUT) <= set(REASONS)
    assert {name: REASONS[name].several for name in FLAGGED} == {
        name: f"candidates that {label}" for name, label in FLAGGED.items()
    }
    assert things(1, *REASONS["refusal"]) == "1 candidate that opens with a refusal"
    assert things(2, *REASONS["refusal"]) == "2 candidates that open with a refusal"


def test_what_can_be_had_can_be_left_out_once() -> None:
    assert set(WITHOUT) == {"template_tokens"} | {attribute.key for attribute in CAN_HAVE}
    assert set(FLAGGED).isdisjoint(HAVING)
    assert (WITHOUT["offer"], WITHOUT["maths"]) == ("have a closing offer", "have LaTeX formulas")
    assert things(1, *REASONS["offer"]) == "1 candidate with a closing offer"
    assert things(2, *REASONS["list_items"]) == "2 candidates with list items"
