//! `Content-Encoding` as browsers treat it: what it names is undone, and bytes that do not fit it are an error.

use brotli_decompressor::Decompressor as Brotli;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder as Zstd;
use std::io::{self, Read};
use ureq::http::{HeaderMap, header::CONTENT_ENCODING};

/// As browsers send it.
pub(super) const ACCEPTED: &str = "gzip, deflate, br, zstd";
/// What a file that does not compress can grow by.
const OVERHEAD: u64 = 1 << 12;
const BROTLI_BUFFER: usize = 1 << 12;

/// What the header names, in the order in which it was applied.
pub(super) fn codings(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let coding = |part: &str| Some(part.trim().to_ascii_lowercase()).filter(|coding| !coding.is_empty());
    values.flat_map(|value| value.split(',').filter_map(coding).collect::<Vec<_>>()).collect()
}

/// How long a file of `max` bytes can be when it is compressed.
pub(super) const fn max_encoded(max: u64) -> u64 {
    max.saturating_add(max / 8).saturating_add(OVERHEAD)
}

/// The first `max` bytes of what was compressed by these codings, the last of them outermost. Where a browser does not know one
/// of them it takes the bytes as they are. The error is the coding that does not fit.
pub(super) fn decoded(bytes: &[u8], codings: &[String], max: u64) -> Result<Vec<u8>, String> {
    let is_known = |coding: &String| matches!(coding.as_str(), "gzip" | "x-gzip" | "deflate" | "br" | "zstd");
    let mut decoded = bytes.to_vec();
    if codings.iter().all(is_known) {
        for (number, coding) in codings.iter().enumerate().rev() {
            let max = if number == 0 { max } else { max_encoded(max) };
            decoded = undone(&decoded, coding, max).map_err(|_| coding.clone())?;
        }
    }
    decoded.truncate(usize::try_from(max).unwrap_or(usize::MAX));
    Ok(decoded)
}

fn undone(bytes: &[u8], coding: &str, max: u64) -> io::Result<Vec<u8>> {
    match coding {
        "br" => read(Brotli::new(bytes, BROTLI_BUFFER), max),
        "zstd" => read(Zstd::new(bytes).map_err(io::Error::other)?, max),
        // Two formats go by this name, and browsers read both.
        "deflate" => read(ZlibDecoder::new(bytes), max).or_else(|_| read(DeflateDecoder::new(bytes), max)),
        _ => read(GzDecoder::new(bytes), max),
    }
}

fn read(decoder: impl Read, max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    decoder.take(max).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write as _;

    const TEXT: &[u8] = b"what was sent, what was sent";
    /// `TEXT` by the tools `brotli` and `zstd`.
    const BROTLI: &[u8] = b"\x8b\x0d\x80what was sent, what was sent\x03";
    const ZSTD: &[u8] = b"(\xb5/\xfd\x04h\xad\x00\x00xwhat was sent, \x01\x00r\xcc:\x19bY\xda";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read_as(bytes: &[u8], header: &str) -> Result<Vec<u8>, String> {
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, header.parse().unwrap())]);
        decoded(bytes, &codings(&headers), 100)
    }

    #[test]
    fn what_is_compressed_as_the_header_says_is_read() {
        let (mut zlib, mut raw) = (ZlibEncoder::new(Vec::new(), flate2::Compression::default()), Vec::new());
        zlib.write_all(TEXT).unwrap();
        DeflateEncoder::new(&mut raw, flate2::Compression::default()).write_all(TEXT).unwrap();
        for (bytes, header) in [
            (gzip(TEXT), "gzip"),
            (gzip(TEXT), " X-GZip "),
            (gzip(&gzip(TEXT)), "gzip, gzip"),
            (gzip(BROTLI), "br, gzip"),
            (BROTLI.to_vec(), "br"),
            (ZSTD.to_vec(), "zstd"),
            (zlib.finish().unwrap(), "deflate"),
            (raw, "deflate"),
            (TEXT.to_vec(), ""),
            (TEXT.to_vec(), "identity"),
            (TEXT.to_vec(), "utf-8, gzip"),
        ] {
            assert_eq!(read_as(&bytes, header).as_deref(), Ok(TEXT), "{header}");
        }
    }

    #[test]
    fn a_label_on_other_bytes_is_an_error_that_names_it() {
        for (bytes, header, coding) in [
            (TEXT, "gzip", "gzip"),
            (TEXT, "br", "br"),
            (TEXT, "zstd", "zstd"),
            (TEXT, "deflate", "deflate"),
            (&gzip(TEXT), "br, gzip", "br"),
            (&gzip(TEXT)[..20], "gzip", "gzip"),
            (b"", "gzip", "gzip"),
        ] {
            assert_eq!(read_as(bytes, header), Err(coding.to_owned()), "{header}");
        }
    }

    #[test]
    fn a_bomb_is_read_to_the_limit() {
        let bomb = gzip(&gzip(&vec![0; 10_000_000]));
        assert_eq!(read_as(&bomb, "gzip, gzip").map(|bytes| bytes.len()), Ok(100));
    }
}
