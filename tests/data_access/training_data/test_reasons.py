"""What is left out, in words for one and for several."""

from data_access.plurals import things
from data_access.training_data.reasons import REASONS
from data_access.training_data.strategies import WITHOUT


def test_what_can_be_left_out_has_words_for_one_and_for_several() -> None:
    assert set(WITHOUT) <= set(REASONS)
    assert {name: REASONS[name].several for name in WITHOUT} == {
        name: f"candidates that {label}" for name, label in WITHOUT.items()
    }
    assert things(1, *REASONS["refusal"]) == "1 candidate that opens with a refusal"
    assert things(2, *REASONS["refusal"]) == "2 candidates that open with a refusal"
