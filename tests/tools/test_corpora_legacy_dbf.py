"""The figures about dBase tables: equal to the summary beside a table, and told when not."""

from adapters.formats.dbf import DbfWriter, WriteColumn
from tools.corpora import legacy_dbf

SUMMARY = """
Database: a.dbf
Type: (83) dBase III with memo file
Memo File: true
Records: {records}

Name             Type       Length     Decimal
NAME             C          10         0
NOTE             M          10         0
"""


def folder(path, records):
    written = DbfWriter([WriteColumn("NAME", "C", 10), WriteColumn("NOTE", "M")]).write([{"NAME": "가", "NOTE": "나"}])
    (path / "a.dbf").write_bytes(written.table)
    (path / "a.dbt").write_bytes(written.memo)
    (path / "a_summary.txt").write_text(SUMMARY.format(records=records), "utf-8")
    return legacy_dbf.main([str(path)])


def test_a_table_as_its_summary(tmp_path, capsys):
    assert folder(tmp_path, 1) == 0
    assert "| a | dBase III with memo file | cp949 | 2 | 1 | 2 | 2 | 1 |  | yes |" in capsys.readouterr().out


def test_a_difference_is_told(tmp_path, capsys):
    assert folder(tmp_path, 2) == 1
    assert "a.dbf: Records: 2, read 1" in capsys.readouterr().out


def test_an_empty_folder_is_an_error(tmp_path):
    assert legacy_dbf.main([str(tmp_path)]) == 2
