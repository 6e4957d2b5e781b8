//! Partitions of users: the rows of one person are always in the same one (design, section 2).
//!
//! Merging copies, grouping, evidence of earlier MFA and distinct people each need only the rows of one person, so
//! partitions are judged one by one, in any order, and what they give adds up.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use super::dictionary::{Code, Dictionary, NOT_RECORDED};
use super::schema::Column;
use super::sign_ins::{FrameBuilder, SignInFrame, Time};
use crate::domain::folded;

/// The rows of a frame by the partition that they belong to, each list in the order of the rows.
///
/// That is by the folded user id; a row without one belongs to nobody else (C3) and goes by its own id.
#[must_use]
pub fn rows_by_partition(frame: &SignInFrame, partitions: usize) -> Vec<Vec<u32>> {
    let mut rows: Vec<Vec<u32>> = vec![Vec::with_capacity(frame.rows() / partitions.max(1) + 1); partitions.max(1)];
    let users = Homes::new(frame.dictionary(Column::UserId), partitions);
    let ids = frame.dictionary(Column::Id);
    for (row, (user, id)) in (0_u32..).zip(frame.codes(Column::UserId).iter().zip(frame.codes(Column::Id))) {
        let home = if *user == NOT_RECORDED { home(ids.text(*id), partitions) } else { users.of(*user) };
        if let Some(rows) = rows.get_mut(home) {
            rows.push(row);
        }
    }
    rows
}

/// The partition of each user of a dictionary.
struct Homes(Vec<usize>);

impl Homes {
    fn new(users: &Dictionary, partitions: usize) -> Homes {
        Homes(users.iter().map(|user| home(user, partitions)).collect())
    }

    fn of(&self, user: Code) -> usize {
        self.0.get(user as usize).copied().unwrap_or(0)
    }
}

/// The partition of an id: the same in every run.
fn home(id: &str, partitions: usize) -> usize {
    let digest = FxBuildHasher.hash_one(folded(id).as_str());
    // The high bits: hash tables use the low ones.
    usize::try_from((u128::from(digest) * partitions.max(1) as u128) >> 64).unwrap_or(0)
}

/// Room for so many more values, and for a quarter beyond: all partitions grow alike, and twice as much room in each
/// of them would be twice the memory.
fn make_room<T>(values: &mut Vec<T>, more: usize) {
    if values.capacity() - values.len() < more {
        values.reserve_exact(more.max(values.len() / 4));
    }
}

/// A column of another frame: the codes of its rows, and its texts by code.
#[derive(Debug)]
pub struct Coded<'a> {
    /// One a row.
    pub codes: &'a [Code],
    /// The text of each code; that of "not recorded" is empty.
    pub texts: Vec<&'a str>,
}

impl FrameBuilder {
    /// Goes on from the rows of a frame.
    #[must_use]
    pub fn of(frame: SignInFrame) -> FrameBuilder {
        FrameBuilder { frame }
    }

    /// Adds some rows of another frame after these: of its texts only those that they have.
    pub fn append_some(&mut self, other: &SignInFrame, rows: &[u32]) {
        let SignInFrame { created, delivered, codes, nothing, dictionaries } = &mut self.frame;
        let row = |row: &u32| *row as usize;
        let columns = codes.iter_mut().zip(dictionaries).zip(other.codes.iter().zip(&other.dictionaries));
        for ((codes, dictionary), (their_codes, theirs)) in columns {
            if codes.is_empty() {
                if their_codes.is_empty() {
                    continue;
                }
                codes.clone_from(nothing);
            }
            if their_codes.is_empty() {
                codes.resize(codes.len() + rows.len(), NOT_RECORDED);
                continue;
            }
            let mut translated: Vec<Code> = vec![NOT_RECORDED; theirs.len()];
            make_room(codes, rows.len());
            for code in rows.iter().filter_map(|at| their_codes.get(row(at)).copied()) {
                let Some(known) = translated.get_mut(code as usize) else { continue };
                if *known == NOT_RECORDED && code != NOT_RECORDED {
                    *known = dictionary.intern(theirs.text(code));
                }
                codes.push(*known);
            }
        }
        make_room(created, rows.len());
        make_room(delivered, rows.len());
        make_room(nothing, rows.len());
        created.extend(rows.iter().filter_map(|at| other.created.get(row(at))));
        delivered.extend(rows.iter().filter_map(|at| other.delivered.get(row(at))));
        nothing.resize(created.len(), NOT_RECORDED);
    }

    /// Adds rows whose columns are coded by dictionaries of their own.
    ///
    /// # Errors
    ///
    /// Whatever `column` says.
    pub fn append_coded<'a, E>(
        &mut self,
        created: &[Time],
        delivered: &[Option<Time>],
        column: &mut dyn FnMut(Column) -> Result<Coded<'a>, E>,
    ) -> Result<(), E> {
        for (place, of_rows) in Column::ALL.iter().enumerate() {
            let Coded { codes: theirs, texts } = column(*of_rows)?;
            let SignInFrame { codes, nothing, dictionaries, .. } = &mut self.frame;
            let (Some(codes), Some(dictionary)) = (codes.get_mut(place), dictionaries.get_mut(place)) else { continue };
            if codes.is_empty() {
                // Only the text of "not recorded": nothing is recorded in this column.
                if texts.len() <= 1 {
                    continue;
                }
                codes.clone_from(nothing);
            }
            let translated: Vec<Code> = texts.into_iter().map(|text| dictionary.intern(text)).collect();
            let known = |code: Option<&Code>| code.and_then(|code| translated.get(*code as usize)).copied();
            codes.extend((0..created.len()).map(|row| known(theirs.get(row)).unwrap_or(NOT_RECORDED)));
        }
        self.frame.created.extend_from_slice(created);
        self.frame.nothing.resize(self.frame.created.len(), NOT_RECORDED);
        self.frame.delivered.extend(delivered.iter().copied().chain(std::iter::repeat(None)).take(created.len()));
        Ok(())
    }
}

impl SignInFrame {
    /// Bytes that the rows and their texts take in memory, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let SignInFrame { created, delivered, codes, nothing, dictionaries } = self;
        created.capacity() * size_of::<Time>()
            + delivered.capacity() * size_of::<Option<Time>>()
            + codes.iter().chain([nothing]).map(|codes| codes.capacity() * size_of::<Code>()).sum::<usize>()
            + dictionaries.iter().map(Dictionary::bytes).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::{Coded, rows_by_partition};
    use crate::frame::{Column, FrameBuilder, Row, SignInFrame};

    fn frame() -> SignInFrame {
        let mut builder = FrameBuilder::default();
        for (id, user) in [("a", "U1"), ("b", "u2"), ("c", "u1"), ("D", ""), ("d", ""), ("e", "u3")] {
            let mut row = Row::new(7);
            row.set(Column::Id, id);
            row.set(Column::UserId, user);
            builder.push(&row);
        }
        builder.finish()
    }

    #[test]
    fn people_and_copies_are_never_torn_apart() {
        for partitions in [1, 2, 3, 64] {
            let rows = rows_by_partition(&frame(), partitions);
            assert_eq!(rows.len(), partitions);
            let home = |row: u32| rows.iter().position(|rows| rows.contains(&row));
            assert_eq!(home(0), home(2), "ids fold case");
            assert_eq!(home(3), home(4), "copies of a row without a user stay together");
            assert_eq!(rows.iter().map(Vec::len).sum::<usize>(), 6);
        }
    }

    #[test]
    fn some_rows_bring_their_own_texts_and_no_others() {
        let frame = frame();
        let mut some = FrameBuilder::default();
        some.append_some(&frame, &[2, 5]);
        some.append_some(&frame, &[0]);
        let some = some.finish();
        let texts = |column| (0..some.rows()).map(|row| some.text(column, row).unwrap_or("")).collect::<Vec<_>>();
        assert_eq!(texts(Column::Id), ["c", "e", "a"]);
        assert_eq!(texts(Column::UserId), ["u1", "u3", "U1"]);
        assert_eq!(some.dictionary(Column::Id).len(), 4);

        let mut again = FrameBuilder::default();
        let column = &mut |column| {
            let (codes, texts) = (some.codes(column), some.dictionary(column).iter().collect());
            Ok::<_, ()>(Coded { codes, texts })
        };
        again.append_coded(some.created(), some.delivered(), column).unwrap();
        let again = again.finish();
        assert_eq!(
            (0..3).map(|row| again.text(Column::UserId, row)).collect::<Vec<_>>(),
            [Some("u1"), Some("u3"), Some("U1")]
        );
        assert!(again.bytes() > 3 * 4 * 4);
    }
}
