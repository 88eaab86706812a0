"""dBase tables: dBase III and IV, FoxPro, Visual FoxPro, with memo files. Bytes to rows; rows to dBase III and its memo."""

from adapters.formats.dbf.header import Table, read_table
from adapters.formats.dbf.reading import Dbf
from adapters.formats.dbf.rows import DbfRows, Layout
from adapters.formats.dbf.writing import DbfWriter, WriteColumn, Written

__all__ = ["Dbf", "DbfRows", "DbfWriter", "Layout", "Table", "WriteColumn", "Written", "read_table"]
