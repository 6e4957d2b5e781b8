#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Microsoft.Graph.Authentication'; ModuleVersion = '2.0.0' }

<#
.SYNOPSIS
    Exports sign-ins from Microsoft Entra, and the facts that it takes to replay Conditional Access policies on them.

.DESCRIPTION
    Written by `ca-impact collect` for the policies named below. It exports what these policies need and nothing else.
    It only reads from Microsoft Graph, writes files into one folder, and sends nothing anywhere. It holds no secret:
    you sign in yourself, and nothing of that is kept on disk. Sign in as Global Reader; an administrator consents
    once to the permissions that are listed below. One module is needed: Install-Module Microsoft.Graph.Authentication
    Whoever is connected already (to another cloud, or as an application) with these permissions stays so.

    A run that was cut off goes on where it stopped when it is started again: what is complete is kept. Sign-ins of a
    day that is over are kept for good, facts for a day, tenant.toml always. Delete a file to export it anew.

.PARAMETER Folder
    Where the export goes: `logs` holds the sign-ins, `tenant` the facts, `policies.json` the policies there are.

.PARAMETER Since
    How many days of sign-ins, in UTC, today included. Microsoft Entra keeps them for 30 days with a P1 or P2 licence,
    without which Microsoft Graph does not hand them out.

.PARAMETER ReadDirectory
    Also asks for Directory.Read.All. Microsoft names it beside AuditLog.Read.All for sign-ins, and refuses them
    to some tenants without it. Try without first.
#>
[CmdletBinding()]
param(
    [string]$Folder = 'ca-impact-export',

    [ValidateRange(1, 30)]
    [int]$Since = @SINCE@,

    [switch]$ReadDirectory
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
