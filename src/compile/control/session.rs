//! Session controls: sign-in frequency and token protection (section 4, C23).

use crate::attempt::mfa::MfaState;
use crate::compile::evidence::{Evidence, Needs};
use crate::domain::{Match, Span, folded};
use crate::policy::wire::{SessionControls, SignInFrequency, Toggle};

use super::{Ability, Standing, mfa};

/// When a sign-in must be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// Every time, with the proof of MFA fresh: the policy wants MFA, or secondary authentication only.
    EveryTimeMfa,
    /// Every time, any authentication fresh.
    EveryTime,
    /// Within a window, by its place in [`Needs::windows`].
    Within(usize),
    /// A frequency that we cannot read.
    Unread,
}

/// The session controls of a policy that can change a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Sign-in frequency.
    pub frequency: Option<Frequency>,
    /// Token protection (`secureSignInSession`).
    pub token_protection: bool,
}

const MINUTE: i64 = 60 * 1_000_000;

impl Session {
    /// Reads the controls; a window is noted in `needs`.
    pub fn read(wire: &SessionControls, wants_mfa: bool, needs: &mut Needs) -> Session {
        let is_on = |toggle: &Option<Toggle>| toggle.as_ref().is_some_and(|toggle| toggle.is_enabled != Some(false));
        Session {
            frequency: wire
                .sign_in_frequency
                .as_ref()
                .filter(|frequency| frequency.is_enabled != Some(false))
                .and_then(|frequency| read_frequency(frequency, wants_mfa, needs)),
            token_protection: is_on(&wire.secure_sign_in_session),
        }
    }

    /// Where the sign-in frequency stands.
    #[must_use]
    pub fn frequency_standing(&self, evidence: &Evidence) -> Span<Standing> {
        // A legacy client presents its password each time (C23).
        let Some(frequency) = self.frequency.filter(|_| !evidence.legacy) else {
            return Span::certain(Standing::Satisfied);
        };
        match frequency {
            Frequency::EveryTimeMfa => match evidence.mfa {
                MfaState::Fresh => Span::certain(Standing::Satisfied),
                MfaState::Claim | MfaState::ClaimOrNone | MfaState::None => Span::certain(Standing::Needed),
                MfaState::ClaimOrFresh | MfaState::Unknown => Standing::unknown(Standing::Needed),
            },
            Frequency::EveryTime => by_age(evidence, 0),
            Frequency::Within(window) => by_age(evidence, window + 1),
            Frequency::Unread => Standing::unknown(Standing::Needed),
        }
    }

    /// Where token protection stands; browsers are not asked (C23).
    #[must_use]
    pub fn token_standing(&self, evidence: &Evidence) -> Span<Standing> {
        if !self.token_protection {
            return Span::certain(Standing::Satisfied);
        }
        match evidence.token_bound.or(evidence.browser) {
            Match::Yes => Span::certain(Standing::Satisfied),
            Match::No => Span::certain(Standing::Failed),
            Match::Unknown => Standing::unknown(Standing::Failed),
        }
    }

    /// Whether the user can answer a repeated sign-in (C24): with MFA wanted, as for MFA.
    #[must_use]
    pub fn abilities(
        &self,
        evidence: &Evidence,
        external: bool,
        wants_mfa: bool,
        in_risk_policy: bool,
    ) -> &'static [Ability] {
        match self.frequency {
            Some(Frequency::EveryTimeMfa) if wants_mfa => mfa::abilities(evidence, external, in_risk_policy),
            _ => &[Ability::Able],
        }
    }

    /// Whether the frequency is every time.
    #[must_use]
    pub fn is_every_time(&self) -> bool {
        matches!(self.frequency, Some(Frequency::EveryTimeMfa | Frequency::EveryTime))
    }
}

/// Whether the newest step is young enough: place 0 is the tolerance, the windows follow.
fn by_age(evidence: &Evidence, place: usize) -> Span<Standing> {
    match &evidence.newest_step_fits {
        Some(fits) if fits.get(place) == Some(&true) => Span::certain(Standing::Satisfied),
        Some(_) => Span::certain(Standing::Needed),
        None => Standing::unknown(Standing::Needed),
    }
}

fn read_frequency(wire: &SignInFrequency, wants_mfa: bool, needs: &mut Needs) -> Option<Frequency> {
    let interval = wire.frequency_interval.as_deref().map(folded);
    let secondary = wire.authentication_type.as_deref().map(folded).as_deref() == Some("secondaryauthentication");
    match interval.as_deref() {
        Some("everytime") if wants_mfa || secondary => Some(Frequency::EveryTimeMfa),
        Some("everytime") => Some(Frequency::EveryTime),
        // Old exports have only type and value: time based (1.9).
        Some("timebased") | None => {
            let unit = match wire.unit.as_deref().map(folded).as_deref() {
                Some("hours") => 60 * MINUTE,
                Some("days") => 24 * 60 * MINUTE,
                Some(_) => return Some(Frequency::Unread),
                // Nothing at all is configured; what is on but does not say how often cannot be read.
                None if *wire == SignInFrequency::default() => return None,
                None => return Some(Frequency::Unread),
            };
            let Some(value) = wire.value else { return Some(Frequency::Unread) };
            Some(Frequency::Within(needs.window(i64::from(value).saturating_mul(unit))))
        }
        Some(_) => Some(Frequency::Unread),
    }
}
