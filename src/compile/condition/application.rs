//! Target resources, user actions and authentication contexts (2.2, C11, C12).

use crate::compile::answer::Answer;
use crate::compile::dimension::Target;
use crate::domain::{Match, folded};
use crate::policy::wire::{Applications, Filter, says_something};

use super::{Context, is_placeholder};

/// Resources that `MicrosoftAdminPortals` stands for (APP-7).
const ADMIN_PORTALS: [&str; 4] = [
    "497effe9-df71-4043-a8bb-14cf78c4b63b",
    AZURE_PORTAL,
    "00000006-0000-0ff1-ce00-000000000000",
    "80ccca67-54bd-44ab-8625-4b79c4dc7775",
];
const AZURE_PORTAL: &str = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
/// Windows Azure Service Management API: covers the portal too (APP-8).
const AZURE_MANAGEMENT: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";

/// Applications certainly not in it (C11): Graph, AAD Graph, Azure management, portal, device registration, Intune.
const OFFICE_365_OUT: [&str; 7] = [
    "00000003-0000-0000-c000-000000000000",
    "00000002-0000-0000-c000-000000000000",
    AZURE_MANAGEMENT,
    AZURE_PORTAL,
    "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9",
    "d4ebce55-015a-49b5-a083-c84d1797ae8c",
    "0000000a-0000-0000-c000-000000000000",
];
/// Tenants that own Microsoft's own applications.
const MICROSOFT_TENANTS: [&str; 2] = ["f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"];
/// Applications on which registering security information is done (APP-9).
const REGISTRATION_APPS: [&str; 2] = ["my signins", "microsoft app access panel"];

/// One thing that Conditional Access evaluates: an audience, the resource, or the client's own ID token.
#[derive(Clone, Copy)]
struct Audience<'a> {
    id: &'a str,
    /// The recorded name and owner belong to the recorded resource only.
    is_resource: bool,
}

/// Whether the sign-in is for something that the policy targets.
///
/// An excluded application is out, whichever channel included it (CON-3).
pub(super) fn answer(applications: &Applications, target: &Target, context: &Context<'_>) -> Answer {
    // Actions, contexts and the filter are further channels to include by (CON-4).
    let besides = Answer::any(applications.include_user_actions.iter().map(|action| is_action(action, target)))
        .or(Answer::any(
            applications.include_authentication_context_class_references.iter().map(|id| is_context(id, target)),
        ))
        .or(filter(applications.application_filter.as_ref(), "include"));
    let included = |audience| is_any(&applications.include_applications, audience, target, context).or(besides.clone());
    let excluded = |audience| {
        is_any(&applications.exclude_applications, audience, target, context)
            .or(filter(applications.application_filter.as_ref(), "exclude"))
    };
    let one = |audience| included(audience).and(excluded(audience).not());
    if !target.audiences.is_empty() {
        // Each audience by itself; the condition is the best over them (C12).
        return Answer::any(target.audiences.iter().map(|id| {
            let is_resource = target.resource.as_deref() == Some(id);
            one(Audience { id, is_resource })
        }));
    }
    let Some(resource) = target.resource.as_deref() else {
        let (included, excluded) = (&applications.include_applications, &applications.exclude_applications);
        let excluded = without_resource(excluded).or(filter(applications.application_filter.as_ref(), "exclude"));
        return without_resource(included).or(besides).and(excluded.not());
    };
    let resource = Audience { id: resource, is_resource: true };
    let by_resource = one(resource);
    let Some(client) =
        target.client.as_deref().filter(|client| target.is_browser && target.resource.as_deref() != Some(client))
    else {
        return by_resource;
    };
    // A web application is evaluated for its own ID token, which the row does not show (C12).
    let client = Audience { id: client, is_resource: false };
    let named = Answer::any(
        applications
            .include_applications
            .iter()
            .filter(|token| folded(token) != "all")
            .map(|token| is_token(token, client, target, context)),
    );
    if named.is == Match::Yes {
        return by_resource.or(one(client));
    }
    let by_client = one(client);
    let outs = |audience| possible(excluded(audience).is);
    let matched = |audience, out: bool| included(audience).is.and(Match::from(!out));
    // Where exactly one of the two is excluded and the other would match, nobody can tell (C12).
    let answers = outs(resource).iter().flat_map(|resource_out| {
        outs(client).iter().map(move |client_out| {
            let other = if *resource_out { matched(client, *client_out) } else { matched(resource, *resource_out) };
            if resource_out != client_out && other != Match::No {
                Answer::unknown("conditionalAccessAudiences")
            } else {
                Answer::of(matched(resource, *resource_out), "conditionalAccessAudiences")
            }
        })
    });
    let answer = Answer::agreed(answers.collect(), "conditionalAccessAudiences");
    let answer = if answer.is == Match::Unknown && by_resource.is == Match::Unknown { by_resource } else { answer };
    // A token that may stand for the client may make it a further audience.
    if named.is == Match::Unknown { answer.or(named.and(by_client)) } else { answer }
}

/// Whether something is excluded: both, where that is open.
fn possible(excluded: Match) -> &'static [bool] {
    match excluded {
        Match::Yes => &[true],
        Match::No => &[false],
        Match::Unknown => &[false, true],
    }
}

/// Where nothing says what was asked for: `All` stands for it whatever it was, and nothing else certainly does (C12).
fn without_resource(tokens: &[String]) -> Answer {
    Answer::any(tokens.iter().map(|token| match folded(token).as_str() {
        "all" => Answer::known(true),
        "none" => Answer::known(false),
        _ => Answer::unknown("resourceId"),
    }))
}

fn is_any(tokens: &[String], audience: Audience<'_>, target: &Target, context: &Context<'_>) -> Answer {
    Answer::any(tokens.iter().map(|token| is_token(token, audience, target, context)))
}

/// Custom security attributes are not in any log (APP-11): unknown where the filter would add or take away.
fn filter(filter: Option<&Filter>, side: &str) -> Answer {
    let Some(filter) = filter.filter(|filter| filter.rule.is_some() || filter.rest.values().any(says_something)) else {
        return Answer::known(false);
    };
    match filter.mode.as_deref().map(folded).as_deref() {
        Some(mode) if mode == side => Answer::unknown("applicationFilter"),
        Some("include" | "exclude") => Answer::known(false),
        // A mode that we do not know may add or take away.
        _ => Answer::unknown("applicationFilter"),
    }
}

fn is_token(token: &str, audience: Audience<'_>, target: &Target, context: &Context<'_>) -> Answer {
    let folded_token = folded(token);
    let is_one_of = |ids: &[&str]| Answer::known(ids.contains(&audience.id));
    let client_is_one_of = |ids: &[&str]| Answer::known(target.client.as_deref().is_some_and(|id| ids.contains(&id)));
    match folded_token.as_str() {
        // Whatever was asked for (APP-2), and nothing at all (APP-3).
        "all" => Answer::known(true),
        "none" => Answer::known(false),
        "office365" => office_365(audience, target, context),
        "microsoftadminportals" => {
            is_one_of(&ADMIN_PORTALS).or(client_is_one_of(&ADMIN_PORTALS)).or(is_beside_a_portal(target))
        }
        "allagentidresources" => Answer::unknown("condition:AllAgentIdResources"),
        AZURE_MANAGEMENT => is_one_of(&[AZURE_MANAGEMENT]).or(client_is_one_of(&[AZURE_PORTAL])),
        // Unknown on either side: an application that is perhaps excluded is perhaps not matched (C8).
        _ if is_placeholder(token) => Answer::unknown(format!("application:{}", token.trim())),
        // An application by its id (APP-4).
        id => is_one_of(&[id]),
    }
}

/// "Any audience" is a portal (C12): whether that makes the audiences beside it ones too is not said.
fn is_beside_a_portal(target: &Target) -> Answer {
    let portal = target.audiences.iter().any(|id| ADMIN_PORTALS.contains(&id.as_str()));
    if portal { Answer::unknown("conditionalAccessAudiences") } else { Answer::known(false) }
}

/// Whether an audience belongs to `Office365` (C11).
fn office_365(audience: Audience<'_>, target: &Target, context: &Context<'_>) -> Answer {
    let id = audience.id;
    let name = target.resource_name.as_deref().filter(|_| audience.is_resource);
    let apps = context.tenant.office365.as_ref().unwrap_or(context.office_365);
    let is_in = apps.has_id(id) || name.is_some_and(|name| apps.has_name(name));
    if is_in {
        return Answer::known(true);
    }
    let owner = context.tenant.service_principals.as_ref().and_then(|principals| principals.owned_by(id));
    let is_ours = owner.is_some() && owner == context.own_tenant;
    let is_strangers = audience.is_resource
        && target.resource_owner.as_deref().is_some_and(|owner| !MICROSOFT_TENANTS.contains(&owner));
    if OFFICE_365_OUT.contains(&id) || is_ours || is_strangers {
        return Answer::known(false);
    }
    Answer::unknown("office365Apps")
}

/// Whether the row records this user action (APP-9).
fn is_action(action: &str, target: &Target) -> Answer {
    if target.contexts.is_some() {
        return is_context(action, target);
    }
    let names: Vec<&str> =
        [&target.client_name, &target.resource_name].into_iter().flatten().map(String::as_str).collect();
    let may_register = names.is_empty() || names.iter().any(|name| REGISTRATION_APPS.contains(name));
    if may_register { Answer::unknown("authenticationContextClassReferences") } else { Answer::known(false) }
}

/// Whether the row asked for this authentication context (APP-10).
fn is_context(id: &str, target: &Target) -> Answer {
    let Some(contexts) = &target.contexts else { return Answer::unknown("authenticationContextClassReferences") };
    let wanted = folded(id);
    Answer::any(contexts.iter().filter(|context| folded(&context.id) == wanted).map(|context| {
        match folded(&context.detail).as_str() {
            "required" | "previouslysatisfied" => Answer::known(true),
            "notapplicable" => Answer::known(false),
            _ => Answer::unknown("authenticationContextClassReferences"),
        }
    }))
}
