"""The table of agency codes (기관코드): units, abolished ones too, with what they carry on, for the directory."""
