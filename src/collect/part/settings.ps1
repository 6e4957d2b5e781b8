# What Microsoft Graph tells of settings, and a place for what it does not. Never replaced: you may write in it.
Save-File 'tenant/tenant.toml' -KeepIfAfter ([datetime]::MinValue) {
    '# What is not set here is unknown to the replay. Take the mark away from what you can tell.'
@LINES@
    '# Accounts that must never be locked out, by user id, and roles to watch, by template id.'
    '# break-glass = ["00000000-0000-0000-0000-000000000000"]'
    '# privileged-roles = ["62e90394-69f5-4237-9190-012177145e10"]'
}
foreach ($key in @KEYS@) {
    $settings = Join-Path $Folder 'tenant/tenant.toml'
    if ((Test-Path -LiteralPath $settings) -and -not (Select-String -LiteralPath $settings -Pattern $key -SimpleMatch -Quiet)) {
        Write-Warning "tenant/tenant.toml does not mention ${key}: add it, or delete the file to have it written anew."
    }
}
