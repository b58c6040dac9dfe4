"""Offline updates: signed packages, installed next to the previous version.

A package is a file that arrives by removable medium or from the county's service. `package` verifies it,
`installer` unpacks its program into a folder next to the installed versions, and `launcher` starts the
current version and rolls back if a new one does not start. Packages contain no data: a program that migrates
data copies it first (`ruhu.files.migration_backup`), and `launcher` restores the copy if necessary.
"""
