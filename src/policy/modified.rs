//! When a policy was last edited: what the log recorded before that was the work of another text (CON-8).

use chrono::DateTime;

use super::wire::Policy;

/// `modifiedDateTime`, as far as it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modified {
    /// Not recorded: never edited since it was made.
    Never,
    /// At this time, in microseconds since 1970 UTC.
    At(i64),
    /// Something is written there that is no time.
    Unread,
}

impl Policy {
    /// When the policy was last edited.
    #[must_use]
    pub fn modified(&self) -> Modified {
        match self.modified_date_time.as_deref().map(str::trim) {
            None | Some("") => Modified::Never,
            Some(text) => match DateTime::parse_from_rfc3339(text) {
                Ok(time) => Modified::At(time.timestamp_micros()),
                Err(_) => Modified::Unread,
            },
        }
    }
}

impl Modified {
    /// Whether a sign-in of this time met the policy as it is written now; none if nobody can tell.
    #[must_use]
    pub fn is_not_after(self, time: i64) -> Option<bool> {
        match self {
            Modified::Never => Some(true),
            Modified::At(modified) => Some(modified <= time),
            Modified::Unread => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Modified;
    use crate::policy::wire::Policy;

    fn modified(text: &str) -> Modified {
        Policy { modified_date_time: Some(text.to_owned()), ..Policy::default() }.modified()
    }

    #[test]
    fn a_sign_in_before_the_edit_met_another_text() {
        let edited = modified("2026-10-05T08:00:00.0000000Z");
        assert_eq!(edited, Modified::At(1_791_187_200_000_000));
        for (time, expected) in [(1_791_187_199_999_999, Some(false)), (1_791_187_200_000_000, Some(true))] {
            assert_eq!(edited.is_not_after(time), expected);
        }
        assert_eq!(Policy::default().modified().is_not_after(0), Some(true));
        assert_eq!(modified("%ModifiedDateTime%").is_not_after(0), None);
    }
}
