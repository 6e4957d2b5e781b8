//! Files in every shape that real ones have, and what is said about those that cannot be read.

use std::fs;
use std::path::Path;

use super::{Candidate, load};
use crate::diagnostic::Diagnostics;

/// Loads one folder (or a file in it) that holds these files; the folder's own path is cut from what is said.
fn loaded(files: &[(&str, &[u8])], argument: &str) -> Result<(Vec<Candidate>, Vec<String>), Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let short = |text: String| text.replace(&format!("{}/", folder.path().display()), "");
    let lines = |diagnostics: &Diagnostics| diagnostics.iter().map(|it| short(it.to_string())).collect();
    let argument = folder.path().join(argument).display().to_string();
    match load(&[argument]) {
        Ok((candidates, diagnostics)) => Ok((candidates, lines(&diagnostics))),
        Err(errors) => Err(errors.errors.iter().map(|error| short(error.to_string())).collect()),
    }
}

fn names(candidates: &[Candidate]) -> Vec<&str> {
    candidates.iter().map(|candidate| candidate.name.as_str()).collect()
}

/// The one error of one file, without its help.
fn refused(text: &str) -> String {
    let errors = loaded(&[("a.json", text.as_bytes())], "a.json").unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].split("\n  help: ").next().unwrap().to_owned()
}

#[test]
fn every_wrapping_and_encoding_of_a_policy_is_read() {
    let one = "{\"displayName\": \"A\", \"conditions\": {}}";
    let two = "{\"conditions\": {}, \"grantControls\": null}";
    let utf_16: Vec<u8> = format!("\u{feff}{one}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (what, bytes, expected) in [
        ("one policy", one.as_bytes().to_vec(), &["A"][..]),
        ("a nameless policy", two.as_bytes().to_vec(), &["file"]),
        ("an array", format!("[{one}, {two}]").into_bytes(), &["A", "file"]),
        ("a list", format!("{{\"value\": [{two}, {one}]}}").into_bytes(), &["file", "A"]),
        ("two pages", format!("{{\"value\": [{one}]}} {{\"value\": [{one}]}}").into_bytes(), &["A", "A (2)"]),
        ("a template", format!("{{\"name\": \"T\", \"details\": {two}}}").into_bytes(), &["T"]),
        ("a template with a name within", format!("{{\"name\": \"T\", \"details\": {one}}}").into_bytes(), &["A"]),
        ("UTF-8 with a mark", format!("\u{feff}{one}").into_bytes(), &["A"]),
        ("UTF-16", utf_16, &["A"]),
        ("other case", b"{\"DisplayName\": \"A\", \"Conditions\": {}}".to_vec(), &["A"]),
    ] {
        let (candidates, said) = loaded(&[("file.json", &bytes)], "file.json").unwrap();
        assert_eq!(names(&candidates), expected, "{what}");
        assert_eq!(said, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_bytes_and_what_is_no_policy_is_skipped() {
    let policy = b"{\"displayName\": \"Same\", \"id\": \"1\", \"conditions\": {}}";
    let files: [(&str, &[u8]); 6] = [
        ("p/b.json", policy),
        ("p/B.JSON", policy),
        ("p/a/z.json", policy),
        ("p/readme.md", b"# no policy"),
        ("p/location.json", b"{\"ipRanges\": []}"),
        ("p/notes.json", b"{ not json"),
    ];
    let (candidates, said) = loaded(&files, "p").unwrap();
    assert_eq!(names(&candidates), ["Same", "Same (2)", "Same (3)"]);
    let ends = ["p/B.JSON", "p/a/z.json", "p/b.json"];
    for (candidate, end) in candidates.iter().zip(ends) {
        assert!(Path::new(&candidate.origin.path).ends_with(end), "{end}");
        assert_eq!((candidate.id.as_str(), candidate.origin.row), ("1", None));
        assert_eq!(candidate.sha256.len(), 64);
    }
    assert_eq!(
        said,
        [
            "p/location.json: warning: `location.json` holds no `conditions`: skipped",
            "p/notes.json: warning: `notes.json` holds no `conditions`: skipped",
        ]
    );
}

#[test]
fn every_unreadable_policy_is_reported_in_one_run_with_its_place() {
    let files: [(&str, &[u8]); 4] = [
        ("p/a.json", b"{\"conditions\": {},\n}"),
        ("p/b.json", b"[{\"conditions\": {}},\n {\"conditions\": {\n  \"users\": {\"includeUsers\": [\"All\", 3]}}}]"),
        ("p/c.json", b"{\"conditions\": {}}"),
        ("p/d.json", b"{\"conditions\": \xff}"),
    ];
    let errors = loaded(&files, "p").unwrap_err();
    let heads: Vec<&str> = errors.iter().map(|error| error.split('\n').next().unwrap()).collect();
    assert_eq!(
        heads,
        [
            "p/a.json:2: error: not JSON at column 1: trailing comma",
            "p/b.json:3: error: `conditions.users.includeUsers[2]` is the number `3` where a text belongs",
            "p/d.json:1: error: not text in UTF-8 or UTF-16",
        ]
    );
    assert!(errors.iter().all(|error| error.contains("\n  help: ")));
}

#[test]
fn what_is_wrong_with_a_policy_is_said_in_its_own_words() {
    for (text, expected) in [
        ("{\"id\": \"1\"}", "a.json: error: holds no Conditional Access policy"),
        ("", "a.json: error: holds no Conditional Access policy"),
        ("[]", "a.json: error: holds no Conditional Access policy"),
        ("3", "a.json: error: holds no Conditional Access policy"),
        ("{\"conditions\": null}", "a.json: error: holds no Conditional Access policy"),
        ("[{\"conditions\": {}},\n7]", "a.json:2: error: holds no Conditional Access policy"),
        ("{\"conditions\": \"all\"}", "a.json:1: error: `conditions` is the text `all` where an object belongs"),
        (
            "{\"conditions\": {\n\"Users\": {\n\"includeusers\": {\"id\": 1}}}}",
            "a.json:3: error: `conditions.users.includeUsers` cannot be read: an object with `id` where a list belongs",
        ),
        (
            "{\"conditions\": {\"locations\": [\"All\"]}}",
            "a.json:1: error: `conditions.locations` cannot be read: a list where an object belongs",
        ),
        (
            "{\"conditions\": {}, \"sessionControls\": {\"signInFrequency\": {\"value\": -1}}}",
            "a.json:1: error: `sessionControls.signInFrequency.value` is the number `-1` where a whole number belongs",
        ),
        (
            "{\"conditions\": {}, \"sessionControls\": {\"persistentBrowser\": {\"isEnabled\": \"yes\"}}}",
            "a.json:1: error: `sessionControls.persistentBrowser.isEnabled` is the text `yes` where `true` or `false` belongs",
        ),
        ("{\"conditions\": {}, \"displayName\": []}", "a.json:1: error: `displayName` is a list where a text belongs"),
        ("{\"conditions\": {}, \"id\": \"\\ud800\"}", "a.json:1: error: not JSON at column"),
    ] {
        let said = refused(text);
        assert!(said.starts_with(expected), "{text}\n  {said}");
    }
}

#[test]
fn oddities_of_real_exports_are_read() {
    let text = "{\"@odata.context\": \"x\", \"conditions\": {\"locations\": [], \"platforms\": null, \"times\": null,
        \"users\": null, \"clientAppTypes\": [\"All\"], \"authenticationFlows\": {\"transferMethods\": [\"deviceCodeFlow\"]}},
        \"GrantControls\": {}, \"sessionControls\": {\"signInFrequency\":
        {\"value\": null, \"type\": null, \"frequencyInterval\": \"everyTime\"}},
        \"partialEnablementStrategy\": null, \"#microsoft.graph.restore\": {\"title\": \"x\"}}";
    let (candidates, said) = loaded(&[("a.json", text.as_bytes())], "a.json").unwrap();
    assert_eq!(said, Vec::<String>::new());
    let policy = &candidates[0].policy;
    assert_eq!(policy.conditions.locations, None);
    assert_eq!(policy.conditions.authentication_flows.transfer_methods.len(), 1);
    assert!(policy.rest.keys().eq(["partialEnablementStrategy"]));
}

#[test]
fn members_that_are_left_out_or_come_twice_are_warned_of() {
    let text = "{\"conditions\": {},\n \"note\": \"n\", \"empty\": [],\n \"state\": \"x\", \"State\": \"y\",\n
 \"sessionControls\": {\n  \"networkAccessSecurity\": {\"isEnabled\": true}, \"blockSensitiveActions\": null}}";
    let (candidates, said) = loaded(&[("a.json", text.as_bytes())], "a.json").unwrap();
    assert_eq!(candidates[0].policy.state.as_deref(), Some("y"));
    let heads: Vec<&str> = said.iter().map(|line| line.split('\n').next().unwrap()).collect();
    assert_eq!(
        heads,
        [
            "a.json: warning: `state` is there more than once: the last one counts",
            "a.json:2: warning: `note` is not known to this program: it is left out",
            "a.json:6: warning: `sessionControls.networkAccessSecurity` is not known to this program: it is left out",
        ]
    );
}

#[test]
fn arguments_that_name_nothing_are_refused() {
    for (arguments, expected) in [
        (
            &["template:require-mfa-for-risky-signins"][..],
            "template:require-mfa-for-risky-signins: error: no template is called `require-mfa-for-risky-signins`; \
             close to it: `require-mfa-for-risky-sign-ins`\n  help: `ca-impact template list` shows every name",
        ),
        (
            &["template:block-all-agent-users-from-accessing-resources"],
            "template:block-all-agent-users-from-accessing-resources: error: template \
             `block-all-agent-users-from-accessing-resources` is not available: it is not in this program's reference, \
             and concerns agents only\n  help: `ca-impact template list` shows every name",
        ),
        (
            &["no/such/file.json"],
            "no/such/file.json: error: cannot read `no/such/file.json`: no such file or folder\n  \
             help: check the path; a template is named `template:NAME`",
        ),
        (&["template:", "none.json"], "template:: error: no template is called ``"),
    ] {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let errors = load(&arguments).unwrap_err();
        assert_eq!(errors.errors.len(), arguments.len());
        assert!(errors.to_string().starts_with(expected), "{errors}");
    }
    let folder: [(&str, &[u8]); 1] = [("p/readme.md", b"x")];
    assert!(loaded(&folder, "p").unwrap_err()[0].contains("holds no Conditional Access policy"));
}

#[test]
fn the_same_template_twice_is_two_candidates() {
    let argument = "template:require-mfa-for-admins".to_owned();
    let (candidates, _) = load(&[argument.clone(), argument.clone()]).unwrap();
    assert_eq!(names(&candidates), ["Require MFA for admins", "Require MFA for admins (2)"]);
    assert_eq!((candidates[0].id.as_str(), candidates[0].origin.path.as_str()), ("", argument.as_str()));
}
