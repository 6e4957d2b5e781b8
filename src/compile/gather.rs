//! Gathers the evidence of every attempt: each part is read once a distinct text, and told by a small key.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::mfa::{MfaState, TOLERANCE};
use crate::attempt::rows::Rows;
use crate::attempt::{Attempt, Attempts};
use crate::domain::spelling::RecordedPlatform;
use crate::domain::{History, Match, Strength, fold};
use crate::frame::{Column, Device, Status, StepCode, Time, parsed};
use crate::tenant::Tenant;

use super::condition::flow::is_device_code;
use super::dimension::{Dimension, Dimensions, PLATFORMS, Person};
use super::evidence::{Evidence, EvidenceTable, Needs, place_of};
use super::methods::{Methods, is_external_claim};
use super::parts::{OfClient, OfDevice, OfList, OfPerson, of_person};

const INTUNE_ENROLLMENT: &str = "d4ebce55-015a-49b5-a083-c84d1797ae8c";
/// Device authentication required: the challenge itself, not its outcome (DVC-2).
const DEVICE_CHALLENGE: i64 = 50097;

/// Gathers the evidence of every attempt.
#[must_use]
pub(super) fn gather(
    attempts: &Attempts,
    facts: &Rows<'_>,
    dimensions: &Dimensions,
    tenant: &Tenant,
    needs: &Needs,
) -> EvidenceTable {
    let mut gathering = Gathering::new(attempts, facts, dimensions, tenant, needs);
    let mut index: HashMap<Key, u32, FxBuildHasher> = HashMap::default();
    let (mut values, mut codes) = (Vec::new(), Vec::with_capacity(attempts.list.len()));
    for (place, attempt) in attempts.list.iter().enumerate() {
        let key = gathering.key(place, attempt);
        let code = *index.entry(key).or_insert_with(|| {
            values.push(gathering.evidence(key, attempt));
            u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
        });
        codes.push(code);
    }
    EvidenceTable { values, codes }
}

/// Distinct values of one part of the evidence, in the order in which they were met.
#[derive(Debug)]
struct Classes<T>(Vec<T>);

impl<T: PartialEq> Classes<T> {
    /// The place of a value. Few are distinct, and each is asked for once a distinct text.
    fn of(&mut self, value: T) -> u32 {
        u32::try_from(place_of(&mut self.0, value)).unwrap_or(u32::MAX)
    }
}

impl<T> Classes<T> {
    fn get(&self, class: u32) -> Option<&T> {
        self.0.get(class as usize)
    }
}

/// What tells the evidence of one attempt from that of another: classes of its parts. Equal keys, equal evidence, and
/// the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    person: u32,
    client: u32,
    device: u32,
    list: u32,
    /// Flags, platform, history and MFA state, packed: see [`Gathering::key`].
    own: u64,
    /// Which of the windows the newest performed step fits: those from this one on; 0 if nothing tells.
    newest: u32,
    met: u32,
    accepted: u32,
}

/// Whether each strength is met, by class.
type MetStrengths = Classes<Box<[Match]>>;

/// Gathers evidence; every distinct text is read once.
struct Gathering<'a> {
    attempts: &'a Attempts,
    facts: &'a Rows<'a>,
    dimensions: &'a Dimensions,
    tenant: &'a Tenant,
    needs: &'a Needs,
    strengths_read: Box<[bool]>,
    /// The tolerance and the windows, shortest first.
    windows: Vec<Time>,
    methods: Methods,
    is_external_status: Vec<bool>,
    is_intune: Vec<bool>,
    token_bound: Vec<Match>,
    is_device_code: Vec<bool>,
    people: (Vec<u32>, Vec<OfPerson>),
    clients: (Vec<u32>, Classes<OfClient>),
    devices: (Vec<u32>, Classes<OfDevice>),
    /// By code of the list, twice: on a row that is not the device challenge, and on one that is.
    lists: (Vec<Option<u32>>, Classes<OfList>),
    met: (HashMap<Vec<StepCode>, u32, FxBuildHasher>, MetStrengths),
    accepted: Classes<Box<[Match]>>,
    performed: Vec<StepCode>,
}

impl<'a> Gathering<'a> {
    fn new(
        attempts: &'a Attempts,
        facts: &'a Rows<'a>,
        dimensions: &'a Dimensions,
        tenant: &'a Tenant,
        needs: &'a Needs,
    ) -> Gathering<'a> {
        let frame = &*attempts.frame;
        let mut windows: Vec<Time> = [TOLERANCE].into_iter().chain(needs.windows.iter().copied()).collect();
        windows.sort_unstable();
        windows.dedup();
        let is_external_status = |text: &str| {
            // Only strengths ask.
            !needs.strengths.is_empty()
                && parsed::<Status>(text).additional_details.as_deref().is_some_and(is_external_claim)
        };
        let token_bound = |text: &str| match &*fold(text) {
            "bound" => Match::Yes,
            "unbound" => Match::No,
            _ => Match::Unknown,
        };
        let (mut clients, mut devices) = (Classes(Vec::new()), Classes(Vec::new()));
        Gathering {
            attempts,
            facts,
            dimensions,
            tenant,
            needs,
            strengths_read: needs.strengths.iter().map(Option::is_some).collect(),
            windows,
            methods: Methods::read(facts.wordings()),
            is_external_status: frame.dictionary(Column::Status).iter().map(is_external_status).collect(),
            is_intune: frame.dictionary(Column::ResourceId).iter().map(|id| fold(id) == INTUNE_ENROLLMENT).collect(),
            token_bound: frame.dictionary(Column::TokenProtection).iter().map(token_bound).collect(),
            is_device_code: dimensions.flows.iter().map(is_device_code).collect(),
            people: people(dimensions, tenant, needs),
            clients: (dimensions.clients.iter().map(|client| clients.of(OfClient::read(*client))).collect(), clients),
            devices: (dimensions.devices.iter().map(|device| devices.of(OfDevice::read(device))).collect(), devices),
            lists: (
                vec![None; 2 * frame.dictionary(Column::AppliedConditionalAccessPolicies).len()],
                Classes(Vec::new()),
            ),
            met: (HashMap::default(), Classes(Vec::new())),
            accepted: Classes(Vec::new()),
            performed: Vec::new(),
        }
    }

    fn key(&mut self, place: usize, attempt: &Attempt) -> Key {
        fn at<T: Copy + Default>(list: &[T], code: u32) -> T {
            list.get(code as usize).copied().unwrap_or_default()
        }
        let code = |dimension| self.dimensions.code(dimension, place);
        let column = |column| self.attempts.code(attempt, column);
        let flags = [
            is_demanded(attempt),
            attempt.asked_mfa,
            attempt.asked_password,
            at(&self.attempts.shown_mfa, attempt.user.0),
            at(&self.is_device_code, code(Dimension::Flow)),
            at(&self.is_intune, column(Column::ResourceId)),
        ];
        let flags = flags.iter().fold(0, |bits, flag| 2 * bits + u8::from(*flag));
        let token_bound = self.token_bound(attempt) as u8;
        let platform = u8::try_from(code(Dimension::Platform)).unwrap_or(u8::MAX);
        let own = [flags, platform, attempt.history as u8, attempt.mfa.state as u8, token_bound, 0, 0, 0];
        Key {
            person: at(&self.people.0, code(Dimension::Person)),
            client: at(&self.clients.0, code(Dimension::Client)),
            device: at(&self.devices.0, code(Dimension::Device)),
            list: self.list(attempt),
            own: u64::from_le_bytes(own),
            newest: self.newest(attempt),
            met: self.met(attempt),
            accepted: self.accepted(attempt),
        }
    }

    /// The evidence behind the key of an attempt.
    fn evidence(&self, key: Key, attempt: &Attempt) -> Evidence {
        let unknown = of_person(&Person::default(), self.tenant, self.needs);
        let person = self.people.1.get(key.person as usize).unwrap_or(&unknown);
        let OfPerson { external, mfa_trust, device_trust, in_report, mfa_capable, password_changeable, synced, .. } =
            *person;
        let client = self.clients.1.get(key.client).copied();
        let OfClient { legacy, browser } = client.unwrap_or_else(|| OfClient::read(None));
        let device = self.devices.1.get(key.device).copied();
        let OfDevice { has_device_id, compliant, hybrid_joined } =
            device.unwrap_or_else(|| OfDevice::read(&Device::default()));
        let list = self.lists.1.get(key.list).copied();
        let list = list.unwrap_or_else(|| OfList::read(std::iter::empty(), false));
        let [flags, platform, ..] = key.own.to_le_bytes();
        Evidence {
            history: attempt.history,
            mfa: attempt.mfa.state,
            demanded: is_demanded(attempt),
            asked_mfa: attempt.asked_mfa,
            asked_password: attempt.asked_password,
            external,
            mfa_trust,
            device_trust,
            legacy,
            browser,
            device_code: flags & 2 != 0,
            platform: PLATFORMS.get(usize::from(platform)).copied().unwrap_or(RecordedPlatform::NotRecorded),
            intune_enrollment: flags & 1 != 0,
            has_device_id,
            compliant,
            hybrid_joined,
            recorded_compliance: list.compliance,
            recorded_hybrid_join: list.hybrid_join,
            device_was_asked: list.asked_for_device,
            approved_app_recorded: list.approved_app,
            protected_app_recorded: list.protected_app,
            token_bound: self.token_bound(attempt),
            newest_step_fits: self.newest_step_fits(key.newest),
            strengths_met: self.met.1.get(key.met).cloned().unwrap_or_default(),
            strengths_registered: person.strengths_registered.clone(),
            strengths_read: self.strengths_read.clone(),
            accepted: self.accepted.get(key.accepted).cloned().unwrap_or_default(),
            in_report,
            mfa_capable,
            shown_mfa: self.attempts.shown_mfa.get(attempt.user.0 as usize) == Some(&true),
            password_changeable,
            synced,
        }
    }

    fn token_bound(&self, attempt: &Attempt) -> Match {
        let code = self.attempts.code(attempt, Column::TokenProtection);
        self.token_bound.get(code as usize).copied().unwrap_or(Match::Unknown)
    }

    fn list(&mut self, attempt: &Attempt) -> u32 {
        let challenged = self.facts.error_code(attempt.terminal) == Some(DEVICE_CHALLENGE);
        let code = self.attempts.code(attempt, Column::AppliedConditionalAccessPolicies);
        let (known, classes) = &mut self.lists;
        let mut read = || classes.of(OfList::read(self.facts.evidence(attempt.terminal), challenged));
        match known.get_mut(2 * code as usize + usize::from(challenged)) {
            Some(known) => *known.get_or_insert_with(read),
            None => read(),
        }
    }

    /// C23: the newest performed step against the tolerance and each window. A step without a time is fresh (C19).
    fn newest(&self, attempt: &Attempt) -> u32 {
        let now = self.attempts.created(attempt);
        let mut newest: Option<Time> = None;
        for row in self.attempts.rows_of(attempt) {
            for step in self.facts.steps(*row).filter(|step| step.is_performed()) {
                if step.at_is_unread {
                    return 0;
                }
                let age = step.at.map_or(0, |at| now - at);
                newest = Some(newest.map_or(age, |newest| newest.min(age)));
            }
        }
        let too_short = newest.map(|age| self.windows.partition_point(|window| *window < age));
        too_short.map_or(0, |windows| u32::try_from(windows + 1).unwrap_or(u32::MAX))
    }

    /// What the class of the newest step says of the tolerance and of each window.
    fn newest_step_fits(&self, newest: u32) -> Option<Box<[bool]>> {
        let too_short = self.windows.get(..(newest as usize).checked_sub(1)?)?;
        let longest_missed = too_short.last();
        let fits = |window: &Time| longest_missed.is_none_or(|missed| window > missed);
        Some([TOLERANCE].iter().chain(&self.needs.windows).map(fits).collect())
    }

    fn met(&mut self, attempt: &Attempt) -> u32 {
        if self.needs.strengths.is_empty() {
            return 0;
        }
        let mut external_claim = false;
        self.performed.clear();
        for row in self.attempts.rows_of(attempt) {
            let status = self.attempts.frame.code(Column::Status, *row);
            external_claim |= self.is_external_status.get(status as usize) == Some(&true);
            for step in self.facts.steps(*row) {
                external_claim |= self.methods.is_external_claim(step.code);
                if step.is_performed() {
                    self.performed.push(step.code);
                }
            }
        }
        // The claim stands behind the steps: no step has the last code.
        if external_claim {
            self.performed.push(StepCode::MAX);
        }
        let (known, classes) = &mut self.met;
        if let Some(class) = known.get(&self.performed) {
            return *class;
        }
        let steps = self.performed.strip_suffix(&[StepCode::MAX]).unwrap_or(&self.performed);
        let meets = |strength: &Option<Strength>| {
            strength.as_ref().map_or(Match::Unknown, |strength| self.methods.meet(strength, steps, external_claim))
        };
        let class = classes.of(self.needs.strengths.iter().map(meets).collect());
        known.insert(self.performed.clone(), class);
        class
    }

    fn accepted(&mut self, attempt: &Attempt) -> u32 {
        if self.needs.agreements.is_empty() {
            return 0;
        }
        let accepted = |agreement: &String| accepted(agreement, self.attempts, attempt, self.tenant);
        let accepted = self.needs.agreements.iter().map(accepted).collect();
        self.accepted.of(accepted)
    }
}

/// Fresh, because an existing requirement had asked (C25).
fn is_demanded(attempt: &Attempt) -> bool {
    attempt.mfa.state == MfaState::Fresh
        && (attempt.history == History::ChallengedThenSucceeded || attempt.mfa.second_factor_demanded)
}

/// The class of each person, and the distinct people.
fn people(dimensions: &Dimensions, tenant: &Tenant, needs: &Needs) -> (Vec<u32>, Vec<OfPerson>) {
    let (mut index, mut distinct) = (HashMap::<OfPerson, u32, FxBuildHasher>::default(), Vec::new());
    let class = |person: &Person| {
        *index.entry(of_person(person, tenant, needs)).or_insert_with_key(|person| {
            distinct.push(person.clone());
            u32::try_from(distinct.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let classes = dimensions.people.iter().map(class).collect();
    (classes, distinct)
}

/// Whether the user had accepted an agreement when the terminal row was written (C22).
fn accepted(agreement: &str, attempts: &Attempts, attempt: &Attempt, tenant: &Tenant) -> Match {
    match (&tenant.agreements, attempts.text(attempt, Column::UserId)) {
        (Some(agreements), Some(user)) => Match::from(agreements.accepted(agreement, user, attempts.created(attempt))),
        _ => Match::Unknown,
    }
}
