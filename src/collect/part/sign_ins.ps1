# A day is kept if it was over for six hours when it was exported, for by then its sign-ins are there.
# Any other is kept for an hour, so that a run that was cut off can go on.
for ($age = $Since - 1; $age -ge 0; $age--) {
    $day = $today.AddDays(-$age)
    $date = $day.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
    $end = $day.AddDays(1).ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
    $keepIfAfter = $day.AddHours(30)
    if ($keepIfAfter -gt [datetime]::UtcNow.AddHours(-1)) { $keepIfAfter = [datetime]::UtcNow.AddHours(-1) }
    foreach ($kind in 'interactiveUser', 'nonInteractiveUser') {
        $filter = "createdDateTime ge ${date}T00:00:00Z and createdDateTime lt ${end}T00:00:00Z and signInEventTypes/any(t: t eq '$kind')"
        Save-File "logs/$kind-$date.json" -KeepIfAfter $keepIfAfter {
            Get-Pages ('beta/auditLogs/signIns?$top=1000&$filter=' + [uri]::EscapeDataString($filter))
        }
    }
}
