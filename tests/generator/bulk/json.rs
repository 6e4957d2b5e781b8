//! Large logs as JSON: lines of diagnostic settings, and pages of Graph beta.

use std::fmt::Write as _;

use super::super::cast::OWN_TENANT;
use super::super::dice::guid_of;
use super::line::{Line, Said, time};

/// How a page of Graph opens; records follow, with commas between them, and `]}`.
pub(super) const PAGE: &str =
    r#"{"@odata.context":"https://graph.microsoft.com/beta/$metadata#auditLogs/signIns","value":["#;

pub(super) fn diagnostic(text: &mut String, line: &Line<'_>, _: &[&str]) {
    let Line { id, original, correlation, user, interactive, code, risk, .. } = *line;
    let [app, app_name, resource, resource_name] = *line.app;
    let [_, agent] = *line.system();
    text.push_str(r#"{"time":""#);
    time(text, line.at + line.delay, "Z");
    let _ = write!(
        text,
        r#"","resourceId":"/tenants/{OWN_TENANT}/providers/Microsoft.aadiam","operationName":"Sign-in activity","operationVersion":"1.0","category":"{}","tenantId":"{OWN_TENANT}","resultType":"{code}","resultSignature":"None","durationMs":0,"callerIpAddress":"{}","correlationId":"{correlation}","identity":"User {user:05}","Level":4,"location":"{}","properties":{{"id":"{id}","createdDateTime":""#,
        line.category(),
        line.address(),
        line.country()
    );
    time(text, line.at, "+00:00");
    let _ = write!(
        text,
        r#"","userDisplayName":"User {user:05}","userPrincipalName":"user{user:05}@contoso.example","userId":"{}","appId":"{app}","appDisplayName":"{app_name}","ipAddress":"{}","status":{},"clientAppUsed":"{}","userAgent":"{agent}","deviceDetail":{},"location":{},"mfaDetail":{{}},"correlationId":"{correlation}","conditionalAccessStatus":"{}","appliedConditionalAccessPolicies":{},"authenticationContextClassReferences":[],"originalRequestId":"{original}","isInteractive":{interactive},"tokenIssuerName":"","tokenIssuerType":"AzureAD","authenticationProcessingDetails":[{{"key":"Legacy TLS (TLS 1.0, 1.1, 3DES)","value":"False"}},{{"key":"Is CAE Token","value":"True"}}],"networkLocationDetails":[],"#,
        line.user_id(),
        line.address(),
        line.status(Said::InFlags),
        line.client_app(),
        line.device(Said::InFlags),
        line.location(),
        line.conditional_access(),
        line.policies(Said::InFlags),
    );
    let _ = writeln!(
        text,
        r#""processingTimeInMilliseconds":212,"riskDetail":"none","riskLevelAggregated":"{risk}","riskLevelDuringSignIn":"{risk}","riskState":"{}","riskEventTypes":[],"riskEventTypes_v2":[],"resourceDisplayName":"{resource_name}","resourceId":"{resource}","resourceTenantId":"{OWN_TENANT}","homeTenantId":"{OWN_TENANT}","tenantId":"{OWN_TENANT}","authenticationDetails":{},"authenticationRequirementPolicies":[],"sessionLifetimePolicies":[],"authenticationRequirement":"{}","servicePrincipalId":"","userType":"Member","flaggedForReview":false,"isTenantRestricted":false,"autonomousSystemNumber":64500,"crossTenantAccessType":"none","privateLinkDetails":{{}},"ssoExtensionVersion":"","uniqueTokenIdentifier":"{}","authenticationStrengths":[],"incomingTokenType":"{}","authenticationProtocol":"none","appServicePrincipalId":null,"resourceServicePrincipalId":"{}","rngcStatus":0,"signInTokenProtectionStatus":"none","tokenProtectionStatusDetails":{{"signInSessionStatus":"unbound","signInSessionStatusCode":1002}},"originalTransferMethod":"none","isThroughGlobalSecureAccess":false,"globalSecureAccessIpAddress":"","conditionalAccessAudiences":["{resource}"],"sessionId":"{}","appOwnerTenantId":"f8cdef31-a31e-4b4a-93e4-5f571e91255a","resourceOwnerTenantId":"f8cdef31-a31e-4b4a-93e4-5f571e91255a"}}}}"#,
        line.risk_state(),
        line.details(Said::InFlags),
        line.requirement(),
        id.get(..22).unwrap_or(id),
        line.token(),
        guid_of(0x5b_0000_0000 + user as u128 % 40),
        line.session()
    );
}

/// A record of Graph beta: the same sign-in without an envelope, every member written.
pub(super) fn graph(text: &mut String, line: &Line<'_>, _: &[&str]) {
    let Line { id, original, correlation, user, interactive, risk, .. } = *line;
    let [app, app_name, resource, resource_name] = *line.app;
    let [_, agent] = *line.system();
    let _ = write!(text, r#"{{"id":"{id}","createdDateTime":""#);
    time(text, line.at, "Z");
    let _ = write!(
        text,
        r#"","userDisplayName":"User {user:05}","userPrincipalName":"user{user:05}@contoso.example","userId":"{}","appId":"{app}","appDisplayName":"{app_name}","ipAddress":"{}","ipAddressFromResourceProvider":null,"clientAppUsed":"{}","userAgent":"{agent}","correlationId":"{correlation}","conditionalAccessStatus":"{}","originalRequestId":"{original}","isInteractive":{interactive},"tokenIssuerName":"","tokenIssuerType":"AzureAD","processingTimeInMilliseconds":212,"riskDetail":"none","riskLevelAggregated":"{risk}","riskLevelDuringSignIn":"{risk}","riskState":"{}","riskEventTypes_v2":[],"resourceDisplayName":"{resource_name}","resourceId":"{resource}","resourceTenantId":"{OWN_TENANT}","homeTenantId":"{OWN_TENANT}","homeTenantName":"","authenticationMethodsUsed":[],"authenticationRequirement":"{}","signInIdentifier":"","signInIdentifierType":null,"servicePrincipalName":null,"signInEventTypes":["{}"],"servicePrincipalId":"","userType":"member","flaggedForReview":false,"isTenantRestricted":false,"autonomousSystemNumber":64500,"crossTenantAccessType":"none","uniqueTokenIdentifier":"{}","incomingTokenType":"{}","authenticationProtocol":"none","appServicePrincipalId":null,"resourceServicePrincipalId":"{}","signInTokenProtectionStatus":"none","originalTransferMethod":"none","isThroughGlobalSecureAccess":false,"globalSecureAccessIpAddress":"","conditionalAccessAudiences":["{resource}"],"sessionId":"{}","appOwnerTenantId":"f8cdef31-a31e-4b4a-93e4-5f571e91255a","resourceOwnerTenantId":"f8cdef31-a31e-4b4a-93e4-5f571e91255a","#,
        line.user_id(),
        line.address(),
        line.client_app(),
        line.conditional_access(),
        line.risk_state(),
        line.requirement(),
        if interactive { "interactiveUser" } else { "nonInteractiveUser" },
        id.get(..22).unwrap_or(id),
        line.token(),
        guid_of(0x5b_0000_0000 + user as u128 % 40),
        line.session()
    );
    let _ = write!(
        text,
        r#""mfaDetail":null,"authenticationAppDeviceDetails":null,"status":{},"deviceDetail":{},"location":{},"appliedConditionalAccessPolicies":{},"authenticationContextClassReferences":[],"authenticationProcessingDetails":[{{"key":"Legacy TLS (TLS 1.0, 1.1, 3DES)","value":"False"}},{{"key":"Is CAE Token","value":"True"}}],"networkLocationDetails":[],"authenticationDetails":{},"authenticationRequirementPolicies":[],"sessionLifetimePolicies":[],"privateLinkDetails":{{"policyId":"","policyName":"","resourceId":"","policyTenantId":""}},"appliedEventListeners":[],"tokenProtectionStatusDetails":{{"signInSessionStatus":"unbound","signInSessionStatusCode":1002}}}}"#,
        line.status(Said::InWords),
        line.device(Said::InWords),
        line.location(),
        line.policies(Said::InWords),
        line.details(Said::InWords),
    );
}
