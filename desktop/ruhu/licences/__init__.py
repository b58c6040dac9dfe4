"""Third-party components of the program and their licences.

A frozen program reads the list that was made of it (`sbom.cdx.json`, CycloneDX); from source the installed
libraries are asked.
"""
