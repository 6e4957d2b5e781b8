# Who actively holds a role for the whole tenant: people, and the members of groups that hold it.
function Get-RoleHolders {
    param([string]$Role)
    $filter = [uri]::EscapeDataString("roleDefinitionId eq '$Role'")
    $assignments = Get-Pages ('v1.0/roleManagement/directory/roleAssignments?$expand=principal&$filter=' + $filter) |
        ForEach-Object { (ConvertFrom-Json $_).value }
    $holders = @(foreach ($assignment in $assignments) {
        $principal = $assignment.principal
        if ($assignment.directoryScopeId -ne '/' -or $null -eq $principal) { continue }
        if ($principal.id -notmatch $anId) { throw "an assignment of role $Role is held by something without an id" }
        $principal.id
        if ($principal.'@odata.type' -eq '#microsoft.graph.group') {
            Get-Ids ('v1.0/groups/{0}/transitiveMembers?$select=id&$top=999' -f $principal.id)
        }
    })
    if ($holders.Count -eq 0) { '[]' } else { '["' + (@($holders | Sort-Object -Unique) -join '", "') + '"]' }
}
