# The risk of everybody who ever had any. Whose history cannot be read is unknown, which is not the same as no risk.
function Get-RiskyUserHistory {
    '[]'
    foreach ($user in @(Get-Ids 'v1.0/identityProtection/riskyUsers?$top=500')) {
        try {
            $history = @(Get-Pages ('v1.0/identityProtection/riskyUsers/{0}/history' -f $user))
        }
        catch {
            Write-Warning "the risk history of user $user is unknown: $($_.Exception.Message)"
            $history = '{"userId":"' + $user + '","riskLevel":"hidden","riskLastUpdatedDateTime":"1970-01-01T00:00:00Z"}'
        }
        $history
    }
}
