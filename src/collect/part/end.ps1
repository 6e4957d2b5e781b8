if ($connected) { $null = Disconnect-MgGraph }
if ($failed.Count -gt 0) {
    Write-Warning ('Not exported: ' + ($failed -join ', ') + '. Start this script again to try these again.')
    Write-Warning 'A fact that is missing is unknown to the replay; sign-ins that are missing are not counted. An older file stays.'
    if (@($failed | Where-Object { $_ -like 'logs/*' }).Count -gt 0 -and -not $ReadDirectory) {
        Write-Warning 'If sign-ins were refused (403), try -ReadDirectory.'
    }
}

# The command that replays these policies on what was exported.
function Get-Quoted {
    param([string]$Text)
    if ($Text -match '^[A-Za-z0-9_.:/\\-]+$') { $Text } else { "'" + ($Text -replace "'", "''") + "'" }
}
$arguments = @('replay', (Join-Path $Folder 'logs'))
foreach ($policy in $policies) { $arguments += @('--policy', $policy) }
$existing = Join-Path $Folder 'policies.json'
if ((Test-Path -LiteralPath $existing) -and (Select-String -LiteralPath $existing -Pattern '"conditions"' -SimpleMatch -Quiet)) {
    $arguments += @('--existing', $existing)
}
$arguments += @('--tenant', (Join-Path $Folder 'tenant'))
'ca-impact ' + (($arguments | ForEach-Object { Get-Quoted $_ }) -join ' ')
if ($failed.Count -gt 0) { exit 1 }
