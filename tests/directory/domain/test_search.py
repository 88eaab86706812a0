"""Words are taken literally, whatever they are made of."""

from hypothesis import given
from hypothesis import strategies as st

from directory.domain.search import LONGEST_QUERY, escaped, words_of


def test_words_and_pairs():
    words = words_of("  행정국 총무과 ")
    assert words.patterns == ("%행정국%", "%총무과%")
    assert words.grams == ("무과", "정국", "총무", "행정")
    assert words.whole == "행정국총무과"


def test_what_means_something_to_like_is_escaped():
    assert escaped("50%_\\") == "50\\%\\_\\\\"


@given(st.text())
def test_any_query_is_bounded(query: str):
    words = words_of(query)
    assert len(words.grams) <= LONGEST_QUERY * 3
    assert all(len(gram) == 2 for gram in words.grams)
