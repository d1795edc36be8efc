//! `bilik import`: a commission's files, which name regions and stations, become Bilik's own.

use super::BILIK;
use super::workbooks::{Cell, workbook};
use bilik_testkit::{Folder, RunOutput, mode};
use std::fs;

const REGIONS: &str = "KODE;NAMA\n32;Jawa Barat\n32.01;Kabupaten Bogor\n32.71;Kota Bogor\n32.01.01;Cibinong\n32.01.02;Gunung Putri\n\
    32.01.01.1001;Pakansari\n32.01.01.2002;Karang Anyar I\n32.01.02.2001;Sukamaju\n32.71.01;Bogor Selatan\n32.71.01.1001;Empang\n";
const STATIONS: &str = "Kabupaten/Kota,Kecamatan,Kelurahan/Desa,No. TPS,Tempat,Alamat,Lintang,Bujur\n\
    KAB. BOGOR,CIBINONG,PAKANSARI,7,SD 1,Jl. 1,-6.481,106.841\n\
    KAB. BOGOR,CIBINONG,KARANGANYAR 1,1,SD 2,Jl. 2,-6.482,106.842\n\
    KAB. BOGOR,GN. PUTRI,SUKAMAJU,1,SD 3,Jl. 3,-6.483,106.843\n\
    KOTA BOGOR,BOGOR SELATAN,EMPANG,1,SD 4,Jl. 4,-6.6,106.8\n";
const ROLL: &str = "DAFTAR PEMILIH TETAP\n\nNO;NIK;NAMA PEMILIH;ALAMAT;KABUPATEN;KECAMATAN;KELURAHAN;TPS\n\
    1;'3201010101900001;Budi Santoso;Jl. A;KABUPATEN BOGOR;Kec. Cibinong;Kel. Pakansari;TPS 007\n\
    2;3201014101900002;Siti Aminah;Jl. B;Kab. Bogor;CIBINONG;Karang-Anyar I;001\n\
    3;3271014101900003;Ani Wijaya;Jl. C;Kota Bogor;Bogor Selatan;Empang;1\n";

/// Files in a folder; the roll is `dpt.csv`.
fn folder(roll: &str) -> Folder {
    let folder = Folder::with("dpt.csv", roll).and("wilayah.csv", REGIONS).and("tps.csv", STATIONS);
    for name in ["voters.csv", "stations.csv", "regions.csv", "election.toml"] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    folder
}

fn import(folder: &Folder, roll: &str, more: &[&str]) -> RunOutput {
    let mut command = BILIK.command();
    command.current_dir(folder.path()).args(["import", roll, "--regions", "wilayah.csv", "--out", "out"]).args(more);
    RunOutput::of(&mut command)
}

const WITH_STATIONS: &[&str] = &["--stations", "tps.csv"];

#[test]
fn names_become_codes_and_the_result_can_be_checked_at_once() {
    let folder = folder(ROLL);
    let run = import(&folder, "dpt.csv", WITH_STATIONS);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        folder.read("out/voters.csv"),
        "nik,name,station,village\n3201010101900001,Budi Santoso,3201011001-007,\n\
         3201014101900002,Siti Aminah,3201012002-001,\n3271014101900003,Ani Wijaya,3271011001-001,\n"
    );
    let stations = folder.read("out/stations.csv");
    assert!(stations.contains("\n3201022001-001,3201022001,1,SD 3,Jl. 3,-6.483,106.843,,,,,,,,,,,,,\n"), "{stations}");
    assert!(folder.read("out/regions.csv").starts_with("code,name\n32,Jawa Barat\n3201,Kabupaten Bogor\n"));
    assert_eq!(folder.read("out/unresolved.csv").lines().count(), 1);
    for told in [
        "voters.name          \"NAMA PEMILIH\", guessed",
        "voters.nik           \"NIK\", by its name",
        "stations.address     \"Alamat\", guessed",
        "voters.csv: 3 voters; their stations by exact names or codes: 1, by folded names: 2, by the names file: 0",
        "stations.csv: 4 stations of the stations file",
        "nothing is unresolved",
    ] {
        assert!(run.out.contains(told), "{told}\n{run:?}");
    }
    assert!(!run.out.contains("voters.address"), "the column ALAMAT of a roll is the voter's: {run:?}");
    for name in ["voters.csv", "stations.csv", "regions.csv", "unresolved.csv", "election.toml"] {
        assert_eq!(mode(&folder.path().join("out").join(name)), 0o600, "{name}");
    }
    let checked = RunOutput::of(BILIK.command().arg("check").arg(folder.path().join("out")));
    assert_eq!(checked.code, 0, "{checked:?}");
    // The same files give the same bytes.
    let read = || ["voters.csv", "stations.csv", "regions.csv"].map(|name| folder.read(&format!("out/{name}")));
    let before = read();
    assert_eq!(import(&folder, "dpt.csv", WITH_STATIONS).code, 0);
    assert!(read() == before);
}

#[test]
fn what_is_unclear_is_listed_without_voters_and_settled_by_a_names_file() {
    let more = "4;3201010101900004;Rina Rahasia;x;BOGOR;CIBINONG;PAKANSARI;7\n\
                5;3201010101900005;Dewi Rahasia;x;KAB. BOGOR;CIBINONG;PAKANSORI;7\n\
                6;3201010101900006;Joko Rahasia;x;KAB. BOGOR;CIBINONG;PAKANSORI;7\n\
                7;3201010101900007;Agus Rahasia;x;KAB. BOGOR;CIBINONG;PAKANSARI;9\n\
                ;;;3201010101900008;Eko Rahasia;CIBINONG;PAKANSARI;9\n";
    let folder = folder(&format!("{ROLL}{more}"));
    let run = import(&folder, "dpt.csv", WITH_STATIONS);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("4 names; 5 voters and 0 stations are LEFT OUT"), "{run:?}");
    let unresolved = folder.read("out/unresolved.csv");
    for line in [
        "regency,,,BOGOR,,ambiguous,3201 (Kabupaten Bogor); 3271 (Kota Bogor),1,0,dpt.csv: 7\n",
        "village,320101,Cibinong,PAKANSORI,,unknown,3201011001 (Pakansari),2,0,dpt.csv: 8-9\n",
        "station,3201011001,Pakansari,9,,unknown,3201011001-007 (TPS 007),1,0,dpt.csv: 10\n",
        "(the columns seem to have moved)",
    ] {
        assert!(unresolved.contains(line), "{line}\n{unresolved}");
    }
    for text in [&unresolved, &run.out, &run.err] {
        assert!(!text.contains("Rahasia") && !text.contains("32010101"), "{text}");
    }
    assert_eq!(folder.read("out/voters.csv").lines().count(), 4);
    // The operator decides all but the line whose columns have moved.
    let decided = unresolved
        .replace("BOGOR,,ambiguous", "BOGOR,3201,ambiguous")
        .replace("PAKANSORI,,", "PAKANSORI,32.01.01.1001,")
        .replace("Pakansari,9,,", "Pakansari,9,3201011001-007,");
    folder.put("names.csv", &decided);
    let again = import(&folder, "dpt.csv", &["--stations", "tps.csv", "--names", "names.csv"]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.out.contains("by the names file: 4"), "{again:?}");
    assert!(again.out.contains("1 names; 1 voters"), "{again:?}");
    assert!(folder.read("out/voters.csv").contains("3201010101900007,Agus Rahasia,3201011001-007,\n"));
    // Decisions are never lost, and a wrong one is told.
    folder.put("out/unresolved.csv", &decided);
    let lost = import(&folder, "dpt.csv", &["--stations", "tps.csv", "--names", "out/unresolved.csv"]);
    assert!(lost.code == 2 && lost.err.contains("would be lost"), "{lost:?}");
    folder.put("names.csv", "level,within,written,code\nvillage,320101,PAKANSORI,3201\n");
    let wrong = import(&folder, "dpt.csv", &["--stations", "tps.csv", "--names", "names.csv"]);
    assert!(
        wrong.code == 2 && wrong.err.contains("names.csv, line 2, column code: 3201 is not the code of a village"),
        "{wrong:?}"
    );
}

#[test]
fn stations_are_taken_from_a_roll_that_says_where_they_are() {
    let roll = "NIK,NAMA,KECAMATAN,KELURAHAN,TPS,ALAMAT TPS\n\
        3201010101900001,Budi Santoso,CIBINONG,PAKANSARI,2,Jl. Dua\n\
        3201010101900002,Siti Aminah,CIBINONG,PAKANSARI,1,Jl. Satu\n\
        3201010101900003,Ani Wijaya,CIBINONG,PAKANSARI,2,Jl. Lain\n";
    let folder = folder(roll);
    let run = import(&folder, "dpt.csv", &["--within", "32.01"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.out.contains("2 stations that the roll names") && run.out.contains("1 lines of the roll give another address"),
        "{run:?}"
    );
    assert_eq!(
        folder.read("out/stations.csv"),
        "id,village,number,venue,address,lat,lon,accessible,landmark,ramp,level,parking,help,notice,notice_url,kind,day,opens,closes,\
         time_zone\n\
         3201011001-001,3201011001,1,,Jl. Satu,,,,,,,,,,,,,,,\n3201011001-002,3201011001,2,,Jl. Dua,,,,,,,,,,,,,,,\n"
    );
    // Nothing is looked for in a whole country by its village alone.
    let nowhere = import(&folder, "dpt.csv", &[]);
    assert_eq!(nowhere.code, 1, "{nowhere:?}");
    assert!(nowhere.out.contains("give --within CODE"), "{nowhere:?}");
    let unknown = import(&folder, "dpt.csv", &["--within", "3299"]);
    assert!(unknown.code == 2 && unknown.err.contains("no region of the regions file has the code 3299"), "{unknown:?}");
}

#[test]
fn a_folder_of_several_forms_is_read_and_columns_are_named_by_the_operator() {
    let folder = folder(ROLL);
    let rows = ["NIK,CALON,KAB,KEC,DESA,TPS", "3201010101900009,Rudi Hartono,KAB. BOGOR,GN. PUTRI,SUKAMAJU,1"];
    let rows = rows.map(|row| row.split(',').map(Cell::Text).collect::<Vec<_>>());
    folder.put("dpt/b.xlsx", workbook(&[("Satu", rows.to_vec())]));
    let units = ROLL.replace("NAMA PEMILIH", "CALON").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    folder.put("dpt/a.csv", units);
    let refused = import(&folder, "dpt/", WITH_STATIONS);
    assert!(refused.code == 2 && refused.err.contains("--column voters.name="), "{refused:?}");
    assert!(!folder.path().join("out").exists(), "nothing is half written");
    let run = import(&folder, "dpt/", &["--stations", "tps.csv", "--column", "voters.name=CALON"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("voters.name          \"CALON\", by --column, in 2 files"), "{run:?}");
    assert!(folder.read("out/voters.csv").ends_with("\n3201010101900009,Rudi Hartono,3201022001-001,\n"));
    let unknown = import(&folder, "dpt/", &["--column", "voters.nama=CALON"]);
    assert!(unknown.code == 2 && unknown.err.contains("voters.card_village"), "{unknown:?}");
}

#[test]
fn files_of_another_origin_are_left_alone_and_bad_lines_are_listed() {
    let folder = folder(&format!("{ROLL}9;3201010101900009;\"Rina;x;KAB. BOGOR;CIBINONG;PAKANSARI;7\n"));
    folder.put("out/voters.csv", "mine");
    let refused = import(&folder, "dpt.csv", WITH_STATIONS);
    assert!(refused.code == 2 && refused.err.contains("no import wrote it"), "{refused:?}");
    assert_eq!(folder.read("out/voters.csv"), "mine");
    fs::remove_file(folder.path().join("out/voters.csv")).unwrap();
    let run = import(&folder, "dpt.csv", WITH_STATIONS);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("broken_line, 1") && folder.read("out/rejects.csv").contains("dpt.csv,7,broken_line"), "{run:?}");
    assert_eq!(folder.read("out/voters.csv").lines().count(), 4);
}

#[test]
fn committees_abroad_are_found_by_their_names_and_ways_of_voting() {
    let folder = folder(
        "NIK,NAMA,NEGARA,PPLN,TPSLN,card_village\n3201010101900001,Budi Santoso,Malaysia,PPLN Kuala Lumpur,TPSLN 001,3201011001\n\
         3201010101900002,Siti Aminah,Malaysia,Kuala Lumpur,KSK 001,3201011001\n",
    );
    let regions =
        "99;Luar Negeri\n99.01;Malaysia\n99.01.01;Kuala Lumpur\n99.01.01.1001;TPSLN\n99.01.01.1002;Kotak Suara Keliling\n";
    folder.put("wilayah.csv", format!("{REGIONS}{regions}"));
    folder.put(
        "tps.csv",
        "village,number,venue,address,lat,lon,day,opens,closes,time_zone\n\
         9901011001,TPSLN 1,KBRI,Jalan Tun Razak,,,2029-02-11,08.00,18.00,Asia/Kuala_Lumpur\n\
         9901011002,KSK 1,Ladang A,Selangor,,,2029-02-04,08.00,18.00,Asia/Kuala_Lumpur\n",
    );
    let run = import(&folder, "dpt.csv", &["--stations", "tps.csv", "--column", "voters.regency=NEGARA"]);
    assert_eq!(run.code, 0, "{run:?}");
    let voters = folder.read("out/voters.csv");
    assert!(voters.contains(",9901011001-001,3201011001\n") && voters.contains(",9901011002-001,3201011001\n"), "{voters}");
    let stations = folder.read("out/stations.csv");
    assert!(stations.contains(",KSK,2029-02-04,08.00,18.00,Asia/Kuala_Lumpur"), "{stations}");
    let checked = RunOutput::of(BILIK.command().arg("check").arg(folder.path().join("out")));
    assert!(checked.code == 0 && !checked.out.contains("abroad_hours"), "{checked:?}");
}
