//! One file, read and unpacked on a thread of its own: its beginning first, then, as somebody says, text or bytes.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{Scope, ScopedJoinHandle};

use sha2::{Digest, Sha256};

use super::text::Decoder;
use crate::ingest::Progress;
use crate::ingest::error::IngestError;
use crate::ingest::file::hexadecimal;
use crate::ingest::source::Store;
use crate::ingest::unpack::{self, Budget, Inside};

/// Windows that wait to be read, beside the one that is being filled and the one that is being read.
const WAITING: usize = 1;

/// How a file begins, inside all that it is packed in.
pub(super) struct Begin {
    pub(super) inside: Inside,
    /// How often it was packed.
    pub(super) depth: usize,
    pub(super) bytes: Vec<u8>,
    /// Whether that is all of it.
    pub(super) is_end: bool,
}

/// More of a file.
pub(super) struct More {
    pub(super) bytes: Vec<u8>,
    pub(super) text: String,
    /// Whether some bytes were no text.
    pub(super) has_replacements: bool,
    pub(super) is_end: bool,
}

/// As what a file goes on to be read.
pub(super) enum As {
    /// UTF-8, behind what this decoder was shown.
    Text(Decoder),
    /// Whatever it is.
    Bytes,
}

enum Message {
    Begin(Begin),
    More(More),
}

/// What a file is read from, and with what in mind.
#[derive(Clone, Copy)]
pub(super) struct From<'e> {
    pub(super) path: &'e str,
    pub(super) store: &'e Store<'e>,
    pub(super) budget: &'e Budget,
    /// How often it was packed already.
    pub(super) depth: usize,
    /// About so many bytes at once.
    pub(super) window: usize,
    pub(super) hash: bool,
    pub(super) progress: &'e dyn Progress,
}

/// The receiving end.
pub(super) struct Feed<'scope> {
    messages: Receiver<Result<Message, IngestError>>,
    decision: Option<SyncSender<As>>,
    spare: SyncSender<Vec<u8>>,
    thread: ScopedJoinHandle<'scope, Option<String>>,
    held: VecDeque<More>,
}

impl<'scope> Feed<'scope> {
    /// Starts the thread.
    pub(super) fn start<'env: 'scope>(scope: &'scope Scope<'scope, 'env>, from: From<'env>) -> Feed<'scope> {
        let (sender, messages) = mpsc::sync_channel(WAITING);
        let (decision, decided) = mpsc::sync_channel(1);
        let (spare, spares) = mpsc::sync_channel(WAITING + 1);
        let thread = scope.spawn(move || {
            let hash = from.hash.then(|| Mutex::new(Sha256::new()));
            if let Err(error) = send_all(from, hash.as_ref(), &sender, &decided, &spares) {
                // Nobody listens any more: then nobody needs to know.
                let _ = sender.send(Err(error));
            }
            let hash = hash?.into_inner().ok()?;
            Some(hexadecimal(&hash.finalize()))
        });
        Feed { messages, decision: Some(decision), spare, thread, held: VecDeque::new() }
    }

    /// The beginning; asked for once, before anything else.
    pub(super) fn begin(&mut self) -> Result<Option<Begin>, IngestError> {
        match self.messages.recv() {
            Ok(Ok(Message::Begin(begin))) => Ok(Some(begin)),
            Ok(Err(error)) => Err(error),
            Ok(Ok(Message::More(_))) | Err(_) => Ok(None),
        }
    }

    /// Says how to go on.
    pub(super) fn go_on(&mut self, reading: As) {
        if let Some(decision) = self.decision.take() {
            let _ = decision.send(reading);
        }
    }

    /// A text that is not needed any more: its memory is for one that comes.
    pub(super) fn give_back(&self, text: String) {
        // Where there are enough, or nobody reads any more, it is let go.
        let _ = self.spare.try_send(text.into_bytes());
    }

    /// What comes next; nothing behind the end.
    pub(super) fn next(&mut self) -> Result<Option<More>, IngestError> {
        if let Some(more) = self.held.pop_front() {
            return Ok(Some(more));
        }
        self.receive()
    }

    fn receive(&self) -> Result<Option<More>, IngestError> {
        match self.messages.recv() {
            Ok(Ok(Message::More(more))) => Ok(Some(more)),
            Ok(Err(error)) => Err(error),
            Ok(Ok(Message::Begin(_))) | Err(_) => Ok(None),
        }
    }

    /// All that is left, held in memory so that it can be looked at twice.
    pub(super) fn hold(&mut self) -> Result<impl Iterator<Item = &More>, IngestError> {
        while let Some(more) = self.receive()? {
            self.held.push_back(more);
        }
        Ok(self.held.iter())
    }

    /// The hash of the whole file as it is on disk, when all of it was read.
    pub(super) fn finish(self) -> Option<String> {
        drop((self.messages, self.decision, self.spare));
        self.thread.join().ok().flatten()
    }
}

/// Tells how far reading is, and hashes what is read.
struct Told<'r> {
    reader: &'r mut dyn Read,
    hash: Option<&'r Mutex<Sha256>>,
    progress: &'r dyn Progress,
}

impl Read for Told<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        if let Some(Ok(mut hash)) = self.hash.map(Mutex::lock) {
            hash.update(buffer.get(..read).unwrap_or_default());
        }
        self.progress.advance(read as u64);
        Ok(read)
    }
}

type Sender = SyncSender<Result<Message, IngestError>>;

fn send_all(
    from: From<'_>,
    hash: Option<&Mutex<Sha256>>,
    sender: &Sender,
    decided: &Receiver<As>,
    spares: &Receiver<Vec<u8>>,
) -> Result<(), IngestError> {
    let From { path, store, budget, depth, window, progress, .. } = from;
    store.open(path, budget, &mut |raw| {
        let mut told = Told { reader: raw, hash, progress };
        let mut is_wanted = true;
        unpack::inside(path, &mut told, store.packing(), budget, depth, &mut |inside, depth, reader| {
            is_wanted =
                send_inside(inside, depth, Ahead { reader, next: Vec::new(), spares }, window, sender, decided)?;
            Ok(())
        })?;
        // What stands behind a packed stream is part of the file too.
        if is_wanted && hash.is_some() {
            io::copy(&mut told, &mut io::sink()).map_err(|error| unpack::failed(path, None, budget, error))?;
        }
        Ok(())
    })
}

/// Whether somebody wanted all of it.
fn send_inside(
    inside: Inside,
    depth: usize,
    mut ahead: Ahead<'_>,
    window: usize,
    sender: &Sender,
    decided: &Receiver<As>,
) -> io::Result<bool> {
    let (bytes, is_end) = ahead.next(window)?;
    if sender.send(Ok(Message::Begin(Begin { inside, depth, bytes, is_end }))).is_err() {
        return Ok(false);
    }
    if is_end {
        return Ok(true);
    }
    let Ok(mut reading) = decided.recv() else { return Ok(false) };
    loop {
        let (bytes, is_end) = ahead.next(window)?;
        let more = match &mut reading {
            As::Bytes => More { bytes, text: String::new(), has_replacements: false, is_end },
            As::Text(decoder) => {
                let (text, has_replacements) = decoder.text(bytes, is_end);
                More { bytes: Vec::new(), text, has_replacements, is_end }
            }
        };
        if sender.send(Ok(Message::More(more))).is_err() {
            return Ok(false);
        }
        if is_end {
            return Ok(true);
        }
    }
}

/// Reads a little more than is handed out: only so the last window is known to be the last.
struct Ahead<'r> {
    reader: &'r mut dyn Read,
    next: Vec<u8>,
    /// Memory that was used before: fresh memory costs more than what is read into it.
    spares: &'r Receiver<Vec<u8>>,
}

impl Ahead<'_> {
    const LITTLE: usize = 512;

    fn next(&mut self, window: usize) -> io::Result<(Vec<u8>, bool)> {
        let begun = self.next.len();
        let mut bytes = match self.spares.try_recv() {
            // What was filled before is not cleared again.
            Ok(mut bytes) => {
                bytes.resize(window.max(begun), 0);
                bytes
            }
            Err(_) => vec![0; window.max(begun)],
        };
        bytes.iter_mut().zip(self.next.drain(..)).for_each(|(to, byte)| *to = byte);
        let mut filled = begun;
        while let Some(free) = bytes.get_mut(filled..).filter(|free| !free.is_empty()) {
            match self.reader.read(free) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        Read::take(&mut *self.reader, Ahead::LITTLE as u64).read_to_end(&mut self.next)?;
        let is_end = self.next.is_empty();
        Ok((bytes, is_end))
    }
}
