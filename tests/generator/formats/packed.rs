//! Files as storage and people pack them: gzip, Zstandard, zip.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// One gzip member for each piece; what follows one another in a file is read as one text.
pub fn gzip(pieces: &[&[u8]]) -> Vec<u8> {
    let mut packed = Vec::new();
    for piece in pieces {
        let mut encoder = GzEncoder::new(packed, Compression::default());
        encoder.write_all(piece).expect("a vector takes every write");
        packed = encoder.finish().expect("a vector takes every write");
    }
    packed
}

/// One Zstandard frame.
pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("a vector takes every write")
}

/// A zip archive; a name that ends in a stroke is a folder.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, bytes)) in members.iter().enumerate() {
        // Members may be packed or stored as they are.
        let method = if at % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = SimpleFileOptions::default().compression_method(method);
        if name.ends_with('/') {
            writer.add_directory(*name, options).expect("a vector takes every write");
        } else {
            writer.start_file(*name, options).expect("a vector takes every write");
            writer.write_all(bytes).expect("a vector takes every write");
        }
    }
    writer.finish().expect("a vector takes every write").into_inner()
}
