//! Parquet files: row by row as CSV text, so that the rest of the reader is the same for all files. The columns' names are line 1,
//! and each row is one line.
//!
//! In memory is one page of each column, as the file's writer made them. Columns of lists and structures are empty.

use super::meter::Meter;
use parquet::basic::Repetition;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use std::fs::{File, Metadata};
use std::io::{self, BufRead, Cursor, Read, Seek as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of text that are made at a time.
const CHUNK: usize = 64 << 10;
/// Bytes that are digested at a time.
const BUFFER: usize = 256 << 10;

/// What a Parquet file begins with.
const MAGIC: &[u8; 4] = b"PAR1";

/// Whether a file that was just opened is a Parquet file.
pub(super) fn is_parquet(mut file: &File) -> io::Result<bool> {
    let mut start = Vec::new();
    file.take(4).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(start == MAGIC)
}

/// The text of a Parquet file.
pub(super) struct ParquetText {
    file: File,
    /// As it was before it was digested.
    before: Metadata,
    rows: RowIter<'static>,
    /// Which columns have one value in each row.
    are_plain: Vec<bool>,
    chunk: Cursor<Vec<u8>>,
    is_done: bool,
}

impl ParquetText {
    /// Opens a file. It is not read from its beginning to its end, so that it is digested first.
    pub fn open(mut file: File, meter: &Meter) -> io::Result<Self> {
        let before = file.metadata()?;
        let mut buffer = vec![0; BUFFER];
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            meter.add(buffer.get(..count).unwrap_or_default());
        }
        let copy = file.try_clone()?;
        let reader = guarded(|| SerializedFileReader::new(copy))?.map_err(broken)?;
        let fields = reader.metadata().file_metadata().schema().get_fields().to_vec();
        let are_plain: Vec<bool> = fields
            .iter()
            .map(|field| field.is_primitive() && field.get_basic_info().repetition() != Repetition::REPEATED)
            .collect();
        let mut header = Vec::new();
        for (at, field) in fields.iter().enumerate() {
            header.extend((at > 0).then_some(b','));
            write_text(field.name().as_bytes(), &mut header);
        }
        header.push(b'\n');
        Ok(Self { file, before, rows: guarded(|| reader.into_iter())?, are_plain, chunk: Cursor::new(header), is_done: false })
    }

    /// Makes the next piece of text; an empty one at the end.
    fn refill(&mut self) -> io::Result<()> {
        let mut text = std::mem::take(self.chunk.get_mut());
        text.clear();
        while text.len() < CHUNK && !self.is_done {
            let rows = &mut self.rows;
            match guarded(|| rows.next())? {
                Some(row) => write_row(&row.map_err(broken)?, &self.are_plain, &mut text),
                None => {
                    self.is_done = true;
                    let after = self.file.metadata()?;
                    if (after.len(), after.modified()?) != (self.before.len(), self.before.modified()?) {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "it changed while it was read"));
                    }
                }
            }
        }
        self.chunk = Cursor::new(text);
        Ok(())
    }
}

/// The library may panic over a damaged file.
fn guarded<T>(read: impl FnOnce() -> T) -> io::Result<T> {
    let damaged = |_| io::Error::new(io::ErrorKind::InvalidData, "the Parquet file is damaged");
    catch_unwind(AssertUnwindSafe(read)).map_err(damaged)
}

fn broken(error: ParquetError) -> io::Error {
    let text = match error {
        ParquetError::NYI(what) | ParquetError::General(what) if what.contains("compile") => {
            format!("{what}; write it with the compression Snappy, LZ4, gzip or none")
        }
        other => other.to_string(),
    };
    io::Error::new(io::ErrorKind::InvalidData, text)
}

impl Read for ParquetText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for ParquetText {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.chunk.fill_buf()?.is_empty() && !self.is_done {
            self.refill()?;
        }
        self.chunk.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.chunk.consume(count);
    }
}

fn write_row(row: &Row, are_plain: &[bool], into: &mut Vec<u8>) {
    for ((at, (_, field)), is_plain) in row.get_column_iter().enumerate().zip(are_plain) {
        into.extend((at > 0).then_some(b','));
        if *is_plain {
            write_field(field, into);
        }
    }
    into.push(b'\n');
}

fn write_field(field: &Field, into: &mut Vec<u8>) {
    // Writing into a vector does not fail. Numbers have all their digits, never as `3.9E15`.
    let _: io::Result<()> = match field {
        Field::Null => Ok(()),
        Field::Str(text) => {
            write_text(text.as_bytes(), into);
            Ok(())
        }
        Field::Bytes(bytes) => {
            write_text(bytes.data(), into);
            Ok(())
        }
        Field::Float(number) => write!(into, "{number}"),
        Field::Double(number) => write!(into, "{number}"),
        other => {
            write_text(other.to_string().as_bytes(), into);
            Ok(())
        }
    };
}

/// In quotation marks where it needs them. A line end inside would be another line.
fn write_text(text: &[u8], into: &mut Vec<u8>) {
    let is_quoted = text.contains(&b',') || text.contains(&b'"');
    into.extend(is_quoted.then_some(b'"'));
    for &byte in text {
        match byte {
            b'"' => into.extend_from_slice(b"\"\""),
            b'\n' | b'\r' => into.push(b' '),
            _ => into.push(byte),
        }
    }
    into.extend(is_quoted.then_some(b'"'));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancellationToken;
    use crate::input::Input;
    use crate::problem::{ProblemKind, Report, Unreadable};
    use crate::progress::Silent;
    use crate::rejects::Rejects;
    use crate::roll::{self, RollError, Voter};
    use parquet::basic::{Compression, GzipLevel};
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use sha2::{Digest as _, Sha256};
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    const SETTINGS: &str =
        "id = \"uji\"\nname = \"Uji\"\nday = \"2029-02-14\"\nopens = \"07:00\"\ncloses = \"13:00\"\ndemo = true\n";
    const REGIONS: &str = "code,name\n32,Jawa Barat\n32.01,Bogor\n32.01.01,Cibinong\n32.01.01.2001,Satu\n32.01.01.2002,Dua\n";
    const STATIONS: &str = "id,village,number,venue,address,lat,lon\nA1,3201012001,1,SD 1,\"Jl. 1, RT 2\",-6.481,106.841\n";
    /// NIK, name, station and village on the card.
    const VOTERS: [(i64, &str, &str, Option<&str>); 4] = [
        (3_201_010_101_900_001, "Budi \"Bud\" Santoso", "A1", None),
        (3_201_014_101_900_001, "Siti, Aminah", "A1", Some("3201012002")),
        (320_101_010_190, "Joko", "A1", None),
        (12, "Ani", "A1", None),
    ];

    fn folder(voters: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("election.toml", &format!("{SETTINGS}[input]\nvoters = \"{voters}\"\n"));
        put("regions.csv", REGIONS);
        put("stations.csv", STATIONS);
        folder
    }

    fn texts(texts: impl Iterator<Item = &'static str>) -> Vec<ByteArray> {
        texts.map(ByteArray::from).collect()
    }

    /// A roll as an office's database writes it: in groups of two rows, with a list that means nothing here.
    fn write(path: &Path, nik: &str, compression: Compression) {
        let schema = format!(
            "message roll {{ required {nik} NIK; required binary Name (UTF8); repeated int64 phones; \
             required binary station (UTF8); optional binary village (UTF8); }}"
        );
        let properties = WriterProperties::builder().set_compression(compression).build();
        let schema = Arc::new(parse_message_type(&schema).unwrap());
        let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
        for rows in VOTERS.chunks(2) {
            let mut group = writer.next_row_group().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            if nik == "double" {
                let niks: Vec<f64> = rows.iter().map(|row| row.0.to_string().parse().unwrap()).collect();
                column.typed::<DoubleType>().write_batch(&niks, None, None).unwrap();
            } else {
                let niks: Vec<i64> = rows.iter().map(|row| row.0).collect();
                column.typed::<Int64Type>().write_batch(&niks, None, None).unwrap();
            }
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&texts(rows.iter().map(|row| row.1)), None, None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            // Two numbers in the first row, none in the second.
            column.typed::<Int64Type>().write_batch(&[1, 2], Some(&[1, 1, 0]), Some(&[0, 1, 0])).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&texts(rows.iter().map(|row| row.2)), None, None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let levels: Vec<i16> = rows.iter().map(|row| i16::from(row.3.is_some())).collect();
            let villages = texts(rows.iter().filter_map(|row| row.3));
            column.typed::<ByteArrayType>().write_batch(&villages, Some(&levels), None).unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        writer.close().unwrap();
    }

    fn read(folder: &Path) -> Result<(Vec<Voter>, [u8; 32], u64), RollError> {
        let (mut report, mut rejects) = (Report::new(), Rejects::nowhere());
        let input = Input::load(folder, &mut report, &mut rejects)?;
        let mut voters = Vec::new();
        let each = &mut |voter| {
            voters.push(voter);
            Ok::<_, RollError>(())
        };
        let counted = roll::read(&input, &mut report, &mut rejects, ("", &Silent), &CancellationToken::new(), each)?;
        Ok((voters, counted.digest, report.count(ProblemKind::NikLength)))
    }

    #[test]
    fn the_voters_are_those_of_the_same_roll_as_csv() {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let line = |(nik, name, station, village): &(i64, &str, &str, Option<&str>)| {
            format!("{nik},{},{station},{}\n", quoted(name), village.unwrap_or_default())
        };
        let csv: String = VOTERS.iter().map(line).collect();
        let plain = folder("dpt.csv");
        fs::write(plain.path().join("dpt.csv"), format!("nik,name,station,village\n{csv}")).unwrap();
        let (expected, _, too_short) = read(plain.path()).unwrap();
        assert_eq!((expected.len(), too_short), (3, 1));
        for (nik, compression) in [
            ("int64", Compression::UNCOMPRESSED),
            ("int64", Compression::SNAPPY),
            ("double", Compression::SNAPPY),
            ("int64", Compression::LZ4_RAW),
            ("int64", Compression::GZIP(GzipLevel::default())),
        ] {
            let folder = folder("dpt.parquet");
            let file = folder.path().join("dpt.parquet");
            write(&file, nik, compression);
            let (voters, digest, too_short) = read(folder.path()).unwrap();
            // `Voter` shows nothing of a voter.
            assert!(voters == expected, "{nik} {compression:?}: {voters:?}");
            assert_eq!((digest[..].to_vec(), too_short), (Sha256::digest(fs::read(&file).unwrap()).to_vec(), 1));
        }
    }

    #[test]
    fn a_folder_may_have_parquet_beside_csv() {
        let folder = folder("dpt/");
        fs::create_dir(folder.path().join("dpt")).unwrap();
        write(&folder.path().join("dpt/b.parquet"), "int64", Compression::SNAPPY);
        fs::write(folder.path().join("dpt/a.csv"), "nik,name,station\n3201010101900009,Ani Wijaya,A1\n").unwrap();
        let places: Vec<(usize, u64)> =
            read(folder.path()).unwrap().0.iter().map(|voter| (voter.line.file(), voter.line.number())).collect();
        assert_eq!(places, [(0, 2), (1, 2), (1, 3), (1, 4)]);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let folder = folder("dpt.parquet");
        let file = folder.path().join("dpt.parquet");
        write(&file, "int64", Compression::SNAPPY);
        let whole = fs::read(&file).unwrap();
        let mut flipped = whole.clone();
        flipped[40..80].fill(0xff);
        for bytes in [&whole[..whole.len() - 10], &whole[..8], &flipped] {
            fs::write(&file, bytes).unwrap();
            let Err(RollError::Unreadable(Unreadable(problems))) = read(folder.path()) else { panic!("it was read") };
            assert_eq!((problems[0].kind, problems[0].file.as_str()), (ProblemKind::NotCsv, "dpt.parquet"), "{problems:?}");
        }
    }
}
