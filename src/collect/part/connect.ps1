if ($ReadDirectory) { $scopes += 'Directory.Read.All' }
$context = Get-MgContext
$connected = $false
if ($null -eq $context -or ($context.AuthType -eq 'Delegated' -and @($scopes | Where-Object { $context.Scopes -notcontains $_ }).Count -gt 0)) {
    # For this process only: no token is kept on disk.
    Connect-MgGraph -Scopes $scopes -ContextScope Process -NoWelcome
    $connected = $true
}
Write-Host "Exporting tenant $((Get-MgContext).TenantId) to $Folder"
