//! What was typed, as files; and their bytes, as text.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use walkdir::WalkDir;

use super::error::IngestError;
use super::unpack::{Archive, Budget, Member, Packing};

/// The name of standard input on a command line.
const STANDARD_INPUT: &str = "-";

/// How the names of outputs begin while they are written.
pub const UNFINISHED: &str = ".ca-impact-";

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The argument that meant this file.
    pub(crate) typed: String,
    /// As typed, plus what a folder adds.
    pub(crate) path: String,
    /// Where it is; nothing for standard input.
    file: Option<PathBuf>,
    /// Whether this very file was typed: then it must be a sign-in export.
    pub(crate) is_named: bool,
}

/// All files that were meant, those of a folder or pattern in the order of their paths' bytes.
pub(crate) fn expand(logs: &[String]) -> Result<Vec<Source>, IngestError> {
    let (mut sources, mut errors) = (Vec::new(), Vec::new());
    for typed in logs {
        if typed == STANDARD_INPUT {
            if !sources.iter().any(|source: &Source| source.file.is_none()) {
                sources.push(Source { typed: typed.clone(), path: typed.clone(), file: None, is_named: true });
            }
        } else if Path::new(typed).is_dir() {
            match files_of_folders(typed, &[PathBuf::from(typed)]) {
                Ok(files) => sources.extend(files),
                Err(error) => errors.push(error),
            }
        } else if Path::new(typed).exists() {
            sources.push(Source {
                typed: typed.clone(),
                path: typed.clone(),
                file: Some(PathBuf::from(typed)),
                is_named: true,
            });
        } else if typed.contains(['*', '?', '[']) {
            let matches: Result<Vec<PathBuf>, glob::GlobError> = glob::glob(typed).into_iter().flatten().collect();
            let unreadable = |error: glob::GlobError| IngestError::Unreadable {
                path: error.path().display().to_string(),
                source: error.into(),
            };
            match matches.map_err(unreadable).and_then(|matches| files_of_folders(typed, &matches)) {
                Ok(files) => sources.extend(files),
                Err(error) => errors.push(error),
            }
        } else {
            errors.push(IngestError::NotFound { path: typed.clone() });
        }
    }
    IngestError::none_of(errors)?;
    // One file under two names is one file: its rows would count twice where they have no ids.
    let mut met = BTreeSet::new();
    sources.retain(|source| {
        let real = source.file.as_ref().and_then(|file| file.canonicalize().ok());
        real.is_none_or(|real| met.insert(real))
    });
    Ok(sources)
}

/// The files in and below these paths.
fn files_of_folders(typed: &str, roots: &[PathBuf]) -> Result<Vec<Source>, IngestError> {
    let mut files = Vec::new();
    for root in roots {
        for entry in WalkDir::new(root).follow_links(true) {
            match entry {
                // Pipes, sockets and devices are no exports; a pipe would be waited for without end.
                Ok(entry) if entry.file_type().is_file() && !is_ours(&entry) => files.push(entry.into_path()),
                Ok(_) => {}
                // A link to nowhere, or back to a folder above it, holds nothing that is not found otherwise.
                Err(error) if error.depth() > 0 && is_odd_link(&error) => {}
                Err(error) => {
                    let path = error.path().unwrap_or(root).display().to_string();
                    let source = error
                        .into_io_error()
                        .unwrap_or_else(|| io::Error::other("a link leads back to its own folder"));
                    return Err(IngestError::Unreadable { path, source });
                }
            }
        }
    }
    if files.is_empty() {
        return Err(IngestError::NoFiles { path: typed.to_owned() });
    }
    files.sort_unstable_by(|one, other| one.as_os_str().as_encoded_bytes().cmp(other.as_os_str().as_encoded_bytes()));
    files.dedup();
    let source = |file: PathBuf| {
        let (typed, path) = (typed.to_owned(), file.display().to_string());
        Source { typed, path, file: Some(file), is_named: false }
    };
    Ok(files.into_iter().map(source).collect())
}

/// An output of this program that is not finished yet.
fn is_ours(entry: &walkdir::DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with(UNFINISHED)
}

fn is_odd_link(error: &walkdir::Error) -> bool {
    let is_missing = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
    error.loop_ancestor().is_some() || is_missing
}

/// Beginnings of files that this program does not read, and what they are.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"Obj\x01", "an Avro file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"BZh", "a bzip2 file, which must be unpacked first"),
    (b"\xfd7zXZ", "an xz file, which must be unpacked first"),
    (b"7z\xbc\xaf", "a 7-Zip archive, which must be unpacked first"),
    (b"Rar!", "a RAR archive, which must be unpacked first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save its sheet as CSV"),
];

/// What a file is if it certainly holds no text, and nothing that can be unpacked.
pub(crate) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(257..262) == Some(b"ustar") {
        return Some("a tar archive, which must be unpacked first");
    }
    FOREIGN.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, what)| *what)
}

impl Source {
    /// How many bytes there are to read, if that can be known.
    pub(crate) fn bytes(&self) -> u64 {
        self.file.as_ref().and_then(|file| fs::metadata(file).ok()).map_or(0, |metadata| metadata.len())
    }

    /// About how many bytes of text there will be: what decides how many partitions are made.
    pub(crate) fn expected_bytes(&self) -> u64 {
        const PACKED: [&str; 6] = ["gz", "zst", "zip", "parquet", "arrow", "ipc"];
        let Some(file) = &self.file else { return 1 << 30 };
        let is_packed =
            file.extension().is_some_and(|ending| PACKED.iter().any(|packed| ending.eq_ignore_ascii_case(packed)));
        self.bytes().saturating_mul(if is_packed { 10 } else { 1 })
    }

    /// Where the bytes are. What comes through a pipe and is packed is held: its size says what it may come to.
    pub(crate) fn store(&self) -> Result<Store<'_>, IngestError> {
        let open = || -> io::Result<Store<'_>> {
            let mut pipe: Box<dyn Read + Send> = match &self.file {
                None => Box::new(io::stdin()),
                Some(file) if fs::metadata(file)?.is_file() => return Ok(Store::File(file)),
                Some(file) => Box::new(File::open(file)?),
            };
            let mut begin = Vec::new();
            Read::take(&mut pipe, 512).read_to_end(&mut begin)?;
            if Packing::of(&begin).is_some() {
                pipe.read_to_end(&mut begin)?;
                return Ok(Store::Held(begin));
            }
            Ok(Store::Pipe(Mutex::new(Pipe(Box::new(io::Cursor::new(begin).chain(pipe))))))
        };
        open().map_err(|source| IngestError::Unreadable { path: self.path.clone(), source })
    }

    /// How many bytes of memory reading the whole file will take, as far as its size and its first bytes tell.
    pub(crate) fn weight(&self) -> u64 {
        /// Logs pack to about so much less.
        const UNPACKED: u64 = 16;
        let begin = || -> Option<(u64, Vec<u8>)> {
            let path = self.file.as_ref()?;
            // A pipe would be waited for.
            let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
            let mut begin = Vec::new();
            Read::take(File::open(path).ok()?, 8).read_to_end(&mut begin).ok()?;
            Some((metadata.len(), begin))
        };
        match begin() {
            Some((size, begin)) => match Packing::of(&begin) {
                None => size,
                Some(Packing::Zip) => u64::MAX,
                Some(Packing::Gzip | Packing::Zstandard) => size.saturating_mul(UNPACKED),
            },
            // What cannot be opened is read to find out why.
            None if self.file.as_ref().is_some_and(|file| !file.exists()) => 0,
            None => u64::MAX,
        }
    }

    /// The whole file, or what it is if this program certainly does not read it.
    pub(crate) fn read(&self) -> Result<Result<Vec<u8>, &'static str>, IngestError> {
        let read = || match &self.file {
            None => contents(&mut io::stdin().lock(), 0),
            Some(file) => contents(&mut File::open(file)?, self.bytes()),
        };
        read().map_err(|source| IngestError::Unreadable { path: self.path.clone(), source })
    }
}

/// Where the bytes of one file are.
#[derive(Debug)]
pub(crate) enum Store<'a> {
    /// On disk.
    File(&'a Path),
    /// In memory.
    Held(Vec<u8>),
    /// In an archive.
    Member(&'a Archive<'a>, &'a Member),
    /// In a pipe, standard input perhaps: they come once.
    Pipe(Mutex<Pipe>),
}

/// What can be read once.
pub(crate) struct Pipe(Box<dyn Read + Send>);

impl fmt::Debug for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pipe")
    }
}

impl Store<'_> {
    /// Whether the bytes can be had again.
    pub(crate) fn is_lasting(&self) -> bool {
        !matches!(self, Store::Pipe(_))
    }

    /// How many bytes there are, as far as they count for what a packed file may come to.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Store::File(file) => fs::metadata(file).map_or(0, |metadata| metadata.len()),
            Store::Held(bytes) => bytes.len() as u64,
            Store::Member(..) | Store::Pipe(_) => 0,
        }
    }

    /// How the bytes are packed by where they are.
    pub(crate) fn packing(&self) -> Option<Packing> {
        matches!(self, Store::Member(..)).then_some(Packing::Zip)
    }

    /// Opens it for as long as it is read.
    pub(crate) fn open(
        &self,
        path: &str,
        budget: &Budget,
        read: &mut dyn FnMut(&mut dyn Read) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        match self {
            Store::File(file) => {
                let mut file =
                    File::open(file).map_err(|source| IngestError::Unreadable { path: path.to_owned(), source })?;
                read(&mut file)
            }
            Store::Held(bytes) => read(&mut bytes.as_slice()),
            Store::Member(archive, member) => archive.open_member(member, budget, read),
            Store::Pipe(pipe) => match pipe.lock() {
                Ok(mut pipe) => read(&mut pipe.0),
                Err(_) => Ok(()),
            },
        }
    }
}

fn contents(file: &mut dyn Read, expected: u64) -> io::Result<Result<Vec<u8>, &'static str>> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0).saturating_add(1));
    Read::take(&mut *file, 512).read_to_end(&mut bytes)?;
    if let Some(what) = foreign(&bytes) {
        return Ok(Err(what));
    }
    file.read_to_end(&mut bytes)?;
    Ok(Ok(bytes))
}

/// A file as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Whether some bytes were no text in the file's encoding.
    pub(crate) has_replacements: bool,
}

/// The encoding of a file, and how many bytes at its beginning only say so.
fn encoding(bytes: &[u8]) -> (&'static Encoding, usize) {
    match (Encoding::for_bom(bytes), bytes) {
        (Some(found), _) => found,
        // Text that begins with an ASCII character shows its encoding by where the zero byte is.
        (None, [0, 1..=255, ..]) => (UTF_16BE, 0),
        (None, [1..=255, 0, ..]) => (UTF_16LE, 0),
        (None, _) => (UTF_8, 0),
    }
}

/// How many bytes at the beginning of a file in UTF-8 only say so; nothing if it is in another encoding.
pub(crate) fn mark_of_utf_8(bytes: &[u8]) -> Option<usize> {
    let (encoding, mark) = encoding(bytes);
    (encoding == UTF_8).then_some(mark)
}

/// The text of a file: UTF-8 or UTF-16, with and without a mark at its beginning.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let (encoding, mark) = encoding(bytes);
    let bytes = bytes.get(mark..).unwrap_or_default();
    let (text, has_replacements) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, has_replacements }
}

#[cfg(test)]
mod tests {
    use super::{Decoded, Source, decode, expand};
    use std::fs;

    #[test]
    fn text_is_the_same_in_every_encoding() {
        let expected = Decoded { text: "{\"é\":1}".into(), has_replacements: false };
        let plain = "{\"é\":1}".as_bytes();
        let utf_16: Vec<u16> = "{\"é\":1}".encode_utf16().collect();
        let little: Vec<u8> = utf_16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = utf_16.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for (mark, rest) in [
            (&b""[..], plain),
            (b"\xef\xbb\xbf", plain),
            (b"\xff\xfe", &little),
            (b"\xfe\xff", &big),
            (b"", &little),
            (b"", &big),
        ] {
            assert_eq!(decode(&[mark, rest].concat()), expected, "{mark:?}");
        }
        assert!(decode(b"{\"\xe9\":1}").has_replacements);
    }

    #[test]
    fn folders_are_read_in_the_order_of_bytes_and_named_files_are_marked() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/empty")).unwrap();
        for name in ["b/z.json", "a.json", "B.json", "b.csv"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let root = folder.path().display().to_string();
        let names = |sources: Vec<Source>| -> Vec<(String, bool)> {
            let strip = |path: &str| path.strip_prefix(&format!("{root}/")).unwrap().to_owned();
            sources.iter().map(|source| (strip(&source.path), source.is_named)).collect()
        };
        let found = names(expand(std::slice::from_ref(&root)).unwrap());
        let expected = ["B.json", "a.json", "b.csv", "b/z.json"].map(|name| (name.to_owned(), false));
        assert_eq!(found, expected);
        assert_eq!(names(expand(&[format!("{root}/*.json")]).unwrap()).len(), 2);
        assert_eq!(names(expand(&[format!("{root}/a.json")]).unwrap()), [("a.json".to_owned(), true)]);
        for (typed, message) in [("nothing.json", "no such"), ("b/empty", "no file"), ("x*.json", "no file")] {
            let error = expand(&[format!("{root}/{typed}")]).unwrap_err();
            assert!(error.to_string().starts_with(message), "{typed}: {error}");
        }
        assert_eq!(expand(&["-".to_owned(), "-".to_owned()]).unwrap().len(), 1);
    }
}
