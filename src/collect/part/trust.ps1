# 'True' if all of these claims are trusted, 'False' if none is, and nothing if some are.
function Get-Trusted {
    param($Trust, [string[]]$Claims)
    $answers = @($Claims | ForEach-Object { [string]$Trust.$_ } | Sort-Object -Unique)
    if ($answers.Count -eq 1) { $answers[0] } else { '' }
}

# A line of tenant.toml: the home tenants whose claims are trusted. What one line cannot say stays unknown.
function Get-TrustLine {
    param([string]$Key, [string[]]$Claims)
    try {
        $default = (ConvertFrom-Json (Get-Page 'v1.0/policies/crossTenantAccessPolicy/default').Text).inboundTrust
        $others = if ($null -eq $default) { '' } else { Get-Trusted $default $Claims }
        $by = @{ True = @(); False = @(); '' = @() }
        Get-Pages 'v1.0/policies/crossTenantAccessPolicy/partners' |
            ForEach-Object { (ConvertFrom-Json $_).value } |
            # A partner without a setting of its own follows the default.
            Where-Object { $null -ne $_.inboundTrust } |
            ForEach-Object {
                if ($_.tenantId -notmatch $anId) { throw 'a partner has no tenant id' }
                $by[(Get-Trusted $_.inboundTrust $Claims)] += $_.tenantId
            }
    }
    catch {
        $failed.Add("$Key in tenant/tenant.toml")
        Write-Warning "$Key is not exported: $($_.Exception.Message)"
        return "# $Key could not be read: it is unknown. Delete this file to try again."
    }
    if ($others -eq 'True' -and $by['False'].Count -eq 0 -and $by[''].Count -eq 0) {
        $Key + ' = "all"'
    }
    elseif ($others -eq 'False' -and $by['True'].Count -eq 0 -and $by[''].Count -eq 0) {
        $Key + ' = "none"'
    }
    elseif ($others -eq 'False' -and $by[''].Count -eq 0) {
        $Key + ' = ["' + ($by['True'] -join '", "') + '"]'
    }
    else {
        "# ${Key}: all tenants but some are trusted, or some for a part of it. No line can say that: it is unknown."
    }
}
