; The installer for Windows, for one user and without an administrator. `python -m build.release.windows.packages`
; compiles it and gives FROZEN, OUT, VERSION, NUMBERS, ICON, LICENCE, SIZE and LEFT; where a certificate
; is given also SIGN, a command that signs the file named after it.

Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
Name "入户 Ruhu"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Ruhu"
InstallDirRegKey HKCU "Software\Ruhu" "InstallDir"
BrandingText "Ruhu ${VERSION}"

!include "LogicLib.nsh"
!include "MUI2.nsh"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Ruhu"
!define CLASSES "Software\Classes"
!define SHORTCUT "$SMPROGRAMS\入户 Ruhu.lnk"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\ruhuw.exe"
!define MUI_FINISHPAGE_RUN_PARAMETERS "app"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(LeavesData)"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
; The first is shown where Windows speaks neither.
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

LangString LeavesData ${LANG_SIMPCHINESE} "只删除程序。调查数据（%APPDATA%\Ruhu）原样保留。"
LangString LeavesData ${LANG_ENGLISH} "Only the program is removed. The survey data (%APPDATA%\Ruhu) stay as they are."
LangString StillOpen ${LANG_SIMPCHINESE} "入户正在运行。请先关闭它，再点“重试”。"
LangString StillOpen ${LANG_ENGLISH} "Ruhu is running. Close it, then choose Retry."
LangString BundleName ${LANG_SIMPCHINESE} "入户数据包"
LangString BundleName ${LANG_ENGLISH} "Ruhu bundle"

VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductName" "入户 Ruhu"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileDescription" "入户 Ruhu 安装程序"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "LegalCopyright" "MIT"
VIAddVersionKey /LANG=${LANG_ENGLISH} "ProductName" "Ruhu"
VIAddVersionKey /LANG=${LANG_ENGLISH} "FileDescription" "Ruhu setup"
VIAddVersionKey /LANG=${LANG_ENGLISH} "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_ENGLISH} "LegalCopyright" "MIT"

!ifdef SIGN
  !finalize '${SIGN} "%1"' = 0
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

; A program that runs cannot be deleted. Silently, nothing is changed and the exit code is 2.
!macro RequireClosed
  try:
  ClearErrors
  Delete "$INSTDIR\ruhuw.exe"
  Delete "$INSTDIR\ruhu.exe"
  ${If} ${Errors}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(StillOpen)" /SD IDCANCEL IDRETRY try
    Abort
  ${EndIf}
!macroend

; The parts of the program and nothing else: a folder `data` beside it, or what a person put there, stays.
!macro RemoveProgram
  !include "${LEFT}"
!macroend

Section "Ruhu"
  !insertmacro RequireClosed
  !insertmacro RemoveProgram
  SetOutPath "$INSTDIR"
  File /r "${FROZEN}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "${SHORTCUT}" "$INSTDIR\ruhuw.exe" "app" "$INSTDIR\ruhuw.exe"

  WriteRegStr HKCU "Software\Ruhu" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${CLASSES}\Ruhu.Bundle" "" "$(BundleName)"
  WriteRegStr HKCU "${CLASSES}\Ruhu.Bundle\DefaultIcon" "" "$INSTDIR\ruhuw.exe,0"
  WriteRegStr HKCU "${CLASSES}\Ruhu.Bundle\shell\open\command" "" '"$INSTDIR\ruhuw.exe" app "%1"'
  ; Windows knows the last part of a name only, and other programs' files end in .age, too: theirs they keep.
  WriteRegStr HKCU "${CLASSES}\.age\OpenWithProgids" "Ruhu.Bundle" ""
  ReadRegStr $0 HKCR ".age" ""
  ${If} $0 == ""
    WriteRegStr HKCU "${CLASSES}\.age" "" "Ruhu.Bundle"
  ${EndIf}

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "入户 Ruhu"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "Ruhu"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\ruhuw.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  !insertmacro RequireClosed
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "${SHORTCUT}"
  ; Newer versions that came by update packages are programs, too.
  RMDir /r "$LOCALAPPDATA\Ruhu\versions"
  RMDir "$LOCALAPPDATA\Ruhu"

  ReadRegStr $0 HKCU "${CLASSES}\.age" ""
  ${If} $0 == "Ruhu.Bundle"
    DeleteRegValue HKCU "${CLASSES}\.age" ""
  ${EndIf}
  DeleteRegValue HKCU "${CLASSES}\.age\OpenWithProgids" "Ruhu.Bundle"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.age\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.age"
  DeleteRegKey HKCU "${CLASSES}\Ruhu.Bundle"
  DeleteRegKey HKCU "Software\Ruhu"
  DeleteRegKey HKCU "${UNINSTALL}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
