# The same counts over diagnostic settings or pages of Graph: `jq -n -f counts.jq FILE`. Nothing is kept but the counts.
def word: if . == null then "" else tostring end;

reduce (inputs | if has("value") then .value[] else .properties end) as $sign_in (
  {rows: 0, users: {}, risk: {}, code: {}, conditionalAccess: {}, applications: {}, interactive: {}};
  .rows += 1
  | .users[$sign_in.userId | word | ascii_downcase] = 1
  | .risk[$sign_in.riskLevelDuringSignIn | word] += 1
  | .code[$sign_in.status.errorCode | word] += 1
  | .conditionalAccess[$sign_in.conditionalAccessStatus | word] += 1
  | .applications[$sign_in.appDisplayName | word] += 1
  | .interactive[$sign_in.isInteractive | word] += 1
)
| .users |= (del(.[""]) | length)
| .applications |= (to_entries | sort_by([-.value, .key]) | .[:10] | map([.key, .value]))
