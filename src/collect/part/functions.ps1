# Without this header the results of report-only policies, and every newer word, read `unknownFutureValue`.
$headers = @{ Prefer = 'include-unknown-enum-members' }
$anId = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
# Said once, so that a run over midnight leaves no day out.
$today = [datetime]::UtcNow.Date
$failed = New-Object System.Collections.Generic.List[string]
$Folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder)

# One page: its text as Microsoft Graph wrote it, and the address of the next one.
# Waits as long as it is told to when it has asked too often, and tries again when there is no answer.
function Get-Page {
    param([string]$Uri)
    $tries = 10
    for ($try = 1; ; $try++) {
        $wait = [math]::Min(120, [math]::Pow(2, $try))
        try {
            $response = Invoke-MgGraphRequest -Method GET -Uri $Uri -Headers $headers -OutputType HttpResponseMessage -SkipHttpErrorCheck -ErrorAction Stop
            $status = [int]$response.StatusCode
            $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
        }
        catch {
            # The connection was lost, or the module itself has given up on being told to wait.
            if ($try -ge $tries) { throw }
            Write-Host "         no answer, trying again in $wait seconds: $($_.Exception.Message)"
            Start-Sleep -Seconds $wait
            continue
        }
        if ($status -eq 200) { break }
        if ($try -ge $tries -or @(429, 500, 502, 503, 504) -notcontains $status) {
            throw "GET $Uri is answered by ${status}: $($text.Substring(0, [math]::Min(500, $text.Length)))"
        }
        $told = $response.Headers.RetryAfter
        if ($null -ne $told -and $null -ne $told.Delta) { $wait = [math]::Max(1, $told.Delta.TotalSeconds) }
        Write-Host "         Microsoft Graph is busy ($status), trying again in $wait seconds"
        Start-Sleep -Seconds $wait
    }
    # Within a JSON string quotation marks are escaped: only a member of the page can look like this.
    $link = [regex]::Match($text, '"@odata\.nextLink"\s*:\s*("(?:[^"\\]|\\.)*")')
    $next = $null
    if ($link.Success) {
        $next = (ConvertFrom-Json ('{"link":' + $link.Groups[1].Value + '}')).link
        if (([uri]$next).Host -ne $response.RequestMessage.RequestUri.Host) { throw "the next page is elsewhere: $next" }
    }
    [pscustomobject]@{ Text = $text; Next = $next }
}

# The texts of all pages.
function Get-Pages {
    param([string]$Uri)
    while ($Uri) {
        $page = Get-Page $Uri
        $page.Text
        $Uri = $page.Next
    }
}

# Writes a file under another name first: what stands under its right name is complete.
# One that cannot be exported is left out, which makes it unknown to the replay and never empty. `-Anew` is for files
# that hold what these very policies need: one that was written for others is not kept.
function Save-File {
    param([string]$Name, [scriptblock]$Lines, [datetime]$KeepIfAfter = [datetime]::UtcNow.AddDays(-1), [switch]$Anew)
    $path = Join-Path $Folder $Name
    if ($Anew -and (Test-Path -LiteralPath $path)) { [System.IO.File]::Delete($path) }
    if ((Test-Path -LiteralPath $path) -and [System.IO.File]::GetLastWriteTimeUtc($path) -gt $KeepIfAfter) {
        Write-Host "kept     $Name"
        return
    }
    $place = [System.IO.Path]::GetDirectoryName($path)
    $unfinished = Join-Path $place ('.ca-impact-' + [System.IO.Path]::GetFileName($path))
    try {
        $null = [System.IO.Directory]::CreateDirectory($place)
        # UTF-8 without a mark, in Windows PowerShell too.
        $writer = New-Object System.IO.StreamWriter($unfinished, $false, (New-Object System.Text.UTF8Encoding($false)))
        try { & $Lines | ForEach-Object { $writer.WriteLine($_) } }
        finally { $writer.Dispose() }
        if (Test-Path -LiteralPath $path) { [System.IO.File]::Delete($path) }
        [System.IO.File]::Move($unfinished, $path)
        Write-Host "written  $Name"
    }
    catch {
        if (Test-Path -LiteralPath $unfinished) { [System.IO.File]::Delete($unfinished) }
        $failed.Add($Name)
        Write-Warning "$Name is not exported: $($_.Exception.Message)"
    }
}
