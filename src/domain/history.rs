//! What happened to an attempt when it was logged (semantics 5.4, C7).

/// The historical outcome of an attempt, by the class of its terminal row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum History {
    /// It went through without a challenge in an earlier row.
    Succeeded,
    /// An enforced policy stopped it.
    BlockedByPolicy,
    /// It was asked for something and then went through.
    ChallengedThenSucceeded,
    /// It was asked for something and nothing followed.
    ChallengeAbandoned,
    /// It passed the first factor and failed for a reason beside Conditional Access.
    FailedOther,
}

impl History {
    /// The word of the contract (section 4, column `history`).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            History::Succeeded => "succeeded",
            History::BlockedByPolicy => "blockedByPolicy",
            History::ChallengedThenSucceeded => "challengedThenSucceeded",
            History::ChallengeAbandoned => "challengeAbandoned",
            History::FailedOther => "failedOther",
        }
    }
}
