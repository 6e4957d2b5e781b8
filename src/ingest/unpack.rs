//! Packed files become the files inside them: gzip, Zstandard and zip, also inside each other.
//!
//! Nothing is written to disk, so a name inside an archive can reach no file; one that tries to climb
//! out of it still marks the archive as hostile, and it is refused. What unpacks to more than the
//! limits allow is refused too: a few kilobytes can stand for more than any memory.

use std::io::{self, BufReader, Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::{error, fmt};

use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::error::IngestError;

/// How much a packed file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unpacking {
    /// Bytes that all of one packed file may come to.
    pub most: u64,
    /// How many times its own size it may come to, once that is more than 256 MiB.
    pub ratio: Option<u64>,
}

/// Ratios say nothing about small files.
const RATIO_FROM: u64 = 256 << 20;

impl Unpacking {
    /// What holds if nothing is said: 8 GiB, and 300 times the packed size. Real logs pack to a tenth or a fiftieth.
    pub const ORDINARY: Unpacking = Unpacking { most: 8 << 30, ratio: Some(300) };

    /// Somebody who says a number trusts the file: the ratio is no longer looked at.
    #[must_use]
    pub fn up_to(most: u64) -> Unpacking {
        Unpacking { most, ratio: None }
    }

    /// The bytes that a packed file of this size may come to.
    pub(crate) fn allowed(self, packed: u64) -> u64 {
        let by_ratio = self.ratio.map_or(u64::MAX, |ratio| packed.saturating_mul(ratio).max(RATIO_FROM));
        self.most.min(by_ratio)
    }
}

/// What one packed file may still come to, with all that is packed inside it.
#[derive(Debug)]
pub(crate) struct Budget {
    path: String,
    packed: u64,
    allowed: u64,
    used: AtomicU64,
}

impl Budget {
    /// For the file of this path and size.
    pub(crate) fn of(path: &str, packed: u64, limits: Unpacking) -> Budget {
        Budget { path: path.to_owned(), packed, allowed: limits.allowed(packed), used: AtomicU64::new(0) }
    }

    /// The same for another reading of the same file.
    pub(crate) fn again(&self) -> Budget {
        Budget { path: self.path.clone(), packed: self.packed, allowed: self.allowed, used: AtomicU64::new(0) }
    }

    /// All that a reader gives, if that is still allowed.
    fn read(&self, reader: &mut dyn Read, expected: u64) -> io::Result<Result<Vec<u8>, IngestError>> {
        let left = self.allowed.saturating_sub(self.used.load(Ordering::Relaxed));
        let expected = expected.min(left).min(RATIO_FROM);
        let mut unpacked = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
        Read::take(reader, left.saturating_add(1)).read_to_end(&mut unpacked)?;
        // Whatever is unpacked at the same time counts too: the sum decides, not who was first.
        let size = unpacked.len() as u64;
        let used = self.used.fetch_add(size, Ordering::Relaxed).saturating_add(size);
        Ok(if used > self.allowed { Err(self.exceeded()) } else { Ok(unpacked) })
    }

    fn exceeded(&self) -> IngestError {
        IngestError::TooLarge { path: self.path.clone(), packed: self.packed, allowed: self.allowed }
    }
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zstandard,
    Zip,
}

impl Packing {
    /// By its first bytes; names are never asked.
    pub(crate) fn of(bytes: &[u8]) -> Option<Packing> {
        const MARKS: [(&[u8], Packing); 4] = [
            (b"\x1f\x8b", Packing::Gzip),
            (b"\x28\xb5\x2f\xfd", Packing::Zstandard),
            (b"PK\x03\x04", Packing::Zip),
            // An archive without members.
            (b"PK\x05\x06", Packing::Zip),
        ];
        MARKS.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, packing)| packing)
    }

    fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstandard => "Zstandard",
            Packing::Zip => "zip",
        }
    }
}

/// The one file in a gzip or Zstandard file; several streams one after the other are one file.
pub(crate) fn stream(path: &str, packing: Packing, bytes: &[u8], budget: &Budget) -> Result<Vec<u8>, IngestError> {
    let expected = (bytes.len() as u64).saturating_mul(8);
    let read = match packing {
        Packing::Gzip => budget.read(&mut MultiGzDecoder::new(bytes), expected),
        Packing::Zstandard => zstd::stream::read::Decoder::with_buffer(bytes)
            .and_then(|mut unpacked| budget.read(&mut unpacked, expected)),
        Packing::Zip => Err(io::Error::other("an archive is no stream")),
    };
    read.unwrap_or_else(|error| Err(broken(path, packing, &error)))
}

/// What is left when nothing more can be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// A file that is not packed.
    Plain,
    /// An archive, which may hold several.
    Zip,
    /// One that is packed too many times over.
    TooDeep,
}

/// How often a file may be packed.
pub(crate) const DEEPEST: usize = 4;

/// Takes what is inside, how often it was packed, and its bytes.
pub(crate) type Take<'t> = dyn FnMut(Inside, usize, &mut dyn Read) -> io::Result<()> + 't;

/// Unpacks gzip and Zstandard, to any depth that makes sense, while it is read. `outer` is how the reader's own bytes
/// are packed.
pub(crate) fn inside(
    path: &str,
    reader: &mut dyn Read,
    outer: Option<Packing>,
    budget: &Budget,
    depth: usize,
    take: &mut Take<'_>,
) -> Result<(), IngestError> {
    let mut begin = Vec::new();
    Read::take(&mut *reader, 512).read_to_end(&mut begin).map_err(|error| failed(path, outer, budget, error))?;
    let packing = Packing::of(&begin);
    let mut whole = Cursor::new(begin).chain(reader);
    let what = match packing {
        None => Inside::Plain,
        Some(_) if depth == DEEPEST => Inside::TooDeep,
        Some(Packing::Zip) => Inside::Zip,
        Some(packing) => {
            let packed = BufReader::with_capacity(BUFFER, whole);
            let mut gzip;
            let mut zstandard;
            let unpacked: &mut dyn Read = if packing == Packing::Gzip {
                gzip = MultiGzDecoder::new(packed);
                &mut gzip
            } else {
                let opened = zstd::stream::read::Decoder::with_buffer(packed);
                zstandard = opened.map_err(|error| failed(path, Some(packing), budget, error))?;
                &mut zstandard
            };
            let mut counted = Counted { reader: unpacked, budget };
            return inside(path, &mut counted, Some(packing), budget, depth + 1, take);
        }
    };
    take(what, depth, &mut whole).map_err(|error| failed(path, outer, budget, error))
}

/// Packed bytes that are read at once.
const BUFFER: usize = 128 << 10;

/// Why reading failed, by how what was read is packed.
pub(crate) fn failed(path: &str, packing: Option<Packing>, budget: &Budget, error: io::Error) -> IngestError {
    if error.get_ref().is_some_and(|error| error.is::<Exceeded>()) {
        return budget.exceeded();
    }
    match packing {
        Some(packing) => broken(path, packing, &error),
        None => IngestError::Unreadable { path: path.to_owned(), source: error },
    }
}

/// Counts what is unpacked, and fails when it is more than the budget allows.
struct Counted<'r> {
    reader: &'r mut dyn Read,
    budget: &'r Budget,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let used = self.budget.used.fetch_add(read as u64, Ordering::Relaxed).saturating_add(read as u64);
        if used > self.budget.allowed { Err(io::Error::other(Exceeded)) } else { Ok(read) }
    }
}

/// The budget is spent.
#[derive(Debug)]
struct Exceeded;

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("more than is allowed")
    }
}

impl error::Error for Exceeded {}

/// A file inside an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    place: usize,
    /// The archive's path and its own.
    pub(crate) path: String,
    pub(crate) size: u64,
}

/// An archive whose names and sizes have been looked at.
#[derive(Clone, Debug)]
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Members in the order of their names' bytes.
    pub(crate) members: Vec<Member>,
}

impl<'a> Archive<'a> {
    /// Opens an archive; nothing is unpacked yet.
    pub(crate) fn open(path: &'a str, bytes: &'a [u8], budget: &Budget) -> Result<Archive<'a>, IngestError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(path, error))?;
        let mut members = Vec::with_capacity(zip.len());
        for place in 0..zip.len() {
            let file = zip.by_index_raw(place).map_err(|error| unreadable(path, error))?;
            let name = file.name().map_err(|error| unreadable(path, error))?.into_owned();
            if climbs(&name) {
                return Err(IngestError::Climbs { path: path.to_owned(), name });
            }
            if name == "xl/workbook.xml" {
                let looks = "it is an Excel workbook; save its sheet as CSV".to_owned();
                return Err(IngestError::Unknown { path: path.to_owned(), looks });
            }
            if !file.is_dir() && !is_clutter(&name) {
                members.push(Member { place, path: format!("{path}/{name}"), size: file.size() });
            }
        }
        let size = members.iter().fold(0_u64, |size, member| size.saturating_add(member.size));
        if size > budget.allowed {
            return Err(budget.exceeded());
        }
        members.sort_by(|one, other| one.path.as_bytes().cmp(other.path.as_bytes()));
        Ok(Archive { zip, members })
    }

    /// The bytes of a member.
    pub(crate) fn unpack(&self, member: &Member, budget: &Budget) -> Result<Vec<u8>, IngestError> {
        let mut zip = self.zip.clone();
        let mut file = zip.by_index(member.place).map_err(|error| unreadable(&member.path, error))?;
        budget.read(&mut file, member.size).unwrap_or_else(|error| Err(broken(&member.path, Packing::Zip, &error)))
    }

    /// The same while it is unpacked.
    pub(crate) fn open_member(
        &self,
        member: &Member,
        budget: &Budget,
        read: &mut dyn FnMut(&mut dyn Read) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        let mut zip = self.zip.clone();
        let mut file = zip.by_index(member.place).map_err(|error| unreadable(&member.path, error))?;
        read(&mut Counted { reader: &mut file, budget })
    }
}

/// Whether a name leads out of its archive, or nowhere.
fn climbs(name: &str) -> bool {
    let has_drive = name.as_bytes().get(1) == Some(&b':');
    let is_above = name.split(['/', '\\']).any(|part| part == "..");
    name.starts_with(['/', '\\']) || has_drive || is_above || name.contains('\0')
}

/// What archivers and file managers leave beside the files.
fn is_clutter(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.rsplit('/').next().is_some_and(|file| file == ".DS_Store")
}

fn broken(path: &str, packing: Packing, error: &io::Error) -> IngestError {
    let name = packing.name();
    let reason = match error.kind() {
        io::ErrorKind::UnexpectedEof => format!("the {name} file breaks off"),
        _ => format!("the {name} file is damaged: {error}"),
    };
    IngestError::Packed { path: path.to_owned(), reason }
}

fn unreadable(path: &str, error: ZipError) -> IngestError {
    let reason = match error {
        ZipError::Io(error) => return broken(path, Packing::Zip, &error),
        ZipError::UnsupportedArchive(reason) => format!("the zip file cannot be unpacked: {reason}"),
        other => format!("the zip file is damaged: {other}"),
    };
    IngestError::Packed { path: path.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::{Archive, Budget, Packing, Unpacking, stream};
    use crate::ingest::IngestError;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(text).unwrap();
        packed.finish().unwrap()
    }

    fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in members {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(text).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn ordinary(bytes: &[u8]) -> Budget {
        Budget::of("a", bytes.len() as u64, Unpacking::ORDINARY)
    }

    #[test]
    fn streams_are_unpacked_and_broken_ones_are_told() {
        let both = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(Packing::of(&both), Some(Packing::Gzip));
        assert_eq!(stream("a", Packing::Gzip, &both, &ordinary(&both)).unwrap(), b"one two");
        let packed = zstd::encode_all(&b"three"[..], 3).unwrap();
        assert_eq!(Packing::of(&packed), Some(Packing::Zstandard));
        assert_eq!(stream("a", Packing::Zstandard, &packed, &ordinary(&packed)).unwrap(), b"three");
        let long = gzip(&[7; 9000]);
        for (packing, bytes) in [
            (Packing::Gzip, &long[..long.len() / 2]),
            (Packing::Gzip, &[&long[..], b"rest"].concat()),
            (Packing::Zstandard, &packed[..packed.len() - 2]),
        ] {
            let error = stream("a.gz", packing, bytes, &ordinary(bytes)).unwrap_err();
            assert!(matches!(error, IngestError::Packed { .. }), "{error:?}");
        }
    }

    #[test]
    fn a_bomb_is_refused_by_its_size_and_by_its_ratio() {
        let bomb = gzip(&vec![0; 1 << 20]);
        let budget = |limits| Budget::of("a", bomb.len() as u64, limits);
        let refuses =
            |limits| matches!(stream("a", Packing::Gzip, &bomb, &budget(limits)), Err(IngestError::TooLarge { .. }));
        assert!(refuses(Unpacking::up_to((1 << 20) - 1)));
        assert!(!refuses(Unpacking::up_to(1 << 20)));
        let packed = bomb.len() as u64;
        assert_eq!(Unpacking::ORDINARY.allowed(packed), 256 << 20);
        assert_eq!(Unpacking::ORDINARY.allowed(1 << 20), 300 << 20);
        assert_eq!(Unpacking::ORDINARY.allowed(1 << 40), 8 << 30);
        let archive = zip(&[("a", &[0; 4096]), ("b", &[0; 4096])]);
        assert!(Archive::open("z", &archive, &budget(Unpacking::up_to(8192))).is_ok());
        let error = Archive::open("z", &archive, &budget(Unpacking::up_to(8191))).unwrap_err();
        assert!(matches!(error, IngestError::TooLarge { .. }));
    }

    #[test]
    fn members_come_in_the_order_of_their_names() {
        let bytes = zip(&[("b/z.json", b"1"), ("a.json", b"2"), ("__MACOSX/a.json", b"3"), ("B.csv", b"4")]);
        let budget = ordinary(&bytes);
        let archive = Archive::open("x.zip", &bytes, &budget).unwrap();
        let found: Vec<(&str, Vec<u8>)> = archive
            .members
            .iter()
            .map(|member| (member.path.as_str(), archive.unpack(member, &budget).unwrap()))
            .collect();
        let expected = [("x.zip/B.csv", b"4"), ("x.zip/a.json", b"2"), ("x.zip/b/z.json", b"1")];
        assert_eq!(found, expected.map(|(path, text)| (path, text.to_vec())));
    }

    #[test]
    fn hostile_and_foreign_archives_are_refused() {
        for name in ["../up.json", "a/../../up.json", "/etc/passwd", "C:\\x", "a\\..\\b"] {
            let bytes = zip(&[("good.json", b"{}"), (name, b"{}")]);
            let error = Archive::open("x.zip", &bytes, &ordinary(&bytes)).unwrap_err();
            assert!(matches!(error, IngestError::Climbs { .. }), "{name}: {error}");
        }
        let workbook = zip(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")]);
        let error = Archive::open("x.xlsx", &workbook, &ordinary(&workbook)).unwrap_err();
        assert!(error.to_string().contains("Excel workbook"), "{error}");
        let cut = zip(&[("a.json", &[b'x'; 900])]);
        assert!(Archive::open("x.zip", &cut[..cut.len() - 30], &ordinary(&cut)).is_err());
    }
}
