//! Output files: named before anything is read, opened before the long run, written beside their name, renamed when
//! complete.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::ingest::UNFINISHED;
use crate::report::PageFormat;

use super::Failure;
use super::temporary::Known;

/// A file that does not exist under its name until it is complete.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    _known: Known,
}

impl Output {
    /// Opens a file beside the name.
    pub(super) fn open(path: &Path) -> Result<Output, Failure> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        if path.is_dir() {
            return Err(cannot_write(path, "it is a folder"));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED);
        // An ordinary file, as the umask allows; temporary files are private by themselves.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder).map_err(|error| cannot_write(path, &reason(&error)))?;
        let known = Known::new(file.path());
        Ok(Output { path: path.to_owned(), file: BufWriter::new(file), _known: known })
    }

    /// The name it will have.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file as a writer that can seek.
    pub(super) fn writer(&mut self) -> &mut BufWriter<NamedTempFile> {
        &mut self.file
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Output { path, file, _known } = self;
        let complete = |error: io::Error| cannot_write(&path, &reason(&error));
        let mut file = file.into_inner().map_err(|error| complete(error.into_error()))?;
        file.flush().map_err(complete)?;
        file.persist(&path).map_err(|error| complete(error.error))?;
        Ok(())
    }
}

/// The message of an error without its number: the same on every machine.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "its folder does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// The error for a file that cannot be written.
pub(super) fn cannot_write(path: &Path, reason: &str) -> Failure {
    let place = path.display().to_string();
    Failure::failed(&place, &format!("cannot be written: {reason}"), "name a file in a folder that exists and is yours")
}

/// Outputs that were asked for, and the form of each.
pub(super) type Wanted<'a, T> = Vec<(T, &'a Path)>;

/// No name may be given to two outputs.
pub(super) fn once<'a>(path: &'a Path, seen: &mut Vec<&'a Path>) -> Result<(), Failure> {
    let same = |other: &&Path| std::path::absolute(other).ok() == std::path::absolute(path).ok();
    if seen.iter().any(same) {
        let place = path.display().to_string();
        return Err(Failure::usage(&place, "named twice as an output", "give each output a name of its own"));
    }
    seen.push(path);
    Ok(())
}

/// The ending of a name, without its dot.
pub(super) fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The error for an ending that chooses no form.
pub(super) fn unknown_ending(path: &Path, option: &str, known: &str) -> Failure {
    let message = format!("the ending does not say which form `{option}` should write");
    Failure::usage(&path.display().to_string(), &message, &format!("end the name in {known}"))
}

/// An output must not take the place of something that is read: logs, or one of these files and folders.
pub(super) fn refuse_an_input(path: &Path, logs: &[String], besides: &[&Path]) -> Result<(), Failure> {
    // A file that does not exist yet would be read by the next run.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let new = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
    let Some(output) = path.canonicalize().ok().or_else(new) else { return Ok(()) };
    let is_input = logs.iter().map(Path::new).chain(besides.iter().copied()).any(|input| {
        input.canonicalize().is_ok_and(|input| output == input || (input.is_dir() && output.starts_with(&input)))
    }) || logs.iter().any(|pattern| matches_pattern(pattern, &output));
    if is_input {
        return Err(Failure::usage(
            &path.display().to_string(),
            "is also an input, or stands among the files of one",
            "write outputs under another name, outside the folders that are read",
        ));
    }
    Ok(())
}

fn matches_pattern(pattern: &str, output: &Path) -> bool {
    glob::glob(pattern).is_ok_and(|mut paths| {
        paths.any(|path| path.is_ok_and(|path| path.canonicalize().is_ok_and(|path| path == output)))
    })
}

/// Files for a page or its data, open before anything is read.
pub(super) fn page_outputs(
    output: &[PathBuf],
    logs: &[String],
    besides: &[&Path],
) -> Result<Vec<(PageFormat, Output)>, Failure> {
    let mut seen: Vec<&Path> = Vec::new();
    let mut wanted: Wanted<'_, PageFormat> = Vec::new();
    for path in output {
        once(path, &mut seen)?;
        let format =
            PageFormat::of_ending(&ending(path)).ok_or_else(|| unknown_ending(path, "--output", ".json or .md"))?;
        refuse_an_input(path, logs, besides)?;
        wanted.push((format, path));
    }
    open(wanted)
}

/// Opens every output.
pub(super) fn open<T>(wanted: Wanted<'_, T>) -> Result<Vec<(T, Output)>, Failure> {
    wanted.into_iter().map(|(form, path)| Ok((form, Output::open(path)?))).collect()
}

/// Writes each output in its form, under no name yet.
pub(super) fn write<T>(
    outputs: Vec<(T, Output)>,
    form: impl Fn(T, &mut dyn Write) -> io::Result<()>,
) -> Result<Vec<Output>, Failure> {
    outputs
        .into_iter()
        .map(|(wanted, mut output)| match form(wanted, output.writer()) {
            Ok(()) => Ok(output),
            Err(error) => Err(cannot_write(output.path(), &error.to_string())),
        })
        .collect()
}
