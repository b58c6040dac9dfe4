# Installs what build\package.cmd made, uses the installed program, and takes it away again.
$ErrorActionPreference = "Stop"
function Expect($holds, $what) { if ($holds) { "ok   $what" } else { throw "FAIL $what" } }
function Show-Window($program) {
    $shown = Start-Process $program -ArgumentList "app" -PassThru
    foreach ($second in 1..60) {
        Start-Sleep 1
        $shown.Refresh()
        if ($shown.HasExited -or $shown.MainWindowTitle) { break }
    }
    $title = if ($shown.HasExited) { "" } else { $shown.MainWindowTitle }
    if (-not $shown.HasExited) { $shown.Kill(); $shown.WaitForExit() }
    $title
}

$setup = Get-Item "out\packages\ruhu-*-setup.exe"
$folder = "$env:LOCALAPPDATA\Programs\Ruhu"
$demo = "$env:TEMP\ruhu demo"

$done = Start-Process $setup.FullName -ArgumentList "/S" -Wait -PassThru
Expect ($done.ExitCode -eq 0) "installs silently"
& "$folder\ruhu.exe" demo --out $demo
Expect ($LASTEXITCODE -eq 0) "the demo runs from the installed program"
Expect ((Get-Item "$folder\ruhu.exe").VersionInfo.ProductVersion) "the program tells its version"
$command = (Get-Item "HKCU:\Software\Classes\Ruhu.Bundle\shell\open\command").GetValue("")
Expect ($command -eq "`"$folder\ruhuw.exe`" app `"%1`"") "bundles open in it"
Expect ((Show-Window "$folder\ruhuw.exe") -match "入户") "the window comes up"

$data = "$env:APPDATA\Ruhu\of a person"
New-Item -Force $data | Out-Null
Start-Process "$folder\uninstall.exe" -ArgumentList "/S" -Wait
foreach ($second in 1..60) { if (Test-Path $folder) { Start-Sleep 1 } }
Expect (-not (Test-Path $folder)) "takes itself away"
Expect (Test-Path $data) "and leaves the data"
Expect (-not (Test-Path "HKCU:\Software\Classes\Ruhu.Bundle")) "the registry is as before"

Expand-Archive "out\packages\ruhu-*-portable.zip" "$env:TEMP\stick"
Expect ((Show-Window "$env:TEMP\stick\ruhu\ruhuw.exe") -match "入户") "the portable program's window comes up"
