"""What the codecs make of public corpora: a folder of samples in, a table of figures out. The folders are never part of us."""
