"""One peer answers once: `peer.py TOOL KIND FILE THREADS`, as JSON.

The columns that the canonical frame holds are made as columns in memory, nested members as JSON text; then they are
counted. What the interpreter used until the tool was imported is told beside the answer, so that it is not the tool's.
"""

import csv
import json
import os
import resource
import sys
import time

# Canonical columns by where diagnostic settings have them; `J` marks nested members.
ENVELOPE = ["time", "category", "resultType"]
PROPERTIES = """
    id createdDateTime correlationId originalRequestId userId userPrincipalName userType crossTenantAccessType
    homeTenantId resourceTenantId appId appDisplayName resourceId resourceDisplayName resourceOwnerTenantId
    conditionalAccessAudiences:J clientAppUsed userAgent deviceDetail:J location:J ipAddress networkLocationDetails:J
    isThroughGlobalSecureAccess isInteractive status:J conditionalAccessStatus appliedConditionalAccessPolicies:J
    riskLevelDuringSignIn riskLevelAggregated riskState riskDetail riskEventTypes_v2:J authenticationRequirement
    authenticationDetails:J authenticationContextClassReferences:J authenticationProtocol originalTransferMethod
    incomingTokenType sessionId tokenIssuerType tokenProtectionStatusDetails:J servicePrincipalId
""".split()
# Graph has no envelope, and the event type as a member.
GRAPH = [*PROPERTIES, "signInEventTypes:J"]
# The same columns as the portal's CSV of Log Analytics names them.
CELLS = """
    TimeGenerated Category ResultType Id CreatedDateTime CorrelationId OriginalRequestId UserId UserPrincipalName UserType
    CrossTenantAccessType HomeTenantId ResourceTenantId AppId AppDisplayName ResourceIdentity ResourceDisplayName
    ResourceOwnerTenantId ConditionalAccessAudiences ClientAppUsed UserAgent DeviceDetail LocationDetails IPAddress
    NetworkLocationDetails IsThroughGlobalSecureAccess IsInteractive Status ConditionalAccessStatus
    ConditionalAccessPolicies RiskLevelDuringSignIn RiskLevelAggregated RiskState RiskDetail RiskEventTypes_V2
    AuthenticationRequirement AuthenticationDetails AuthenticationContextClassReferences AuthenticationProtocol
    OriginalTransferMethod IncomingTokenType SessionId TokenIssuerType TokenProtectionStatusDetails ServicePrincipalId
""".split()

# What is counted, by the names of each kind of file: user, risk, code, Conditional Access, application, interactive.
# A converted file has the code only inside `status`, and so has a page of Graph: it is taken from each distinct text.
COUNTED = {
    "ndjson": ["userId", "riskLevelDuringSignIn", "resultType", "conditionalAccessStatus", "appDisplayName", "isInteractive"],
    "csv": ["UserId", "RiskLevelDuringSignIn", "ResultType", "ConditionalAccessStatus", "AppDisplayName", "IsInteractive"],
    "page": ["userId", "riskLevelDuringSignIn", "status", "conditionalAccessStatus", "appDisplayName", "isInteractive"],
}
COUNTED["parquet"] = COUNTED["page"]
NAMES = ["risk", "code", "conditionalAccess", "applications", "interactive"]


def plain(names):
    return [name.partition(":")[0] for name in names]


def header(path):
    """The columns of a CSV file, and those of them that are wanted."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        columns = next(csv.reader(file))
    wanted = [name for name in columns if name.removesuffix(" [UTC]") in CELLS]
    assert len(wanted) == len(CELLS), set(CELLS) - {name.removesuffix(" [UTC]") for name in wanted}
    return columns, wanted


def answer(kind, rows, users, groups):
    """Groups are lists of (word, rows), one for each of NAMES."""
    counts = {"rows": rows, "users": users}
    for name, group in zip(NAMES, groups):
        words = {}
        for word, number in group:
            word = "" if word is None else str(word).lower() if name == "interactive" else str(word)
            if name == "code" and COUNTED[kind][2] == "status":
                code = json.loads(word).get("errorCode") if word else None
                word = "" if code is None else str(code)
            words[word] = words.get(word, 0) + number
        counts[name] = words
    top = sorted(counts["applications"].items(), key=lambda item: (-item[1], item[0]))[:10]
    counts["applications"] = [list(item) for item in top]
    return counts


def duckdb(kind, path, threads):
    import duckdb

    yield
    base = duckdb.connect(":memory:", config={"threads": threads} if threads else {})
    base.execute("SET preserve_insertion_order = true")

    def members(names):
        return ", ".join(f"{name.partition(':')[0]} {'JSON' if name.endswith(':J') else 'VARCHAR'}" for name in names)

    if kind == "ndjson":
        columns = {name: "VARCHAR" for name in ENVELOPE} | {"properties": f"STRUCT({members(PROPERTIES)})"}
        source = f"SELECT {', '.join(ENVELOPE)}, properties.* FROM read_json(?, format='newline_delimited', columns={columns})"
    elif kind == "page":
        # A page is one value: its buffer must hold all of it.
        columns = {"value": f"STRUCT({members(GRAPH)})[]"}
        size = os.path.getsize(path) + 1024
        source = (
            "SELECT row.* FROM (SELECT unnest(value) AS row FROM"
            f" read_json(?, format='unstructured', columns={columns}, maximum_object_size={size}))"
        )
    elif kind == "csv":
        columns, wanted = header(path)
        types = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in columns) + "}"
        chosen = ", ".join(f'"{name}"' for name in wanted)
        source = (
            f"SELECT {chosen} FROM read_csv(?, auto_detect=false, header=true, delim=',', quote='\"', escape='\"',"
            f" columns={types})"
        )
    else:
        source = "SELECT * FROM read_parquet(?)"
    base.execute(f"CREATE TABLE log AS {source}", [path])
    user, *others = COUNTED[kind]
    rows, users = base.execute(
        f"SELECT count(*), count(DISTINCT lower(\"{user}\")) FILTER (\"{user}\" <> '') FROM log"
    ).fetchone()
    groups = [base.execute(f'SELECT "{name}", count(*) FROM log GROUP BY 1').fetchall() for name in others]
    yield answer(kind, rows, users, groups)


def polars(engine):
    def run(kind, path, threads):
        if threads:
            os.environ["POLARS_MAX_THREADS"] = str(threads)
        import polars as pl

        yield

        def schema(names):
            return {name: pl.String for name in plain(names)}

        if kind == "ndjson":
            columns = schema(ENVELOPE) | {"properties": pl.Struct(schema(PROPERTIES))}
            frame = pl.scan_ndjson(path, schema=columns).unnest("properties").collect(engine=engine)
        elif kind == "page":
            # There is no lazy reader of whole documents, and this one takes no nested member as text: it makes
            # columns of whatever it finds.
            frame = pl.read_json(path).select(pl.col("value")).explode("value").unnest("value")
            frame = frame.with_columns(status=pl.col("status").struct.json_encode())
        elif kind == "csv":
            frame = pl.scan_csv(path, infer_schema=False).select(header(path)[1]).collect(engine=engine)
        else:
            frame = pl.scan_parquet(path).collect(engine=engine)
        user, *others = COUNTED[kind]
        users = frame.select(pl.col(user).str.to_lowercase()).filter(pl.col(user) != "").n_unique()
        groups = [frame.group_by(name).len().rows() for name in others]
        yield answer(kind, frame.height, users, groups)

    return run


TOOLS = {"duckdb": duckdb, "polars": polars("in-memory"), "polars-streaming": polars("streaming")}


def main():
    tool, kind, path, threads = sys.argv[1:]
    steps = TOOLS[tool](kind, path, int(threads))
    next(steps)
    used = resource.getrusage(resource.RUSAGE_SELF)
    start = {"cpu": used.ru_utime + used.ru_stime, "at": time.time()}
    print(json.dumps({"start": start, "counts": next(steps)}), flush=True)
    # Taking down what is in memory is nobody's question.
    os._exit(0)


main()
