//! The words of the page in both languages, side by side. `{x}` stands for a value.

use crate::language::Language;
use serde::Serialize;

/// Fills the places of a sentence.
pub(super) fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut rest = sentence;
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = after;
    }
    text + rest
}

impl Language {
    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::Id => &INDONESIAN,
            Self::En => &ENGLISH,
        }
    }
}

macro_rules! words {
    ($($key:ident: $english:literal; $indonesian:literal)*) => {
        /// Every text of the page.
        #[derive(Debug, Serialize)]
        pub(super) struct Words { $(pub(super) $key: &'static str,)* }
        const ENGLISH: Words = Words { $($key: $english,)* };
        const INDONESIAN: Words = Words { $($key: $indonesian,)* };
        /// Both languages of each text, to compare them.
        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $english, $indonesian),)*];
    };
}

words! {
    title: "Site report"; "Laporan situs"
    demo: "All of this election is made up."; "Seluruh pemilu ini rekaan."
    made_from: "Computed from the site's public files. Anybody can repeat it with `bilik report`."; "Dihitung dari berkas publik situs ini. Siapa pun dapat mengulanginya dengan `bilik report`."
    serial: "Serial"; "Nomor seri"
    signed: "Signed"; "Ditandatangani"
    expires: "Answers until"; "Berlaku sampai"
    polling_day: "Polling day"; "Hari pemungutan suara"
    manifest: "Manifest"; "Manifes"
    signature: "Signature"; "Tanda tangan"
    signature_checked: "checked against the public keys given"; "sudah dicocokkan dengan kunci publik yang diberikan"
    signature_unchecked: "not checked, because no public key was given"; "tidak diperiksa karena kunci publik tidak diberikan"
    contents: "Contents"; "Isi"
    as_table: "These numbers as a table"; "Angka-angka ini sebagai tabel"
    table_of: "Table: {what}"; "Tabel: {what}"
    regency: "Regency"; "Kabupaten/kota"
    old_codes: "Codes of no present regency"; "Kode yang bukan kabupaten/kota saat ini"
    voters: "Voters"; "Pemilih"
    about_note: "counted from the keys, so close but not exact"; "dihitung dari kunci, jadi mendekati"
    core_note: "on one processor core"; "dengan satu inti prosesor"
    stations: "Polling stations"; "TPS"
    districts: "Districts"; "Kecamatan"
    of_regencies: "in {n} regencies"; "di {n} kabupaten/kota"
    files: "Files"; "Berkas"
    bytes_exact: "Bytes"; "Byte"
    by_regency: "By regency"; "Per kabupaten/kota"
    all: "All"; "Seluruhnya"
    size_of_site: "Data of the site"; "Data situs"
    in_files: "in {n} files"; "dalam {n} berkas"
    download: "A first lookup"; "Pencarian pertama"
    download_note: "data at most, in the middle regency; page and module not counted"; "data, paling banyak, di kabupaten/kota median; halaman dan modul tidak dihitung"
    crowd: "Smallest crowd"; "Kelompok terkecil"
    crowd_note: "voters share the least shared file"; "pemilih berbagi berkas yang paling sedikit penggunanya"
    chance: "Wrong answer by chance"; "Jawaban salah karena kebetulan"
    chance_note: "for somebody who is not on the roll, by `near`"; "untuk orang yang tidak terdaftar, dengan `near`"
    price: "Cheapest harvest of the roll"; "Harga terendah mengumpulkan daftar"
    price_note: "for the holder of a posted roll, on rented graphics cards"; "bagi pemegang daftar pemilih yang pernah bocor, dengan kartu grafis sewaan"

    size_title: "Size"; "Ukuran"
    size_lead: "A voter's phone fetches the files of one district and no others. Voters are counted by the first digits of their NIK, from the keys in the tables: close, but not exact."; "HP pemilih hanya mengambil berkas satu kecamatan. Pemilih dihitung menurut digit awal NIK, dari kunci di dalam tabel: mendekati, tetapi tidak persis."
    map_voters: "Voters by regency"; "Pemilih per kabupaten/kota"
    map_download: "Data of a first lookup by regency"; "Data pencarian pertama per kabupaten/kota"
    map_crowd: "Smallest crowd by regency"; "Kelompok terkecil per kabupaten/kota"
    map_note: "Each tile is a regency, near the middle of its polling stations."; "Setiap kotak satu kabupaten/kota, di dekat titik tengah TPS-nya."
    order_note: "Each tile is a regency, in the order of the codes: too few stations have coordinates for a map."; "Setiap kotak satu kabupaten/kota, menurut urutan kode: terlalu sedikit TPS yang mempunyai koordinat."
    most_and_least: "Ringed: most {most}; least {least}."; "Bergaris tepi: terbanyak {most}; tersedikit {least}."
    below: "below {to}"; "di bawah {to}"
    between: "{from} – {to}"; "{from} – {to}"
    from: "{from} and more"; "{from} ke atas"
    kinds_title: "Data by kind of file"; "Data per jenis berkas"
    kind: "Kind"; "Jenis"
    kind_head: "Head"; "Head"
    kind_manifest: "Manifest"; "Manifes"
    kind_parts: "Parts of the manifest, by province"; "Bagian manifes per provinsi"
    kind_directories: "Directories"; "Direktori"
    kind_names: "Village names"; "Nama kelurahan/desa"
    kind_station_lists: "Station lists"; "Daftar TPS"
    kind_tables_full: "Tables by full"; "Tabel full"
    kind_tables_near: "Tables by near"; "Tabel near"
    tables: "Tables"; "Tabel"
    first_lookup: "First lookup"; "Pencarian pertama"

    crowd_title: "Anonymity"; "Anonimitas"
    crowd_lead: "Requests name files, never voters. A host learns which file a phone fetched, and so that it asks for one of the voters who share this file. The more share it, the less that says."; "Permintaan hanya menyebut berkas, tidak pernah pemilih. Host mengetahui berkas mana yang diambil sebuah HP, jadi hanya tahu bahwa yang dicari salah satu pemilih di berkas itu. Makin banyak pemilihnya, makin sedikit yang diketahui."
    groups_title: "Tables by their voters"; "Tabel menurut jumlah pemilihnya"
    groups_note: "Columns: number of tables. Below: voters of a table."; "Batang: banyaknya tabel. Bawah: pemilih dalam satu tabel."
    files_title: "Files by the voters who share them"; "Berkas menurut jumlah pemilih yang berbagi"
    files_note: "A table with many keys is split into files. Columns: number of files by `near`. Below: voters of a file."; "Tabel dengan banyak kunci dibagi menjadi beberapa berkas. Batang: banyaknya berkas `near`. Bawah: pemilih dalam satu berkas."
    smallest_title: "The smallest crowds"; "Kelompok-kelompok terkecil"
    table_label: "Table"; "Tabel"
    prefixes: "Prefixes"; "Awalan NIK"
    files_near: "Files by `near`"; "Berkas `near`"
    voters_a_file: "Voters a file"; "Pemilih per berkas"
    from_to: "{from} to {to}"; "{from} sampai {to}"
    under: "under {n}"; "kurang dari {n}"

    answers_title: "Wrong and ambiguous answers"; "Jawaban salah dan jawaban ganda"
    answers_lead: "A table never says that somebody is not in it: a stranger's details can open it by chance. Voters who share all details of a key are shown two or three stations."; "Tabel tidak dapat berkata bahwa seseorang tidak ada di dalamnya: data orang lain bisa saja cocok karena kebetulan. Pemilih yang semua datanya sama melihat dua atau tiga TPS."
    odds_title: "Chance that a stranger is shown a station"; "Kemungkinan orang yang tidak terdaftar mendapat TPS"
    odds_note: "In the deepest table: layers × peppers, divided by 2 to the power of the check bits; by `near` for both ends of a name."; "Di tabel terdalam: lapisan × pepper, dibagi 2 pangkat bit pemeriksa; dengan `near` untuk kedua ujung nama."
    recipe: "Recipe"; "Resep"
    layers: "Layers"; "Lapisan"
    pepper_bits: "Pepper bits"; "Bit pepper"
    check_bits: "Check bits"; "Bit pemeriksa"
    second_station: "Voters with a second station by chance: {n} of all with a key by `full`."; "Pemilih yang melihat TPS kedua karena kebetulan: {n} dari semua yang mempunyai kunci `full`."
    ambiguous_title: "Keys with two or three stations, by table"; "Kunci dengan dua atau tiga TPS, per tabel"
    ambiguous_note: "Columns: number of tables that have any. Below: such keys for every 1,000 keys, at most: a small structure has up to 16 slots to spare in each file."; "Batang: banyaknya tabel yang mempunyainya. Bawah: kunci seperti itu per 1.000 kunci, paling banyak: struktur kecil mempunyai hingga 16 slot cadangan di setiap berkas."
    ambiguous_total: "Of {keys} keys at most {n} lead to two or three stations."; "Dari {keys} kunci, paling banyak {n} menunjuk dua atau tiga TPS."
    per_thousand: "In 1,000 keys"; "Per 1.000 kunci"

    proof_title: "Checked with the roll"; "Pemeriksaan dengan daftar pemilih"
    proof_lead: "`bilik verify` asks a published site for voters of its roll and writes what it found to a certificate."; "`bilik verify` menanyakan pemilih dari daftar kepada situs yang sudah terbit, lalu menulis hasilnya di sertifikat."
    proof_missing: "No certificate was given (`--certificate`), so this page does not say whether every voter is found."; "Sertifikat tidak diberikan (`--certificate`), jadi halaman ini tidak mengatakan apakah setiap pemilih ditemukan."
    proof_unsigned: "This page repeats the certificate. `bilik verify --check-certificate` checks who signed it."; "Halaman ini hanya mengulang isi sertifikat. `bilik verify --check-certificate` memeriksa siapa penandatangannya."
    proof_plot: "Voters asked, of all"; "Pemilih yang ditanyakan, dari semuanya"
    asked: "Asked"; "Ditanyakan"
    right: "Led to the right station"; "Mendapat TPS yang benar"
    wrong: "Not led to it"; "Tidak mendapat TPS yang benar"
    failed: "Table or station missing, of all"; "Tabel atau TPS tidak ada, dari semuanya"
    differing: "Tables with another number of keys"; "Tabel dengan jumlah kunci yang berbeda"
    at_most_wrong: "Wrong at most, of all"; "Yang salah paling banyak, dari semuanya"
    confidence: "with {p} confidence"; "dengan tingkat kepercayaan {p}"
    checked_on: "Checked"; "Diperiksa"
    figure: "Figure"; "Keterangan"
    value: "Value"; "Nilai"

    quality_title: "Quality of the input"; "Mutu data masukan"
    quality_lead: "What `bilik check` finds in the election folder. Errors leave a line out; warnings do not."; "Temuan `bilik check` di folder pemilu. Kesalahan membuat baris tidak dipakai; peringatan tidak."
    quality_missing: "No election folder was given (`--roll`), so this page does not say how good the roll is."; "Folder pemilu tidak diberikan (`--roll`), jadi halaman ini tidak mengatakan mutu daftar pemilih."
    quality_good: "`bilik check` found no problem."; "`bilik check` tidak menemukan masalah."
    quality_totals: "{voters} voters can be sealed; {rejected} lines cannot be used."; "{voters} pemilih dapat disegel; {rejected} baris tidak dapat dipakai."
    quality_note: "By the regency of the line's station, the most frequent first. Regencies with fewer than {n} are counted in the total only, as are lines whose regency is not known. Findings about withheld voters are left out."; "Menurut kabupaten/kota TPS pada baris itu, yang terbanyak lebih dahulu. Kabupaten/kota dengan kurang dari {n} hanya dihitung dalam jumlah total, begitu juga baris yang kabupaten/kotanya tidak diketahui. Temuan tentang pemilih yang dikecualikan tidak dimuat."
    severity: "Severity"; "Tingkat"
    error: "Error"; "Kesalahan"
    warning: "Warning"; "Peringatan"
    finding: "Finding"; "Temuan"
    lines: "Count"; "Jumlah"
    and_more: "{n} more regencies"; "{n} kabupaten/kota lain"

    work_title: "Building and verifying"; "Membangun dan memeriksa"
    work_lead: "Nearly all of the time goes into derivations: one for each key to build, and half of the peppers for each key to ask. The times are those of one processor core, at {rate} derivations a second."; "Hampir seluruh waktu dipakai untuk derivasi: satu per kunci untuk membangun, dan separuh pepper per kunci untuk memeriksa. Waktunya ialah waktu satu inti prosesor, dengan {rate} derivasi per detik."
    work_plot: "Processor time"; "Waktu prosesor"
    work_build: "Build"; "Membangun"
    work_sample: "Verify, sample of {n}"; "Memeriksa sampel {n}"
    work_all: "Verify everybody"; "Memeriksa semuanya"
    work_what: "Work"; "Pekerjaan"
    derivations: "Derivations"; "Derivasi"
    core_time: "One core"; "Satu inti"
    lookup_note: "A lookup on a phone takes {full} derivations by `full`, {near} for each word by `near`; the same for everybody."; "Pencarian di HP memerlukan {full} derivasi dengan `full`, {near} per kata dengan `near`; sama bagi semua orang."

    harvest_title: "What harvesting costs"; "Biaya mengumpulkan isi daftar"
    harvest_lead: "What attackers pay to find everybody whom they can find. Dot: rented graphics cards; line: from cards of their own to rented processors. docs/threat-model.md explains the model."; "Biaya penyerang untuk menemukan semua yang dapat ditemukannya. Titik: kartu grafis sewaan; garis: dari kartu milik sendiri sampai prosesor sewaan. Modelnya dijelaskan di docs/threat-model.md."
    harvest_of_roll: "Names and ages are those of the roll."; "Nama dan umur memakai sebaran daftar pemilih ini."
    harvest_of_site: "The roll was not given: numbers of voters, long names and movers are the site's, names and ages those published for 2017 and 2024."; "Daftar pemilih tidak diberikan: jumlah pemilih, nama panjang, dan pemilih pindahan diambil dari situs ini; nama dan umur dari data terbitan 2017 dan 2024."
    harvest_plot: "Everybody, in dollars"; "Semua pemilih, dalam dolar AS"
    harvest_one_plot: "One person, on one machine"; "Satu orang, dengan satu mesin"
    floor_note: "Upright line: the least that a real election must cost, for as many voters as the country has."; "Garis tegak: biaya terendah yang wajib dicapai pemilu sungguhan, untuk pemilih sebanyak seluruh negara."
    attacker: "Attacker"; "Penyerang"
    stranger: "a stranger"; "orang asing"
    name_list: "a list of names"; "pemegang daftar nama"
    posted_roll: "a posted roll"; "pemegang daftar bocor"
    one_in_district: "district known"; "kecamatan diketahui"
    one_in_village: "village known"; "desa diketahui"
    found: "Found"; "Ditemukan"
    cpu_core: "Rented processors"; "Prosesor sewaan"
    rented_gpu: "Rented cards"; "Kartu sewaan"
    own_gpu: "Own cards"; "Kartu sendiri"
    floors_reached: "Every floor of a real election is reached."; "Semua batas terendah pemilu sungguhan tercapai."
    floors_missed: "NOT every floor of a real election is reached."; "TIDAK semua batas terendah pemilu sungguhan tercapai."

    changes_title: "What changed"; "Yang berubah"
    changes_lead: "Since serial {serial}, signed {date}. Files that are the same byte for byte need no upload and no new download."; "Sejak nomor seri {serial}, ditandatangani {date}. Berkas yang persis sama tidak perlu diunggah atau diunduh lagi."
    changes_missing: "No earlier site was given (`--since`), so this page does not say what changed."; "Situs sebelumnya tidak diberikan (`--since`), jadi halaman ini tidak mengatakan apa yang berubah."
    changes_none: "Nothing: both heads lead to the same files."; "Tidak ada: kedua head menunjuk berkas yang sama."
    changes_plot: "New data by kind of file"; "Data baru per jenis berkas"
    changes_map: "New data by regency"; "Data baru per kabupaten/kota"
    changes_part: "Dark: new. Light: kept."; "Gelap: baru. Terang: tetap."
    new_of: "{new} of {all}"; "{new} dari {all}"
    kept: "Kept"; "Tetap"
    new: "New"; "Baru"
    gone: "Gone"; "Hilang"
    stations_changed: "Polling stations: {then} before, {now} now."; "TPS: dulu {then}, sekarang {now}."
    sealing_changed: "The settings of sealing changed."; "Pengaturan penyegelan berubah."
    sealing_same: "The settings of sealing did not change."; "Pengaturan penyegelan tidak berubah."

    method_title: "How these figures are made"; "Cara angka-angka ini dihitung"
    method: "Every file that the head leads to was read and compared with the digest that its parent names. The number of keys of a table follows from the size of its structure, to one in about 1,000 keys. A voter with a long name has one key by `full` and mostly two by `near`, everybody else one by `near`: so voters are the keys by `near` less those by `full`. A table that several prefixes share counts in equal parts for each. No figure is about a single voter. `bilik report --json` prints all of them."; "Setiap berkas yang ditunjuk head dibaca dan dicocokkan dengan digest pada induknya. Jumlah kunci sebuah tabel diketahui dari ukuran strukturnya, dengan ketelitian sekitar satu per 1.000 kunci. Pemilih dengan nama panjang mempunyai satu kunci `full` dan umumnya dua kunci `near`, yang lain satu kunci `near`: jadi jumlah pemilih ialah kunci `near` dikurangi kunci `full`. Tabel yang dipakai beberapa awalan NIK dihitung sama rata. Tidak ada angka tentang satu pemilih. `bilik report --json` mencetak semuanya."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_and_say_something() {
        let places = |text: &str| {
            let mut places: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
            places.sort_unstable();
            places
        };
        for (key, english, indonesian) in ALL {
            assert_eq!(places(english), places(indonesian), "{key}");
            assert!(!english.is_empty() && !indonesian.is_empty(), "{key}");
        }
    }

    #[test]
    fn a_value_stays_one_value() {
        assert_eq!(fill("{a} of {b}", &[("a", "{b}"), ("b", "2")]), "{b} of 2");
        assert_eq!(fill("without", &[]), "without");
    }
}
