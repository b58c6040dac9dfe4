"""What the program is made of: the parts of others that travel with it, and under which licences.

A frozen program reads the list that was made of it (`sbom.cdx.json`, CycloneDX); from source the installed
libraries are asked.
"""
