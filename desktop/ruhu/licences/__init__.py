"""Third-party components of the program and their licences.

A frozen program reads the list made when it was built (`sbom.cdx.json`, CycloneDX); from source, the
installed distributions are queried.
"""
