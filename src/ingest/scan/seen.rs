//! Values that were met under one key, as a tree of what their texts begin with.
//!
//! A value that is met again is found, measured and known to be JSON in one comparison with the text that comes next:
//! nothing is skipped token by token, hashed or parsed twice. That holds because no value is the beginning of another
//! one: strings, lists and objects say themselves where they end, and every other value is kept with what ends it.

use std::mem;

use super::super::record::Known;

/// Different lists and objects that are kept under one key.
const MOST: u32 = 4096;

/// Different strings and other short values that are kept: looking one up among many costs as much as reading it.
const MOST_SHORT: u32 = 12;

/// Longer values are not kept: they would push out all others.
const LONGEST: usize = 1 << 16;

/// After so many values it is asked whether keeping them was of use.
const TRIAL: u32 = 512;

/// So many values are let pass before another trial.
const PAUSE: u32 = 8192;

/// A piece of text, and what may follow it.
#[derive(Debug, Default)]
struct Node {
    start: usize,
    end: usize,
    /// By first byte, the last one that was met in front.
    next: Vec<(u8, usize)>,
    /// The value that ends here.
    value: Known,
}

/// The values of one key.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The first one is the root, without any text.
    nodes: Vec<Node>,
    text: Vec<u8>,
    values: u32,
    asked: u32,
    found: u32,
    pause: u32,
}

impl Seen {
    /// The value that these bytes begin with, and its length, if it was met before.
    pub(crate) fn find(&mut self, bytes: &[u8]) -> Option<(Known, usize)> {
        if self.pause > 0 {
            self.pause -= 1;
            return None;
        }
        if self.asked >= TRIAL {
            self.review();
        }
        self.asked += 1;
        let (mut node, mut at) = (0, 0);
        loop {
            let first = *bytes.get(at)?;
            let next = &mut self.nodes.get_mut(node)?.next;
            let place = next.iter().position(|(byte, _)| *byte == first)?;
            if place > 0 {
                next.swap(place, place / 2);
            }
            (_, node) = *next.get(place / 2)?;
            let Node { start, end, value, .. } = self.nodes.get(node)?;
            let label = self.text.get(*start..*end)?;
            if !bytes.get(at..)?.starts_with(label) {
                return None;
            }
            at += label.len();
            if *value != Known::NOT {
                self.found += 1;
                return Some((*value, at));
            }
        }
    }

    /// Whether another value may be kept.
    pub(crate) fn has_room(&self, value: &[u8]) -> bool {
        let most = if matches!(value.first(), Some(b'{' | b'[')) { MOST } else { MOST_SHORT };
        self.pause == 0 && self.values < most && value.len() <= LONGEST
    }

    /// Keeps a value that [`Seen::find`] did not find, with what ends it.
    pub(crate) fn keep(&mut self, value: &[u8], known: Known) -> Option<()> {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        self.values += 1;
        let (mut node, mut rest) = (0, value);
        loop {
            let first = *rest.first()?;
            let Some((_, child)) = self.nodes.get(node)?.next.iter().find(|(byte, _)| *byte == first).copied() else {
                let leaf = self.add(rest, known);
                self.nodes.get_mut(node)?.next.push((first, leaf));
                return Some(());
            };
            let Node { start, end, .. } = *self.nodes.get(child)?;
            let label = self.text.get(start..end)?;
            let common = label.iter().zip(rest).take_while(|(mine, theirs)| mine == theirs).count();
            if common < label.len() {
                // What is in common stays in its place, the rest moves below it.
                let (second, split) = (*label.get(common)?, start + common);
                let upper = self.nodes.get_mut(child)?;
                let (next, value) = (mem::take(&mut upper.next), mem::take(&mut upper.value));
                upper.end = split;
                let lower = self.push(Node { start: split, end, next, value });
                self.nodes.get_mut(child)?.next.push((second, lower));
            }
            node = child;
            rest = rest.get(common..)?;
        }
    }

    fn add(&mut self, text: &[u8], value: Known) -> usize {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        self.push(Node { start, end: self.text.len(), next: Vec::new(), value })
    }

    fn push(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Values that hardly ever come again are not kept; those that no longer come make room for others.
    fn review(&mut self) {
        let (asked, found) = (self.asked, self.found);
        (self.asked, self.found) = (0, 0);
        // What looks most values up in vain costs more than it saves.
        let is_of_use = found * if self.values <= MOST_SHORT { 2 } else { 8 } >= asked;
        if !is_of_use || self.values >= MOST && found * 2 < asked {
            self.nodes = Vec::new();
            self.text = Vec::new();
            self.values = 0;
        }
        if !is_of_use {
            self.pause = PAUSE;
        }
    }
}
