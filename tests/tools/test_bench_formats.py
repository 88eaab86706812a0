"""The generated host file of the benchmark: what ours reads of it is what was put in, and the rival is told the same layout."""

from tools.bench.formats_host import _SIZE, _rules, generated, payments


def test_the_generated_file_is_read_whole_and_goes_back_to_the_byte():
    layout = payments()
    data = generated(layout, 20)
    read = list(layout.read(data))
    assert [record.rejected for record in read] == [False] * 20
    assert layout.write((record.kind, dict(record.values)) for record in read) == data
    assert len(data) == 20 * _SIZE


def test_the_rival_is_told_every_byte():
    (described,) = _rules(payments())["layouts"]
    assert sum(field["size"] for field in described["layout"]) == _SIZE
    assert [field["name"] for field in described["layout"] if "scale" in field] == ["GROSS", "TAX", "NET"]
