"""New versions of the program without a network: signed packages, applied beside the old version.

A package is a file that travels by stick or from the county's service. `package` says whether it is to be
trusted, `installing` puts its program into a folder of its own beside the versions in use, `launch` starts
the right one and goes back where a new one does not start. The data is no part of it: whatever opens data
of an older version makes a copy first (`ruhu.files.migration_backup`), which `launch` puts back where it must.
"""
