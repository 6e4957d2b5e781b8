//! `authenticationDetails` of many rows: each text is met once or twice, and yet few steps differ in more than their
//! time. A step is read once per distinct wording; a text in canonical form costs little more than a comparison.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::document::{Step, canonical};
use super::sign_ins::Time;

/// Position of a step without its time among the distinct ones of a [`StepReader`].
pub type StepCode = u32;

/// One recorded step: when, and the code of everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedStep {
    /// When; none when missing or unreadable.
    pub at: Option<Time>,
    /// A time is recorded that cannot be read.
    pub at_is_unread: bool,
    /// What it says beside its time.
    pub code: StepCode,
}

/// Distinct steps without their times.
#[derive(Debug, Default)]
pub struct StepReader {
    wordings: Vec<Wording>,
    index: HashTable<StepCode>,
    first: Expected,
}

/// One distinct wording of a step.
#[derive(Debug)]
struct Wording {
    /// Its text from the first member after the times to the closing brace, as it stands in lists.
    text: String,
    /// What it says; no time.
    step: Step,
    /// What mostly stands after it.
    next: Expected,
}

/// The two wordings that stood in a place last.
#[derive(Clone, Copy, Debug, Default)]
struct Expected {
    last: StepCode,
    before: StepCode,
}

impl Expected {
    fn learn(&mut self, code: StepCode) {
        if self.last != code {
            *self = Expected { last: code, before: self.last };
        }
    }
}

impl StepReader {
    /// Hands over the steps of a text in their order; `false` if it is no list of steps: then there are none.
    pub fn read(&mut self, text: &str, steps: &mut Vec<TimedStep>) -> bool {
        let start = steps.len();
        if self.read_canonical(text, steps).is_some() {
            return true;
        }
        steps.truncate(start);
        match serde_json::from_str::<Vec<Step>>(text) {
            Ok(list) => {
                steps.extend(list.into_iter().map(|step| self.intern(step)));
                true
            }
            Err(_) => false,
        }
    }

    /// What a step says beside its time, by its code.
    pub fn wordings(&self) -> impl Iterator<Item = &Step> {
        self.wordings.iter().map(|wording| &wording.step)
    }

    /// Reads the text that [`canonical`] writes; none if it is another one, however it differs.
    fn read_canonical(&mut self, text: &str, steps: &mut Vec<TimedStep>) -> Option<()> {
        let mut rest = text.strip_prefix('[')?;
        if rest == "]" {
            return Some(());
        }
        let mut before: Option<StepCode> = None;
        loop {
            rest = rest.strip_prefix('{')?;
            let (mut at, mut at_is_unread) = (None, false);
            if let Some(time) = rest.strip_prefix(r#""at":"#) {
                let length = time.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
                let (number, more) = time.split_at_checked(length)?;
                // Of numbers JSON and Rust spell a few differently.
                let digits = number.strip_prefix('-').unwrap_or(number);
                if digits.len() > 1 && digits.starts_with('0') {
                    return None;
                }
                at = Some(number.parse().ok()?);
                rest = more.strip_prefix(',')?;
            }
            if let Some(more) = rest.strip_prefix(r#""atIsUnread":true,"#) {
                (at_is_unread, rest) = (true, more);
            }
            let (code, more) = self.wording(before, rest)?;
            steps.push(TimedStep { at, at_is_unread, code });
            before = Some(code);
            match more {
                "]" => return Some(()),
                _ => rest = more.strip_prefix(',')?,
            }
        }
    }

    /// The wording at the start of a text, and what stands after it.
    fn wording<'t>(&mut self, before: Option<StepCode>, text: &'t str) -> Option<(StepCode, &'t str)> {
        let expected = match before {
            None => self.first,
            Some(before) => self.wordings.get(before as usize)?.next,
        };
        // Whoever begins with a whole object goes on after it.
        let begins = |code: StepCode| {
            let rest = text.strip_prefix(self.wordings.get(code as usize)?.text.as_str())?;
            Some((code, rest))
        };
        if let Some(found) = begins(expected.last) {
            return Some(found);
        }
        let found = match begins(expected.before) {
            Some(found) => found,
            None => {
                let (own, rest) = text.split_at_checked(end_of_object(text)?)?;
                (self.code(own)?, rest)
            }
        };
        match before {
            None => self.first.learn(found.0),
            Some(before) => self.wordings.get_mut(before as usize)?.next.learn(found.0),
        }
        Some(found)
    }

    /// The code of the rest of an object; none if it is no step, or one that tells its time here.
    fn code(&mut self, rest: &str) -> Option<StepCode> {
        let hash = FxBuildHasher.hash_one(rest);
        let is_this = |code: &StepCode| self.wordings.get(*code as usize).is_some_and(|known| known.text == rest);
        if let Some(code) = self.index.find(hash, is_this) {
            return Some(*code);
        }
        let step: Step = serde_json::from_str(&format!("{{{rest}")).ok()?;
        // It must say nothing of the time, and be right behind members that do.
        serde_json::from_str::<Step>(&format!(r#"{{"at":0,"atIsUnread":true,{rest}"#)).ok()?;
        let code = StepCode::try_from(self.wordings.len()).ok()?;
        self.wordings.push(Wording { text: rest.to_owned(), step, next: Expected::default() });
        let wordings = &self.wordings;
        let rehash = |code: &StepCode| FxBuildHasher.hash_one(wordings.get(*code as usize).map_or("", |one| &one.text));
        self.index.insert_unique(hash, code, rehash);
        Some(code)
    }

    fn intern(&mut self, step: Step) -> TimedStep {
        let Step { at, at_is_unread, .. } = step;
        let text = canonical(&Step { at: None, at_is_unread: false, ..step });
        // What was just written is an object that can be read again.
        let code = text.strip_prefix('{').and_then(|rest| self.code(rest)).unwrap_or_default();
        TimedStep { at, at_is_unread, code }
    }
}

/// Where an object ends of which the brace is open; none if it holds another container, or does not end.
fn end_of_object(text: &str) -> Option<usize> {
    let (mut in_text, mut is_escaped) = (false, false);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'}' if !in_text => return Some(place + 1),
            b'{' | b'[' | b']' if !in_text => return None,
            _ => {}
        }
    }
    None
}

/// The steps of every text of a column, by code.
#[derive(Debug, Default)]
pub struct Steps {
    ends: Vec<usize>, // INVARIANT: one a code, none beyond the end of `list`.
    list: Vec<TimedStep>,
    wordings: Vec<Step>,
}

impl Steps {
    /// Reads the texts of a column; one that is no list of steps holds none.
    #[must_use]
    pub fn read<'t>(texts: impl Iterator<Item = &'t str>) -> Steps {
        let (mut reader, mut steps) = (StepReader::default(), Steps::default());
        for text in texts {
            if !text.is_empty() {
                reader.read(text, &mut steps.list);
            }
            steps.ends.push(steps.list.len());
        }
        steps.wordings = reader.wordings.into_iter().map(|wording| wording.step).collect();
        steps
    }

    /// The steps of a text, by its code.
    #[must_use]
    pub fn of(&self, code: u32) -> &[TimedStep] {
        let place = code as usize;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(place).and_then(|end| self.list.get(start..*end)).unwrap_or_default()
    }

    /// What steps say beside their times, by their codes.
    #[must_use]
    pub fn wordings(&self) -> &[Step] {
        &self.wordings
    }
}

#[cfg(test)]
mod tests {
    use super::{Steps, TimedStep};
    use crate::frame::{Step, canonical, parsed};

    /// The steps as they were recorded, from their parts.
    fn whole(steps: &Steps, code: u32) -> Vec<Step> {
        let whole = |one: &TimedStep| {
            let step = steps.wordings().get(one.code as usize).cloned().unwrap_or_default();
            Step { at: one.at, at_is_unread: one.at_is_unread, ..step }
        };
        steps.of(code).iter().map(whole).collect()
    }

    #[test]
    fn whatever_the_text_the_steps_are_those_of_a_reader_of_json() {
        let step = |at: Option<i64>, method: &str, detail: &str| Step {
            at,
            at_is_unread: at.is_none(),
            method: method.to_owned(),
            detail: detail.to_owned(),
            succeeded: Some(true),
            ..Step::default()
        };
        let lists = [
            canonical(&vec![step(Some(1), "Password", ""), step(Some(2), "SMS", "+1 \"}],[{\\")]),
            canonical(&vec![step(Some(-3), "Password", ""), step(None, "SMS", "+2")]),
            canonical(&vec![step(Some(1), "Password", ""), step(Some(2), "SMS", "+1 \"}],[{\\")]),
            canonical(&Vec::<Step>::new()),
        ];
        let others = [
            r#"[{"method":"b","at":7}]"#,
            r#"[{"at":7,"method":"b","at":8}]"#,
            r#"[{"at":07,"method":"b"}]"#,
            r#"[{"at":-,"method":"b"}]"#,
            r#"[{"at":99999999999999999999,"method":"b"}]"#,
            r#"[{"at":1,"method":"b","more":[{}]}]"#,
            r#"[ {"at":1,"method":"b"} ]"#,
            r#"[{"at":1,"method":"b"}"#,
            r#"[{"at":1,"method":"b"},]"#,
            r#"[{"at":1,"method":"b"}]]"#,
            r#"[{"at":1,"method":5}]"#,
            r#"[{"at":null,"method":"b"}]"#,
            r#"[{"atIsUnread":true,"at":4,"method":"b"}]"#,
            r#"[{"at":1,"method":"b\u0041"},{"at":1}]"#,
            r#"[{"at":1,}]"#,
            r#"[{"method":"c","at":null},{"at":1,"method":"c","at":null}]"#,
            r#"[{"method":"c","at":null}]"#,
            r#"[{"method":"c"},{"method":"c","\u0061t":null}]"#,
            "[{}]",
            "null",
            "{",
        ];
        let texts: Vec<&str> = lists.iter().map(String::as_str).chain(others).chain([""]).collect();
        // Twice: the second time every wording is known.
        let steps = Steps::read(texts.iter().chain(&texts).copied());
        for (code, text) in texts.iter().chain(&texts).enumerate() {
            assert_eq!(whole(&steps, u32::try_from(code).unwrap()), parsed::<Vec<Step>>(text), "{text}");
        }
        assert!(steps.wordings().len() < texts.len());
    }
}
