//! The loops: free functions over plain slices, with no branch on what a policy looks like.

use crate::compile::lookup::Lookup;
use crate::compile::rule::Settled;
use crate::domain::{Match, Verdict};
use crate::impact::Answers;

/// One more condition: the weakest answer wins (CON-2). Counts each answer for the funnel.
pub(super) fn narrow(applies: &mut [Match], codes: &[u32], condition: &Lookup, funnel: &mut Answers) {
    assert_eq!(applies.len(), codes.len(), "one code per attempt");
    for (applies, code) in applies.iter_mut().zip(codes) {
        let answer = condition.answer(*code);
        funnel.count(answer);
        *applies = applies.and(answer);
    }
}

/// The verdict of each attempt, from whether the rule applies and how its controls settled.
pub(super) fn settle(verdicts: &mut [Verdict], applies: &[Match], evidence: &[u32], settled: &[Settled]) {
    assert_eq!(verdicts.len(), applies.len(), "one answer per attempt");
    assert_eq!(verdicts.len(), evidence.len(), "one evidence per attempt");
    for ((to, applies), evidence) in verdicts.iter_mut().zip(applies).zip(evidence) {
        *to = verdict(*applies, settled.get(*evidence as usize));
    }
}

/// C26: certainly not, perhaps, certainly.
pub(super) fn verdict(applies: Match, settled: Option<&Settled>) -> Verdict {
    match (applies, settled) {
        (Match::No, _) | (_, None) => Verdict::UNTOUCHED,
        (Match::Unknown, Some(settled)) => settled.perhaps,
        (Match::Yes, Some(settled)) => settled.matched,
    }
}

/// Cuts a list in which people stand side by side into chunks that hold whole people.
pub(super) fn chunks_of_people(order: &[usize], about: usize, user: impl Fn(usize) -> u32) -> Vec<&[usize]> {
    let mut chunks = Vec::new();
    let mut rest = order;
    while !rest.is_empty() {
        let mut cut = about.min(rest.len());
        let same = |cut: usize| {
            let sides = rest.get(cut.wrapping_sub(1)).zip(rest.get(cut));
            sides.is_some_and(|(before, after)| user(*before) == user(*after))
        };
        while same(cut) {
            cut += 1;
        }
        let (chunk, later) = rest.split_at(cut);
        chunks.push(chunk);
        rest = later;
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::chunks_of_people;

    #[test]
    fn a_person_is_never_cut_in_two() {
        let order: Vec<usize> = (0..10).collect();
        let user = |place: usize| [0, 0, 0, 1, 1, 2, 3, 3, 3, 3][place];
        let chunks = chunks_of_people(&order, 4, user);
        assert_eq!(chunks, [&[0, 1, 2, 3, 4][..], &[5, 6, 7, 8, 9][..]]);
    }
}
