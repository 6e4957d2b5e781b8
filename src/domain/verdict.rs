//! What report-only mode would have written, what enforcing would have done, and ranges of both.

/// What report-only mode would have written for one policy (semantics 5.1), mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Some condition did not match.
    NotApplied,
    /// The conditions matched and every control was satisfied.
    Success,
    /// The user would have had to act.
    Interrupted,
    /// Blocked, or a control that no action of the user could satisfy at that moment.
    Failure,
}

impl Outcome {
    /// All outcomes, mildest first.
    pub const ALL: [Outcome; 4] = [Outcome::NotApplied, Outcome::Success, Outcome::Interrupted, Outcome::Failure];

    /// The word of the contract (section 1).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::NotApplied => "notApplied",
            Outcome::Success => "success",
            Outcome::Interrupted => "interrupted",
            Outcome::Failure => "failure",
        }
    }
}

/// What enforcing would have done to a person, given what happened anyway (semantics 5.4), mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing would have been noticed.
    Unaffected,
    /// The challenge had been met in this attempt anyway.
    AlreadyChallenged,
    /// The attempt had been blocked anyway.
    AlreadyBlocked,
    /// The user would have been asked for something, and is able to answer.
    Challenged,
    /// The user would have been denied, or asked for something they cannot give.
    Blocked,
}

impl Effect {
    /// All effects, mildest first.
    pub const ALL: [Effect; 5] =
        [Effect::Unaffected, Effect::AlreadyChallenged, Effect::AlreadyBlocked, Effect::Challenged, Effect::Blocked];

    /// The word of the contract (section 1).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Effect::Unaffected => "unaffected",
            Effect::AlreadyChallenged => "alreadyChallenged",
            Effect::AlreadyBlocked => "alreadyBlocked",
            Effect::Challenged => "challenged",
            Effect::Blocked => "blocked",
        }
    }

    /// The bit of this effect in a set of possible effects.
    #[must_use]
    pub fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// Everything the evidence leaves open: one value when both ends are equal, a range otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span<T> {
    least: T,
    most: T, // INVARIANT: least <= most.
}

impl<T: Copy + Ord> Span<T> {
    /// The range from one end to the other; ends that come reversed are swapped (C26).
    #[must_use]
    pub fn new(one: T, other: T) -> Span<T> {
        Span { least: one.min(other), most: one.max(other) }
    }

    /// A value that the evidence decides.
    #[must_use]
    pub fn certain(value: T) -> Span<T> {
        Span { least: value, most: value }
    }

    /// The mildest end.
    #[must_use]
    pub fn least(self) -> T {
        self.least
    }

    /// The severest end.
    #[must_use]
    pub fn most(self) -> T {
        self.most
    }

    /// Whether the evidence does not decide.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.least != self.most
    }

    /// Both readings are possible: the widest range that holds both.
    #[must_use]
    pub fn either(self, other: Span<T>) -> Span<T> {
        Span { least: self.least.min(other.least), most: self.most.max(other.most) }
    }

    /// Policies add up and none undoes another: the severer end wins at both ends (5.3, C27).
    #[must_use]
    pub fn and(self, other: Span<T>) -> Span<T> {
        Span { least: self.least.max(other.least), most: self.most.max(other.most) }
    }
}

/// The judgement of one attempt under one candidate, or under all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// What report-only mode would have written.
    pub outcome: Span<Outcome>,
    /// What enforcing would have done.
    pub effect: Span<Effect>,
    /// The effects that some possible outcome and ability lead to: a set of [`Effect::bit`].
    ///
    /// Not every effect between the two ends need be possible: a challenge that was already met
    /// can be `alreadyChallenged` or `unaffected` without ever being `challenged`.
    pub possible: u8,
}

impl Verdict {
    /// The policy does not touch this attempt.
    pub const UNTOUCHED: Verdict = Verdict {
        outcome: Span { least: Outcome::NotApplied, most: Outcome::NotApplied },
        effect: Span { least: Effect::Unaffected, most: Effect::Unaffected },
        possible: 1,
    };

    /// All candidates together: the maximum of each column (C27).
    #[must_use]
    pub fn and(self, other: Verdict) -> Verdict {
        // An effect is a maximum of both if one side has it and the other has one that is not severer.
        let not_before = |set: u8| !(set & set.wrapping_neg()).wrapping_sub(1);
        let possible = (self.possible & not_before(other.possible)) | (other.possible & not_before(self.possible));
        Verdict { outcome: self.outcome.and(other.outcome), effect: self.effect.and(other.effect), possible }
    }

    /// Whether enforcing may have done this.
    #[must_use]
    pub fn may_be(self, effect: Effect) -> bool {
        self.possible & effect.bit() != 0
    }

    /// Whether enforcing certainly did this.
    #[must_use]
    pub fn is_certainly(self, effect: Effect) -> bool {
        self.effect == Span::certain(effect)
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, Outcome, Span, Verdict};

    fn every_span() -> Vec<Span<Effect>> {
        let mut spans = Vec::new();
        for least in Effect::ALL {
            spans.extend(Effect::ALL.iter().filter(|most| **most >= least).map(|most| Span::new(least, *most)));
        }
        spans
    }

    #[test]
    fn adding_policies_up_is_associative_commutative_and_has_a_neutral_element() {
        for one in every_span() {
            assert_eq!(one.and(Span::certain(Effect::Unaffected)), one);
            for two in every_span() {
                assert_eq!(one.and(two), two.and(one));
                for three in every_span() {
                    assert_eq!(one.and(two).and(three), one.and(two.and(three)));
                }
            }
        }
    }

    #[test]
    fn what_is_possible_together_are_the_maxima_of_all_pairs() {
        let with = |possible: u8| Verdict { possible, ..Verdict::UNTOUCHED };
        let held = |set: u8| Effect::ALL.into_iter().filter(move |effect| set & effect.bit() != 0);
        for (one, two) in (0..32).flat_map(|one| (0..32).map(move |two| (one, two))) {
            let maxima = held(one).flat_map(|one| held(two).map(move |two| one.max(two).bit()));
            assert_eq!(with(one).and(with(two)).possible, maxima.fold(0, |set, bit| set | bit), "{one:b} {two:b}");
        }
    }

    #[test]
    fn reversed_ends_are_swapped() {
        let span = Span::new(Outcome::Failure, Outcome::Success);
        assert_eq!((span.least(), span.most()), (Outcome::Success, Outcome::Failure));
    }

    #[test]
    fn the_union_of_untouched_policies_touches_nothing() {
        assert_eq!(Verdict::UNTOUCHED.and(Verdict::UNTOUCHED), Verdict::UNTOUCHED);
    }
}
