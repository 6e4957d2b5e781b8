//! The counts of a replay against a count of every attempt and policy by [`replay::judge`], one by one.
//!
//! Random tenants, candidates and logs; every third world has more policies than fit one mask, and scopes are of all
//! attempts, of some, of none, and in any order. `COUNTING_WORLDS=500` makes the run longer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use ca_impact::attempt::{self, Attempt, Attempts};
use ca_impact::compile::rule::Rule;
use ca_impact::compile::{self, Plan};
use ca_impact::diagnostic::Diagnostics;
use ca_impact::domain::{Condition, Effect, Match, Reason, RiskLevel, Verdict};
use ca_impact::impact::{Breakdown, Breakdowns, Cell, Impact, KeyCounts, Keys, OfRule};
use ca_impact::ingest::{self, MaxBadRows};
use ca_impact::policy;
use ca_impact::replay;
use ca_impact::tenant::Tenant;
use rayon::prelude::*;

use crate::generator::formats::{self, Shape};
use crate::generator::world::{World, random_world};

/// A row of the matrix; no effect is `undetermined`.
type Row = (RiskLevel, bool, Option<Effect>);

/// Everything that an [`OfRule`] says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    cells: BTreeMap<Row, [u64; 4]>,
    people: BTreeMap<Option<Effect>, (u64, u64)>,
    users: u64,
    funnel: Vec<(Condition, [u64; 3])>,
    missing: BTreeMap<String, u64>,
    open: u64,
    reasons: BTreeMap<Reason, (u64, u64)>,
    breakdowns: BTreeMap<(Breakdown, u32), [u64; 5]>,
}

const BREAKDOWNS: [Breakdown; 9] = Breakdown::ALL;

fn rows() -> impl Iterator<Item = Row> {
    let effects = || Effect::ALL.into_iter().map(Some).chain([None]);
    RiskLevel::REPORTED.into_iter().flat_map(move |risk| {
        [true, false].into_iter().flat_map(move |i| effects().map(move |effect| (risk, i, effect)))
    })
}

/// Whether a verdict certainly, and possibly, is in a row.
fn is_in(verdict: Verdict, effect: Option<Effect>) -> (bool, bool) {
    match effect {
        Some(effect) => (verdict.is_certainly(effect), verdict.may_be(effect)),
        None => (verdict.effect.is_open(), verdict.effect.is_open()),
    }
}

/// The naive count: what was met, and who met it.
#[derive(Default)]
struct Naive {
    counted: Counted,
    least: BTreeSet<(Row, u32)>,
    most: BTreeSet<(Row, u32)>,
    users: BTreeSet<u32>,
}

impl Naive {
    fn verdict(&mut self, attempt: &Attempt, keys: &[(Breakdown, u32)], verdict: Verdict) {
        let user = attempt.user.0;
        self.users.insert(user);
        for row in rows().filter(|row| (row.0, row.1) == (attempt.risk, attempt.interactive)) {
            let (certain, possible) = is_in(verdict, row.2);
            let cell = self.counted.cells.entry(row).or_default();
            cell[0] += u64::from(certain);
            cell[1] += u64::from(possible);
            if certain {
                self.least.insert((row, user));
            }
            if possible {
                self.most.insert((row, user));
            }
        }
        if verdict.may_be(Effect::Challenged) || verdict.may_be(Effect::Blocked) {
            for key in keys {
                let counts = self.counted.breakdowns.entry(*key).or_default();
                counts[0] += u64::from(verdict.is_certainly(Effect::Challenged));
                counts[1] += u64::from(verdict.may_be(Effect::Challenged));
                counts[2] += u64::from(verdict.is_certainly(Effect::Blocked));
                counts[3] += u64::from(verdict.may_be(Effect::Blocked));
                counts[4] += 1;
            }
        }
    }

    fn denied(&mut self, certain: &BTreeSet<Reason>, possible: &BTreeSet<Reason>) {
        for reason in possible {
            let counts = self.counted.reasons.entry(*reason).or_default();
            counts.0 += u64::from(certain.contains(reason));
            counts.1 += 1;
        }
    }

    fn finish(mut self) -> Counted {
        for (row, user) in &self.least {
            self.counted.cells.entry(*row).or_default()[2] += 1;
            let _ = user;
        }
        for (row, _) in &self.most {
            self.counted.cells.entry(*row).or_default()[3] += 1;
        }
        let distinct = |met: &BTreeSet<(Row, u32)>, effect: Option<Effect>| {
            let users: BTreeSet<u32> = met.iter().filter(|(row, _)| row.2 == effect).map(|(_, user)| *user).collect();
            users.len() as u64
        };
        for effect in Effect::ALL.into_iter().map(Some).chain([None]) {
            let both = (distinct(&self.least, effect), distinct(&self.most, effect));
            self.counted.people.insert(effect, both);
        }
        self.counted.users = self.users.len() as u64;
        self.counted.cells.retain(|_, cell| *cell != [0; 4]);
        self.counted
    }
}

fn of_breakdowns(breakdowns: &Breakdowns) -> BTreeMap<(Breakdown, u32), [u64; 5]> {
    let of = |breakdown: Breakdown| {
        breakdowns.of(breakdown).iter().map(move |(code, counts)| {
            let KeyCounts { challenged_least, challenged_most, blocked_least, blocked_most, attempts } = *counts;
            ((breakdown, *code), [challenged_least, challenged_most, blocked_least, blocked_most, attempts])
        })
    };
    BREAKDOWNS.into_iter().flat_map(of).collect()
}

fn of_rule(sums: &OfRule) -> Counted {
    let cell = |row: Row| {
        let Cell { attempts_least, attempts_most, users_least, users_most } = sums.tally.cell(row.0, row.1, row.2);
        (row, [attempts_least, attempts_most, users_least, users_most])
    };
    Counted {
        cells: rows().map(cell).filter(|(_, cell)| *cell != [0; 4]).collect(),
        people: Effect::ALL.into_iter().map(Some).chain([None]).map(|row| (row, sums.tally.people(row))).collect(),
        users: sums.tally.users,
        funnel: sums
            .funnel
            .iter()
            .map(|(condition, answers)| (*condition, [answers.yes, answers.unknown, answers.no]))
            .collect(),
        missing: sums.missing.attempts.clone(),
        open: sums.open,
        reasons: sums.reasons.blocked.iter().map(|(reason, counts)| (*reason, (counts.least, counts.most))).collect(),
        breakdowns: of_breakdowns(&sums.breakdowns),
    }
}

/// The keys of an attempt, each with its breakdown.
fn keys_of(keys: &Keys, place: usize) -> Vec<(Breakdown, u32)> {
    let of = |breakdown: Breakdown| {
        let code = keys.codes(breakdown)[place];
        let codes =
            if breakdown == Breakdown::RiskEventType { keys.detections()[code as usize].clone() } else { vec![code] };
        codes.into_iter().map(move |code| (breakdown, code))
    };
    BREAKDOWNS.into_iter().flat_map(of).collect()
}

/// Rules for doubtful evidence that a policy went by.
fn assumptions(rule: &Rule, attempt: &Attempt, applies: Match) -> BTreeSet<&'static str> {
    let mut tags = BTreeSet::new();
    if rule.reads_sign_in_risk {
        tags.extend(attempt.risk_from_sibling.then_some("C31"));
        tags.extend(attempt.risk_from_detection.then_some("RSK-3"));
    }
    if applies != Match::No && (rule.grant.wants_mfa() || rule.session.is_every_time()) {
        tags.extend(attempt.mfa.assumptions());
    }
    tags
}

fn is_range(verdict: Verdict) -> bool {
    verdict.outcome.is_open() || verdict.effect.is_open()
}

/// What the policies, all together, and the population add up to, and the assumptions.
type All = (Vec<Counted>, Counted, BTreeMap<(Breakdown, u32), u64>, BTreeMap<&'static str, u64>);

fn naive(plan: &Plan, attempts: &Attempts, keys: &Keys, scope: &[usize]) -> All {
    let mut rules: Vec<Naive> = plan.rules.iter().map(|_| Naive::default()).collect();
    let mut combined = Naive::default();
    let mut population: BTreeMap<(Breakdown, u32), u64> = BTreeMap::new();
    let mut tags: BTreeMap<&'static str, u64> = BTreeMap::new();
    for place in scope.iter().copied() {
        let attempt = &attempts.list[place];
        let keys_here = keys_of(keys, place);
        for key in &keys_here {
            *population.entry(*key).or_default() += 1;
        }
        let mut together = Verdict::UNTOUCHED;
        let (mut certain, mut possible) = (BTreeSet::new(), BTreeSet::new());
        let (mut missing, mut assumed) = (BTreeSet::new(), BTreeSet::new());
        for (rule, counts) in plan.rules.iter().zip(&mut rules) {
            let judgement = replay::judge(plan, rule, place);
            let verdict = judgement.verdict;
            if counts.counted.funnel.is_empty() {
                counts.counted.funnel = rule.conditions.iter().map(|one| (one.condition, [0; 3])).collect();
            }
            for (configured, (_, answers)) in rule.conditions.iter().zip(&mut counts.counted.funnel) {
                let code = plan.dimensions.code(configured.dimension, place);
                answers[match configured.lookup.answer(code) {
                    Match::Yes => 0,
                    Match::Unknown => 1,
                    Match::No => 2,
                }] += 1;
            }
            assumed.extend(assumptions(rule, attempt, judgement.applies));
            counts.verdict(attempt, &keys_here, verdict);
            together = together.and(verdict);
            if judgement.applies == Match::No {
                continue;
            }
            assumed.extend(judgement.settled.iter().flat_map(|settled| settled.assumptions.iter().copied()));
            let resource = keys.codes(Breakdown::Resource)[place];
            if rule.excludes_applications && keys.low_privilege()[resource as usize] {
                assumed.insert("U5");
            }
            let facts = replay::missing_facts(plan, rule, place, &judgement);
            counts.counted.open += u64::from(is_range(verdict));
            for fact in facts {
                *counts.counted.missing.entry(fact.to_owned()).or_default() += 1;
                missing.insert(fact.to_owned());
            }
            if verdict.may_be(Effect::Blocked) {
                let reasons = replay::reasons(rule, attempt, &judgement);
                let denying: BTreeSet<Reason> = reasons.into_iter().filter(|reason| reason.denies()).collect();
                let surely = if verdict.is_certainly(Effect::Blocked) { denying.clone() } else { BTreeSet::new() };
                counts.denied(&surely, &denying);
                certain.extend(surely);
                possible.extend(denying);
            }
        }
        combined.verdict(attempt, &keys_here, together);
        combined.denied(&certain, &possible);
        if is_range(together) {
            combined.counted.open += 1;
            for fact in missing {
                *combined.counted.missing.entry(fact).or_default() += 1;
            }
        }
        for tag in assumed {
            *tags.entry(tag).or_default() += 1;
        }
    }
    (rules.into_iter().map(Naive::finish).collect(), combined.finish(), population, tags)
}

fn counted(impact: &Impact) -> All {
    let population = of_breakdowns(&impact.population).into_iter().map(|(key, counts)| (key, counts[4])).collect();
    (impact.rules.iter().map(of_rule).collect(), of_rule(&impact.combined), population, impact.assumptions.clone())
}

fn read(world: &World) -> (Plan, Attempts) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let log = write("log.ndjson", &formats::write(Shape::GraphLines, &world.rows));
    for (place, (_, policy)) in world.policies.iter().enumerate() {
        write(&format!("policies/{place:03}.json"), policy.to_string().as_bytes());
    }
    fs::create_dir_all(folder.path().join("tenant")).unwrap();
    for (name, text) in &world.tenant {
        write(&format!("tenant/{name}"), text.as_bytes());
    }
    let options = ingest::Options { max_bad_rows: MaxBadRows::Rows(0), ..ingest::Options::default() };
    let ingested = ingest::ingest(&[log], &options, &()).unwrap();
    let (candidates, _) = policy::load(&[folder.path().join("policies").display().to_string()]).unwrap();
    let (tenant, _) = Tenant::load(&folder.path().join("tenant")).unwrap();
    let mut diagnostics = Diagnostics::default();
    let options = attempt::Options { own_tenant: tenant.settings.tenant_id.clone(), one_row_each: false };
    let attempts = attempt::gather(ingested.frame, &tenant.risk_detections, &options, &mut diagnostics);
    (compile::compile(&candidates, &attempts, &tenant, &mut diagnostics), attempts)
}

/// What was at stake in a world.
#[derive(Clone, Copy, Debug, Default)]
struct Stake {
    pairs: u64,
    open: u64,
    user_actions: usize,
    many: usize,
    assumed: u64,
}

fn compare(seed: u64) -> Stake {
    let mut world = random_world(seed, 60);
    if seed.is_multiple_of(3) {
        // More policies than fit one mask, or two.
        for other in 1..=12 + seed % 24 {
            world.policies.extend(random_world(seed * 1000 + other, 1).policies);
        }
    }
    let (plan, attempts) = read(&world);
    let keys = Keys::read(&attempts);
    let all: Vec<usize> = (0..attempts.list.len()).collect();
    let some: Vec<usize> = all.iter().copied().filter(|place| place % 3 != 1).rev().collect();
    let window = all.get(all.len() / 4..all.len() / 2).unwrap();
    for scope in [&all[..], &some, window, &[]] {
        let impact = replay::replay(&plan, &attempts, &keys, scope);
        let (rules, combined, population, assumptions) = counted(&impact);
        let naive = naive(&plan, &attempts, &keys, scope);
        for ((rule, ours), theirs) in plan.rules.iter().zip(&rules).zip(&naive.0) {
            assert_eq!(ours, theirs, "seed {seed}, {} attempts, policy `{}`", scope.len(), rule.name);
        }
        assert_eq!(combined, naive.1, "seed {seed}, {} attempts, all together", scope.len());
        assert_eq!(population, naive.2, "seed {seed}, {} attempts, population", scope.len());
        assert_eq!(assumptions, naive.3, "seed {seed}, {} attempts, assumptions", scope.len());
    }
    let impact = replay::replay(&plan, &attempts, &keys, &all);
    Stake {
        pairs: (all.len() * plan.rules.len()) as u64,
        open: impact.rules.iter().map(|rule| rule.open).sum(),
        user_actions: plan.rules.iter().filter(|rule| rule.is_user_action).count(),
        many: usize::from(plan.rules.len() > 64),
        assumed: impact.assumptions.values().sum(),
    }
}

#[test]
fn classes_add_up_to_what_every_attempt_and_policy_add_up_to() {
    let worlds = std::env::var("COUNTING_WORLDS").ok().and_then(|text| text.parse().ok()).unwrap_or(30);
    let stakes: Vec<Stake> = (1..=worlds).into_par_iter().map(compare).collect();
    let all = stakes.into_iter().fold(Stake::default(), |all, one| Stake {
        pairs: all.pairs + one.pairs,
        open: all.open + one.open,
        user_actions: all.user_actions + one.user_actions,
        many: all.many + one.many,
        assumed: all.assumed + one.assumed,
    });
    println!("{all:?}");
    assert!(all.pairs > 10_000 && all.open > 1_000, "too little was compared: {all:?}");
    assert!(all.user_actions > 0 && all.many > 2 && all.assumed > 100, "too little was at stake: {all:?}");
}
