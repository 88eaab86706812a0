"""Scaffolds an adapter that works: a name and a format, or a sample file, in; a folder that passes the acceptance suite out.

sample (`samples`) -> fields with guesses where each goes (`guesses`) -> manifest text (`manifests`) -> codec -> first sample.
What is made is a beginning to be mended line by line, with the acceptance suite green all the way.
"""

from tools.new_adapter.scaffolding import FOLDER, FORMATS, scaffold

__all__ = ["FOLDER", "FORMATS", "scaffold"]
