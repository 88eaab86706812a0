"""Millions of damaged inputs for every format and every agency: each ends accepted or refused, none crashes, hangs or swells.

samples (`seeds`) -> damaged items (`mutate`) -> the reader in a process of its own (`run`) -> what is wrong with it (`judge`).
"""
