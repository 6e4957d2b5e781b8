//! Writes what large measurements need: logs of any size, candidates, and the tenant that goes with them.
//!
//!     cargo bench --bench generate -- FORMAT SIZE FILE      a log; packed if FILE ends in .gz
//!     cargo bench --bench generate -- policies N FOLDER     the first N candidates
//!     cargo bench --bench generate -- tenant ROWS FOLDER    facts about the people of a log of ROWS
//!
//! FORMAT is a name that `inspect` gives; SIZE a number of rows, or bytes as `250MB` or `1GB`. The same words write the
//! same bytes.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "a bench without its data is no bench; this one is a command"
)]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use flate2::Compression;
use flate2::write::GzEncoder;

#[path = "../tests/generator/mod.rs"]
mod generator;

use generator::bulk::{SHAPES, bulk, bulk_policies, bulk_tenant};
use generator::formats::Shape;

const SEED: u64 = 7;

fn main() -> ExitCode {
    // Cargo adds `--bench`; all benches of the package run with nothing else.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => return ExitCode::SUCCESS,
        ["policies", number, folder] => policies(number, Path::new(folder)),
        ["tenant", rows, folder] => tenant(rows, Path::new(folder)),
        [format, size, file] => log(format, size, Path::new(file)),
        _ => Err("three words are needed: FORMAT SIZE FILE".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate: error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn log(format: &str, size: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    let shape = SHAPES
        .into_iter()
        .find(|shape| shape.format() == format)
        .ok_or_else(|| format!("no format `{format}`; there are {}", SHAPES.map(Shape::format).join(", ")))?;
    let rows = rows(size, shape)?;
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    if path.extension().is_some_and(|ending| ending == "gz") {
        let mut packed = GzEncoder::new(file, Compression::default());
        bulk(SEED, rows, &mut packed, shape)?;
        packed.finish()?.flush()?;
    } else {
        bulk(SEED, rows, &mut file, shape)?;
        file.flush()?;
    }
    println!("{}: {rows} rows, {} bytes", path.display(), fs::metadata(path)?.len());
    Ok(())
}

/// How many rows a size stands for; bytes are of the log as it is before it is packed, and a little more.
fn rows(size: &str, shape: Shape) -> Result<usize, Box<dyn Error>> {
    const SAMPLE: usize = 10_000;
    let units = [("MB", 1_000_000), ("GB", 1_000_000_000)];
    let Some((number, unit)) = units.into_iter().find_map(|(name, unit)| Some((size.strip_suffix(name)?, unit))) else {
        return Ok(size.parse()?);
    };
    let bytes = number.parse::<usize>()? * unit;
    let mut sample = Counted(0);
    bulk(SEED, SAMPLE, &mut sample, shape)?;
    Ok(bytes * SAMPLE / sample.0 * 101 / 100)
}

/// Counts bytes and forgets them.
struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn policies(number: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for (name, policy) in bulk_policies(number.parse()?) {
        fs::write(folder.join(name).with_extension("json"), policy.to_string())?;
    }
    Ok(())
}

fn tenant(rows: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for (name, text) in bulk_tenant(rows.parse()?) {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}
