# The ids in all pages. They become part of further requests, so nothing else is let through.
function Get-Ids {
    param([string]$Uri)
    Get-Pages $Uri | ForEach-Object { (ConvertFrom-Json $_).value } | ForEach-Object {
        if ($_.id -notmatch $anId) { throw "the answer to GET $Uri holds something that is no id: $($_.id)" }
        $_.id
    }
}
