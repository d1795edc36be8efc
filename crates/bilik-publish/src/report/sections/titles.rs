//! What the kinds of problems are called: in English as `check` calls them.

use crate::language::Language;
use crate::problem::ProblemKind;

pub(in super::super) fn title(kind: ProblemKind, language: Language) -> &'static str {
    match language {
        Language::En => kind.title(),
        Language::Id => indonesian(kind),
    }
}

fn indonesian(kind: ProblemKind) -> &'static str {
    use ProblemKind as Kind;
    match kind {
        Kind::MissingFile => "Berkas tidak ada",
        Kind::DoubleFile => "Berkas akan dibaca dua kali",
        Kind::BadConfig => "election.toml tidak sah",
        Kind::ElectionOver => "Pemilu sudah lewat",
        Kind::NotCsv => "Bukan berkas CSV",
        Kind::NoTable => "Berkas atau lembar kosong",
        Kind::MissingColumn => "Kolom tidak ada",
        Kind::DoubleColumn => "Kolom muncul dua kali",
        Kind::TooManyStations => "TPS melebihi batas satu pemilu",
        Kind::BrokenLine => "Tanda kutip tidak ditutup",
        Kind::ControlCharacter => "Baris memuat byte NUL atau CR tunggal",
        Kind::FieldCount => "Isian lebih banyak daripada kolom",
        Kind::NotUtf8 => "Teks bukan UTF-8",
        Kind::MissingField => "Isian kosong",
        Kind::TextTooLong => "Teks terlalu panjang",
        Kind::SpreadsheetDamage => "Angka diubah program lembar kerja",
        Kind::BadCode => "Kode wilayah tidak sah",
        Kind::DuplicateRegion => "Wilayah muncul dua kali",
        Kind::MissingParent => "Wilayah induk tidak ada",
        Kind::DuplicateStation => "Kode TPS muncul dua kali",
        Kind::UnknownVillage => "Kelurahan/desa tidak ada di berkas wilayah",
        Kind::BadNumber => "Nomor TPS tidak sah",
        Kind::BadStation => "Jenis, waktu, atau tautan TPS tidak terbaca",
        Kind::BadWithheld => "Pemilih yang dikecualikan tidak sah",
        Kind::NikNotDigits => "NIK memuat selain angka",
        Kind::NikLength => "NIK bukan 12 atau 16 digit",
        Kind::NameEmpty => "Nama tanpa huruf Latin",
        Kind::NameTooLong => "Nama terlalu panjang",
        Kind::UnknownStation => "TPS tidak ada di berkas TPS",
        Kind::RejectedStation => "TPS pemilih ditolak",
        Kind::DuplicateVoter => "NIK muncul dua kali",
        Kind::CrowdedKey => "Terlalu banyak pemilih tak terbedakan",
        Kind::NoVoters => "Tidak ada pemilih untuk disegel",
        Kind::IgnoredFile => "Berkas atau lembar tidak dibaca",
        Kind::WithheldUnmatched => "Pemilih yang dikecualikan tidak ada di daftar",
        Kind::WithheldLoosely => "Dikecualikan hanya dengan 12 digit",
        Kind::SameNumber => "Dua TPS di satu kelurahan/desa bernomor sama",
        Kind::DoubtfulCoordinates => "Koordinat meragukan",
        Kind::UnreadableCoordinates => "Koordinat tidak terbaca",
        Kind::UnclearAccessible => "Keterangan akses kursi roda tidak jelas",
        Kind::ImpossibleDate => "Tanggal lahir di NIK tidak mungkin",
        Kind::RepeatedDigits => "NIK mengulang satu angka",
        Kind::UnknownDistrict => "Kecamatan NIK tidak ada di berkas wilayah",
        Kind::PlaceholderName => "Nama tampak sebagai pengisi kosong",
        Kind::RoundedNik => "NIK dibulatkan program lembar kerja",
        Kind::LongNumber => "Angka panjang disimpan sebagai bilangan",
        Kind::SameVoterTwice => "Pemilih tampak tercatat dua kali",
        Kind::ScratchLeft => "Berkas sementara dari proses lama tertinggal",
        Kind::NoOrganiser => "Penyelenggara tidak disebut",
        Kind::SampleValue => "Isian contoh belum diganti",
        Kind::RejectedRegion => "Wilayah pada baris ditolak",
        Kind::UnknownRegion => "Wilayah tidak ada di berkas wilayah",
        Kind::BadContact => "Kontak tidak terbaca",
        Kind::BadTotal => "Jumlah pemilih tidak sah",
        Kind::TotalDiffers => "Bukan jumlah pemilih resmi",
        Kind::AbroadHours => "TPS luar negeri tanpa jamnya sendiri",
        Kind::StationWithoutVoters => "TPS tanpa pemilih",
        Kind::CrowdedStation => "TPS dengan terlalu banyak pemilih",
        Kind::ScratchRemoved => "Berkas sementara proses mati sudah dihapus",
        Kind::ScratchElsewhere => "Berkas sementara di luar folder pemilu",
    }
}
