"""How systems are reached: folders of this machine, folders over SFTP, tables of a database. All look the same to the rest.

Items come from a ``Source`` and leave it only after they are stored; items go out through a ``Target`` that shows its receiver
whole items only, and replaces one of the same name.
"""
