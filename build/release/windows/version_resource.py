"""The PyInstaller version file, whose text Windows shows under “Details”."""

from build.release.windows.packages import four_numbers

TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers=({numbers}), prodvers=({numbers}), mask=0x3f, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([
      StringTable('080404b0', [
        StringStruct('ProductName', '入户 Ruhu'),
        StringStruct('FileDescription', '入户：离线入户调查'),
        StringStruct('FileVersion', '{version}'),
        StringStruct('ProductVersion', '{version}'),
        StringStruct('OriginalFilename', '{file}'),
        StringStruct('LegalCopyright', 'MIT'),
      ]),
      StringTable('040904b0', [
        StringStruct('ProductName', 'Ruhu'),
        StringStruct('FileDescription', 'Ruhu household surveys'),
        StringStruct('FileVersion', '{version}'),
        StringStruct('ProductVersion', '{version}'),
        StringStruct('OriginalFilename', '{file}'),
        StringStruct('LegalCopyright', 'MIT'),
      ]),
    ]),
    VarFileInfo([VarStruct('Translation', [0x0804, 1200, 0x0409, 1200])]),
  ],
)
"""


def version_file(file: str, version: str) -> str:
    """Return the version file of a program by its name."""
    numbers = four_numbers(version).replace(".", ", ")
    return TEMPLATE.format(file=file, version=version, numbers=numbers)
